"""Phrases for replies, by CARE step, emotion, style, channel and language: what ships, what was sent.

Pure. A team's own phrases are rows (`models.toolkit`); these are data (`data/toolkit`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "data" / "toolkit"
LANGUAGES = ("en", "de", "es", "fr")
STEPS = ("connect", "ask", "resolve", "ensure")
EMOTIONS = ("anger", "fear", "sadness", "disgust", "joy", "surprise")
STYLES = ("driver", "expressive", "analytic", "amiable")
CHANNELS = ("email", "chat", "form")
NAMES = {"en": "[name]", "de": "[Name]", "es": "[nombre]", "fr": "[nom]"}
"""The placeholder that the desk fills in itself."""
ENOUGH_KEPT = 0.7
_BLANK = re.compile(r"\[[^\]\n]{1,80}\]")
_SPACE = re.compile(r"\s+")
_LEAST = 8  # characters between two placeholders that say anything


@dataclass(frozen=True)
class Wording:
    """One phrase as it is offered; "" in step, emotion, style or channel means: for any."""

    key: str
    language: str
    step: str
    emotion: str
    style: str
    channel: str
    text: str
    own: bool = False  # the team's own words
    hidden: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(label for label in (self.step, self.emotion, self.style, self.channel) if label)


@dataclass(frozen=True)
class Wanted:
    """What fits now: the customer's feeling and style, the channel, and the words somebody searches by."""

    language: str = "en"
    emotion: str = ""
    style: str = ""
    channel: str = ""
    step: str = ""
    words: str = ""


@cache
def shipped(language: str) -> tuple[Wording, ...]:
    """The phrases that come with the desk in a language; none for one that has none."""
    if language not in LANGUAGES:
        return ()
    found = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return tuple(Wording(key, language, *parts) for key, parts in found.items())


def fitting(found: Iterable[Wording], wanted: Wanted) -> list[tuple[int, Wording]]:
    """(how well it fits, phrase) of those that hold all the words searched for. A phrase for another channel, or for
    another feeling or style than the customer's, is offered only to a search."""
    searched = _plain(wanted.words).split()
    rows = []
    for each in found:
        said = _plain(" ".join((each.text, each.key, *each.labels)))
        if each.hidden or (wanted.step and each.step != wanted.step) or not all(word in said for word in searched):
            continue
        fits = [
            _fits(each.emotion, wanted.emotion),
            _fits(each.style, wanted.style),
            _fits(each.channel, wanted.channel),
        ]
        if searched or min(fits) >= 0:
            rows.append((sum(fits), each))
    return rows


def _fits(of_phrase: str, of_customer: str) -> int:
    """1 made for it, 0 for any, -1 made for another."""
    if not of_phrase:
        return 0
    return 1 if of_phrase == of_customer else -1


def filled(text: str, language: str, name: str) -> str:
    """The phrase with the customer's name in it; what is left in [brackets] a person fills in."""
    return text.replace(NAMES.get(language, "[name]"), name) if name else text


def stands_in(phrase: str, text: str) -> bool:
    """Whether a phrase was sent: most of what stands around its placeholders is in the text, in its order."""
    said, at, kept, whole = _plain(text), 0, 0, 0
    for part in _BLANK.split(phrase):
        words = _plain(part).strip(" .,:;!?")
        if len(words) < _LEAST:
            continue
        whole += len(words)
        found = said.find(words, at)
        if found >= 0:
            kept, at = kept + len(words), found + len(words)
    return whole > 0 and kept >= ENOUGH_KEPT * whole


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).casefold().replace("’", "'")
