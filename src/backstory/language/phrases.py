"""Phrase patterns over tokens: the rules live as JSON in `data/rules`, this finds them in one pass over a message.

A pattern is words parted by spaces: `word` is that word, `wor*` any word that begins so, `a|b` either, a trailing `?`
(or an empty alternative, `a|b|`) makes it optional, `@name` stands for the words of a class, `...` allows up to three
words between, `~` up to ten, `#` is any number, `#old` one from 70 to 109, `#mg` one with that unit. All are written
folded: small, no accents. Patterns are looked up by their first word, so the time grows with the message and hardly
with the number of rules.

`data/rules/{language}.json` holds {rule: {kind: {weight: [patterns]}}}; `data/rules/cues/{language}.json` holds the
cues of situations as {kind: "pattern; pattern"}, all of the rule `cue`.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from backstory.language import typos
from backstory.language.text import Document, Sentence, fold

FOLDER = Path(__file__).parent / "data" / "rules"
LANGUAGES = ("en", "de", "es", "fr")
CUE = "cue"
_STEM = 3
_GAPS = {"...": 3, "~": 10}
_LOOK_BACK = 3
_MOST_REMEMBERED = 20_000
_LONG_ENOUGH, _LEAST_VOTES = 6, 3
_OLD_AGE, _OLDEST = 70, 109
_WITH_UNIT = re.compile(r"\d+([a-z]{1,3})")
_CONTRACTED = frozenset(["that", "she", "what", "there", "who", "here", "how", "where", "let", "when"])


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a pattern: whole words, beginnings of words, any number; `gap` words may stand before it."""

    words: frozenset[str]
    stems: tuple[str, ...]
    optional: bool
    gap: int

    def matches(self, forms: tuple[str, ...]) -> bool:
        """Whether one of a word's forms fits."""
        return (
            not self.words.isdisjoint(forms)
            or bool(self.stems and forms[0].startswith(self.stems))
            or (len(forms) > 1 and bool(self.stems) and forms[1].startswith(self.stems))
        )


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern: `rule`, `kind` and `weight` say what a find means; without any of `needs` it cannot stand."""

    rule: str
    kind: str
    weight: float
    steps: tuple[Step, ...]
    negates: bool
    needs: frozenset[str]


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

    words: dict[str, tuple[Pattern, ...]]
    stems: dict[str, tuple[Pattern, ...]]
    negators: frozenset[str]
    vocabulary: typos.Vocabulary
    remembered: dict[tuple[str, ...], tuple[Pattern, ...]] = field(default_factory=dict, compare=False, repr=False)

    def find(self, document: Document, sentences: range | None = None) -> list[Found]:
        """Every find in the order of the text, in all or some sentences; of a rule and kind the longest at a place."""
        found: list[Found] = []
        chosen = document.sentences if sentences is None else document.sentences[sentences.start : sentences.stop]
        for sentence in chosen:
            tokens = document.tokens[sentence.first : sentence.last]
            words = [_forms(self.vocabulary.corrected(token.word)) for token in tokens]
            present = frozenset(form for forms in words for form in forms)
            for at in range(len(words)):
                self._find_at(words, at, present, (sentence.first, found))
        return found

    def _find_at(
        self, words: list[tuple[str, ...]], at: int, present: frozenset[str], into: tuple[int, list[Found]]
    ) -> None:
        offset, found = into
        best: dict[tuple[str, str], tuple[int, Pattern]] = {}
        for pattern in self._beginning(words[at]):
            if pattern.needs and pattern.needs.isdisjoint(present):
                continue
            last = _match(pattern.steps, words, at)
            if last is None:
                continue
            key = (pattern.rule, pattern.kind)
            if key not in best or last > best[key][0]:
                best[key] = last, pattern
        for last, pattern in best.values():
            negated = not pattern.negates and self._negated(words, at)
            found.append(Found(pattern.rule, pattern.kind, pattern.weight, offset + at, offset + last, negated))

    def _beginning(self, forms: tuple[str, ...]) -> tuple[Pattern, ...]:
        """The patterns that may begin at a word of these forms; remembered, as most words come again."""
        known = self.remembered.get(forms)
        if known is None:
            known = tuple(
                pattern
                for form in forms
                for pattern in (*self.words.get(form, ()), *self.stems.get(form[:_STEM], ()))
                if _may_begin(pattern.steps[0], forms)
            )
            if forms[0][0].isdigit():
                return known
            if len(self.remembered) >= _MOST_REMEMBERED:
                self.remembered.clear()
            self.remembered[forms] = known
        return known

    def _negated(self, words: list[tuple[str, ...]], at: int) -> bool:
        for before in range(at - 1, max(-1, at - 1 - _LOOK_BACK), -1):
            if words[before][0] in ",;:":
                return False
            if words[before][0] in self.negators:
                return True
        return False


def _may_begin(step: Step, forms: tuple[str, ...]) -> bool:
    """Whether a pattern with this first step can stand at a word: without a gap or a choice, only where it fits."""
    return step.optional or step.gap > 0 or step.matches(forms)


def _forms(word: str) -> tuple[str, ...]:
    """A word as patterns may name it: itself, `#` for a number (`#old` for a great age), and without its clitic.

    Numbers are not remembered: they never end, and each would take a place.
    """
    return _forms_of_number(word) if word[0].isdigit() else _forms_of_word(word)


def _forms_of_number(word: str) -> tuple[str, ...]:
    unit = _WITH_UNIT.fullmatch(word)
    if unit:
        return word, "#", f"#{unit[1]}"
    value = int(word) if word.isdecimal() and len(word) < 4 else 0
    return (word, "#", "#old") if _OLD_AGE <= value <= _OLDEST else (word, "#")


@lru_cache(maxsize=50_000)
def _forms_of_word(word: str) -> tuple[str, ...]:
    """The word, and without its clitic: "brother's" is also "brother", "l'ascenseur" also "ascenseur"; "it's" and
    "don't" are words of their own."""
    before, clitic, after = word.partition("'")
    if clitic and after == "s" and len(before) > 2 and before not in _CONTRACTED:
        return word, before
    if clitic and len(before) <= 2 and len(after) > 2:
        return word, after
    return (word,)


def find_each(document: Document, language: str) -> list[Found]:
    """Every find, each sentence read in its own language: another one than the message's where it plainly is in it."""
    spoken = [_language_of(document, sentence, language) for sentence in document.sentences]
    if all(one == language for one in spoken):
        return book(language).find(document)
    return [find for at, one in enumerate(spoken) for find in book(one).find(document, range(at, at + 1))]


