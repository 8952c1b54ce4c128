"""Phrase patterns over tokens: the rules live as JSON in `data/rules`, this finds them in one pass over a message.

A pattern is words parted by spaces: `word` is that word, `wor*` any word that begins so, `a|b` either, a trailing `?`
makes it optional, `...` allows up to three words between, `#` is any number. All are written folded: small, no accents.
Patterns are looked up by their first word, so the time grows with the message and hardly with the number of rules.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from backstory.language.text import Document, Token, fold

FOLDER = Path(__file__).parent / "data" / "rules"
LANGUAGES = ("en", "de", "es", "fr")
_STEM = 3
_GAP = 3
_LOOK_BACK = 3


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern: `steps` as (alternatives, optional); `rule` and `weight` say what a find means."""

    rule: str
    kind: str
    weight: float
    steps: tuple[tuple[tuple[str, ...], bool], ...]
    negates: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern found at the tokens `first:last`."""

    rule: str
    kind: str
    weight: float
    first: int
    last: int
    negated: bool


@dataclass(frozen=True, slots=True)
class Book:
    """All patterns of one language, by the word or the stem that they begin with."""

    words: dict[str, list[Pattern]]
    stems: dict[str, list[Pattern]]
    negators: frozenset[str]

    def find(self, document: Document) -> list[Found]:
        """Every find in the order of the text; of one rule and kind the longest at a place."""
        found: list[Found] = []
        for index, token in enumerate(document.tokens):
            candidates = self.words.get("#" if token.word[0].isdigit() else token.word, [])
            stems = self.stems.get(token.word[:_STEM], [])
            best: dict[tuple[str, str], Found] = {}
            for pattern in (*candidates, *stems):
                last = _match(pattern.steps, document.tokens, index)
                if last is None:
                    continue
                key = (pattern.rule, pattern.kind)
                if key not in best or last > best[key].last:
                    negated = not pattern.negates and self._negated(document.tokens, index)
                    best[key] = Found(pattern.rule, pattern.kind, pattern.weight, index, last, negated)
            found.extend(best.values())
        return found

    def _negated(self, tokens: tuple[Token, ...], index: int) -> bool:
        sentence = tokens[index].sentence
        for before in range(index - 1, max(-1, index - 1 - _LOOK_BACK), -1):
            token = tokens[before]
            if token.sentence != sentence or token.word in ",;:":
                return False
            if token.word in self.negators:
                return True
        return False


def _matches(alternatives: tuple[str, ...], word: str) -> bool:
    for wanted in alternatives:
        if wanted == word or (wanted == "#" and word[:1].isdigit()):
            return True
        if wanted.endswith("*") and word.startswith(wanted[:-1]):
            return True
    return False


def _match(steps: tuple[tuple[tuple[str, ...], bool], ...], tokens: tuple[Token, ...], at: int) -> int | None:
    """The token index after the match, None where the steps do not stand here. Never leaves the sentence."""
    sentence = tokens[at].sentence
    gap = 0
    for alternatives, optional in steps:
        if alternatives == ("...",):
            gap = _GAP
            continue
        here = at
        while here < len(tokens) and tokens[here].sentence == sentence and here - at <= gap:
            if _matches(alternatives, tokens[here].word):
                break
            here += 1
        else:
            here = len(tokens)
        if here < len(tokens):
            at, gap = here + 1, 0
        elif not optional:
            return None
    return at


def _compile(rule: str, kind: str, weight: float, written: str, negators: frozenset[str]) -> Pattern:
    steps = []
    # The parser parts words at hyphens, so patterns are parted there too.
    for part in written.replace("-", " - ").split():
        optional = part.endswith("?") and len(part) > 1
        steps.append((tuple(part.rstrip("?").split("|")) if optional else tuple(part.split("|")), optional))
    negates = any(word in negators for alternatives, _ in steps for word in alternatives)
    return Pattern(rule, kind, weight, tuple(steps), negates)


@cache
def rules(name: str) -> dict[str, Any]:
    """One rule file as JSON."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


@cache
def book(language: str) -> Book:
    """The compiled patterns of one language: each file of `data/rules` is {rule: {kind: {weight: []}}}."""
    written = rules(language)
    negators = frozenset(fold(word) for word in written["negators"])
    words: dict[str, list[Pattern]] = defaultdict(list)
    stems: dict[str, list[Pattern]] = defaultdict(list)
    for rule, kinds in written["rules"].items():
        for kind, by_weight in kinds.items():
            for weight, patterns in by_weight.items():
                for pattern in patterns:
                    _file(_compile(rule, kind, float(weight), pattern, negators), words, stems)
    return Book(dict(words), dict(stems), negators)


def _file(pattern: Pattern, words: dict[str, list[Pattern]], stems: dict[str, list[Pattern]]) -> None:
    for first in pattern.steps[0][0]:
        if first.endswith("*"):
            if len(first) <= _STEM:
                raise ValueError(f"{first}: a stem needs at least {_STEM} letters")
            stems[first[:_STEM]].append(pattern)
        else:
            words[first].append(pattern)
