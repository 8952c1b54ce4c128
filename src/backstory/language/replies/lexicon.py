"""The words of replies, from `data/*.json`: patterns by language, stop words, topics that make synonyms meet."""

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from backstory.language.text import fold

DATA = Path(__file__).parent / "data"
LANGUAGES = ("en", "de", "es", "fr")
STEM_LENGTH = 5
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_CURLY = str.maketrans("’ʼ‘`", "''''")


@cache
def load(name: str) -> Any:
    """The content of `data/<name>.json`."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def straight(text: str) -> str:
    """The text with curly apostrophes made straight; places stay the same."""
    return text.translate(_CURLY)


@lru_cache(maxsize=2048)
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def pattern(name: str, language: str) -> re.Pattern[str]:
    """The pattern of that name in that language, else its one for "any"; without either, one that never matches."""
    return _named(name, language)


@cache
def _named(name: str, language: str) -> re.Pattern[str]:
    by_language: dict[str, str] = load("lexicon")[name]
    return compiled(by_language.get(language, by_language.get("any", r"(?!)")))


def has(name: str, language: str, text: str) -> bool:
    return bool(pattern(name, language).search(text))


@cache
def stop_words(language: str) -> frozenset[str]:
    return frozenset(fold(word) for word in load("lexicon")["stop"].get(language, "").split())


@cache
def _topic_stems() -> tuple[tuple[str, str], ...]:
    topics: dict[str, list[str]] = load("topics")
    return tuple((fold(stem), f"#{topic}") for topic, stems in topics.items() for stem in stems)


@lru_cache(maxsize=20_000)
def _topics_of(word: str) -> frozenset[str]:
    return frozenset(
        topic for stem, topic in _topic_stems() if word == stem or (len(stem) > 3 and word.startswith(stem))
    )


def words(text: str) -> list[str]:
    """The words and numbers of a text, as they stand; a clitic stays with its word."""
    return _WORD.findall(straight(text))


def stem(word: str) -> str:
    """A folded word cut to its first letters: crude, but one rule for four languages."""
    return word[:STEM_LENGTH] if len(word) > STEM_LENGTH else word.rstrip("s") or word


def terms(text: str, language: str) -> frozenset[str]:
    """What a stretch is about: stems of its content words, its numbers, and its topics (`#refund`)."""
    found: set[str] = set()
    stops = stop_words(language)
    for raw in words(text):
        word = fold(raw).split("'")[0]
        if word in stops or (len(word) < 3 and not word.isdigit()):
            continue
        found.add(stem(word))
        found |= _topics_of(word)
    return frozenset(found)
