"""The customer's own words for what is at stake: each field of a backstory with the places it can be filled from.

Pure: what was read in letters goes in, quotes come out. They are proposals; an agent takes, corrects or leaves them,
and the customer confirms the whole. The patterns are data (`data/own_words.json`), in the four languages.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from backstory.language.text import parse

LANGUAGES = ("en", "de", "es", "fr")
FIELDS = (
    "stated_problem",
    "demand",
    "backstory",
    "need",
    "make_right",
    "constraints",
    "affected",
    "cost",
    "matters_by",
)
MOST_QUOTES = 3
"""Of each field, so that a long letter does not bury its own heart."""
LONGEST_QUOTE = 300
COSTLY = frozenset({"money", "time"})
AT_STAKE = frozenset({"health", "safety", "dignity"})
YES_WITHIN = 300
"""A yes at the head of a longer letter confirms nothing: the rest has to be read."""

NEEDS: Mapping[str, str] = {
    "safety": "safety",
    "health": "safety",
    "dignity": "respect",
    "trust": "certainty",
    "data": "control",
    "money": "fairness",
    "time": "rest",
}
"""Which human need a harm most often touches [G], for a proposal in a word; the agent says it in the customer's."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of one message: `text == message.text[start:end]`."""

    message_id: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Told:
    """One letter of the customer with what was read in it; `sensitive` is what only readers of backstories see."""

    message_id: int
    text: str
    data: Mapping[str, Any]
    sensitive: Mapping[str, Any]


@cache
def patterns(name: str) -> Mapping[str, re.Pattern[str]]:
    """Language -> pattern of that name."""
    path = Path(__file__).parent / "data" / "own_words.json"
    by_language: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))[name]
    return {language: re.compile(text, re.IGNORECASE) for language, text in by_language.items()}


def straight(text: str) -> str:
    """With straight apostrophes, place by place the same."""
    return text.translate(_CURLY)


_CURLY = str.maketrans("’ʼ‘`", "''''")


def quotes(letters: Iterable[Told]) -> dict[str, list[Quote]]:
    """For each field the customer's own words, in the order they came; fields of which nothing was said are left out.

    Backstory and need come from what was disclosed (illness, life events, danger, humiliation), never from the matter.
    """
    found: dict[str, list[Quote]] = {}
    for letter in letters:
        for field, start, end in _places(letter):
            _add(found.setdefault(field, []), letter, start, end)
    return {field: found[field][:MOST_QUOTES] for field in FIELDS if found.get(field)}


def _add(known: list[Quote], letter: Told, start: int, end: int) -> None:
    text = letter.text[start:end].strip()
    start = letter.text.index(text, start) if text else start
    clash = any(quote.message_id == letter.message_id and start < quote.end and quote.start < end for quote in known)
    same = any(quote.text.casefold() == text.casefold() for quote in known)
    if text and not clash and not same and len(text) <= LONGEST_QUOTE:
        known.append(Quote(letter.message_id, text, start, start + len(text)))


def _places(letter: Told) -> Iterator[tuple[str, int, int]]:
    """(field, start, end) of everything one letter says to a field."""
    data = letter.data
    harms = data.get("harms") or []
    for start, end in _matter(letter):
        yield "stated_problem", start, end
    for span in data.get("asks") or []:
        if span["kind"] != "question":
            yield "demand", span["start"], span["end"]
    for span in letter.sensitive.get("vulnerability") or []:
        yield "backstory", *_sentence(letter.text, span)
    for span in harms:
        if span["kind"] in AT_STAKE:
            yield "backstory", *_sentence(letter.text, span)
        if span["kind"] in COSTLY:
            yield "cost", *_sentence(letter.text, span)
    yield from _deadline(data, letter.text)
    yield from _said(letter)


def _matter(letter: Told) -> Iterator[tuple[int, int]]:
    """What is complained of: as the reading quotes it, else the sentence that most of its verdict rests on.

    What somebody disclosed of themselves is never the matter.
    """
    if not (letter.data.get("complaint") or {}).get("is"):
        return
    matter = (letter.data.get("gap") or {}).get("matter")
    if matter and not _is_private(letter, matter["start"], matter["end"]):
        yield matter["start"], matter["end"]
        return
    seen = letter.data.get("evidence") or {}
    spans = [span for name in ("complaint", "cause") for span in seen.get(name) or [] if span["weight"] > 0]
    best: tuple[float, int, int] = (0.0, 0, 0)
    for part in parse(letter.text).sentences:
        if not _is_private(letter, part.start, part.end):
            weight = sum(span["weight"] for span in spans if part.start <= span["start"] < part.end)
            best = max(best, (weight, part.start, part.end), key=lambda entry: entry[0])
    if best[0]:
        yield best[1], best[2]


def _is_private(letter: Told, start: int, end: int) -> bool:
    ill = [span for span in letter.data.get("harms") or [] if span["kind"] == "health"]
    spans = [*(letter.sensitive.get("vulnerability") or []), *ill]
    return any(start < span["end"] and span["start"] < end for span in spans)


def _deadline(data: Mapping[str, Any], text: str) -> Iterator[tuple[str, int, int]]:
    words = (data.get("urgency") or {}).get("by_when") or ""
    start = text.find(words) if words else -1
    if start >= 0:
        yield "matters_by", *_sentence(text, {"start": start, "end": start + len(words)})


def _said(letter: Told) -> Iterator[tuple[str, int, int]]:
    plain = straight(letter.text)
    language = (letter.data.get("language") or {}).get("code", "")
    for field in ("make_right", "constraints", "affected"):
        pattern = patterns(field).get(language)
        for match in pattern.finditer(plain) if pattern else ():
            if field == "affected":
                yield field, *match.span()
            else:
                yield field, *_sentence(letter.text, {"start": match.start(), "end": match.end()})


def _sentence(text: str, span: Mapping[str, Any]) -> tuple[int, int]:
    """The sentence around a place, or the place itself where the sentence is too long to quote."""
    for part in parse(text).sentences:
        if part.start <= span["start"] < part.end:
            end = max(part.end, span["end"])
            return (part.start, end) if end - part.start <= LONGEST_QUOTE else (span["start"], span["end"])
    return span["start"], span["end"]


def needs(letters: Iterable[Told]) -> list[str]:
    """Needs that what was told points to, the likeliest first: safety, respect, certainty, control, fairness, rest."""
    letters = list(letters)
    kinds = [span["kind"] for letter in letters for span in letter.data.get("harms") or []]
    kinds += ["health" for letter in letters if letter.sensitive.get("vulnerability")]
    order = list(dict.fromkeys(NEEDS.values()))
    return sorted({NEEDS[kind] for kind in kinds if kind in NEEDS}, key=order.index)


def filled_from(text: str, offered: Iterable[Quote]) -> list[Quote]:
    """Those of the quotes that stand in what an agent wrote: the words a field rests on."""
    written = " ".join(text.casefold().split())
    return [quote for quote in offered if " ".join(quote.text.casefold().split()) in written]


def says_yes(text: str) -> bool:
    """Whether a short answer confirms what was summed up, without a "but", in any of the four languages."""
    plain = straight(text).strip()
    if len(plain) > YES_WITHIN:
        return False
    return any(
        patterns("yes")[language].search(plain) and not patterns("but")[language].search(plain)
        for language in LANGUAGES
    )