def _language_of(document: Document, sentence: Sentence, language: str) -> str:
    """The language whose function words fill a sentence of some length, where the message's own has hardly any."""
    if sentence.last - sentence.first < _LONG_ENOUGH:
        return language
    words = [token.word for token in document.tokens[sentence.first : sentence.last]]
    votes = {code: sum(word in known for word in words) for code, known in _function_words().items()}
    best = max(LANGUAGES, key=lambda code: votes[code])
    return best if votes[best] >= _LEAST_VOTES and votes[best] > 2 * votes[language] else language


@cache
def _function_words() -> dict[str, frozenset[str]]:
    return {code: frozenset(words) for code, words in rules("function_words").items() if code in LANGUAGES}


def _match(steps: tuple[Step, ...], words: list[tuple[str, ...]], at: int) -> int | None:
    """The place after the match, None where the steps do not stand here. Never leaves the sentence."""
    gap, end = 0, len(words)
    for step in steps:
        gap = max(gap, step.gap)
        for here in range(at, min(end, at + gap + 1)):
            if step.matches(words[here]):
                at, gap = here + 1, 0
                break
        else:
            if not step.optional:
                return None
    return at


def _compile(
    rule: str,
    kind: str,
    weight: float,
    written: str,
    *,
    negators: frozenset[str],
    classes: dict[str, str] | None = None,
) -> Pattern:
    steps: list[Step] = []
    gap = 0
    # The parser parts words at hyphens, so patterns are parted there too.
    for part in written.replace("-", " - ").split():
        if part in _GAPS:
            gap = _GAPS[part]
            continue
        optional = len(part) > 1 and (part.endswith(("?", "|")))
        alternatives = _alternatives(part.rstrip("?") if optional else part, classes or {})
        whole = frozenset(one for one in alternatives if not _is_stem(one))
        stems = tuple(one[:-1] for one in alternatives if _is_stem(one))
        steps.append(Step(whole, stems, optional, gap))
        gap = 0
    negates = any(not step.words.isdisjoint(negators) for step in steps)
    needed = next((step.words for step in steps[1:] if not step.optional and not step.stems), frozenset[str]())
    return Pattern(rule, kind, weight, tuple(steps), negates, needed)


def _alternatives(part: str, classes: dict[str, str]) -> list[str]:
    found: list[str] = []
    for one in part.split("|"):
        if one.startswith("@") and len(one) > 1:
            found.extend(classes[one[1:]].split())
        elif one:
            found.append(one)
    return found


def _is_stem(word: str) -> bool:
    return len(word) > 1 and word.endswith("*")


@cache
def rules(name: str) -> dict[str, Any]:
    """One rule file as JSON."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


@cache
def book(language: str) -> Book:
    """The compiled patterns of one language, those of the rules and those of the cues."""
    written = rules(language)
    negators = frozenset(fold(word) for word in written["negators"])
    classes = rules(f"cues/{language}")["classes"]
    words: dict[str, list[Pattern]] = defaultdict(list)
    stems: dict[str, list[Pattern]] = defaultdict(list)
    for rule, kinds in written["rules"].items():
        for kind, by_weight in kinds.items():
            for weight, patterns in by_weight.items():
                for pattern in patterns:
                    _file(
                        _compile(rule, kind, float(weight), pattern, negators=negators, classes=classes), words, stems
                    )
    for pattern in _cues(language, negators):
        _file(pattern, words, stems)
    vocabulary = typos.vocabulary([*words, *(one for steps in _later(words, stems) for one in steps)])
    return Book(_sealed(words), _sealed(stems), negators, vocabulary)


def _cues(language: str, negators: frozenset[str]) -> list[Pattern]:
    written = rules(f"cues/{language}")
    return [
        _compile(CUE, kind, 1.0, pattern.strip(), negators=negators, classes=written["classes"])
        for kind, patterns in written["cues"].items()
        for pattern in patterns.split(";")
        if pattern.strip()
    ]


def _later(*filed: dict[str, list[Pattern]]) -> list[frozenset[str]]:
    return [step.words for kept in filed for patterns in kept.values() for one in patterns for step in one.steps]


def _sealed(filed: dict[str, list[Pattern]]) -> dict[str, tuple[Pattern, ...]]:
    return {word: tuple(patterns) for word, patterns in filed.items()}


def _file(pattern: Pattern, words: dict[str, list[Pattern]], stems: dict[str, list[Pattern]]) -> None:
    first = pattern.steps[0]
    for word in first.words:
        words[word].append(pattern)
    for stem in first.stems:
        if len(stem) < _STEM:
            raise ValueError(f"{stem}*: a stem needs at least {_STEM} letters")
    for begin in {stem[:_STEM] for stem in first.stems}:
        stems[begin].append(pattern)
