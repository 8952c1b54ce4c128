"""Measures every field of a reading on the labelled messages of `data/evaluation`, through `read`.

`python -m backstory.language.evaluate_fields develop` prints one part alone; `evaluate` prints this among the rest. A
quote counts as found where a reading quotes one of the same kind that overlaps it, and as right where it overlaps a
labelled one. Field by field the definitions are those of `data/evaluation/guide.md`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from backstory.language import measures
from backstory.language.evaluate_figures import Figure, Found, share, show
from backstory.language.evaluation_set import ASKS, DRIVERS, HARMS, LANGUAGES, THREATS, lines, places
from backstory.language.reader import read
from backstory.language.reading import Reading

GAP_FROM = 0.5
POLITE_FROM = 0.5
Counts = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled message, as `evaluation_set.lines` gives it, and its reading."""

    message: dict[str, Any]
    reading: Reading

    def label(self, name: str) -> Any:
        """What the label says."""
        return self.message["labels"][name]


@cache
def cases(part: str) -> tuple[Case, ...]:
    """The messages of `develop` or `held_out`, each read."""
    return tuple(Case(one, read(one["text"])) for one in lines(part))


def rows(given: Sequence[Case]) -> Iterator[Found]:
    """Every verdict that can be right, wrong or missed."""
    yield _found("complaint", given, _flags(lambda one: one.label("complaint"), _complains))
    yield _found("safety", given, _flags(lambda one: one.label("safety"), _unsafe))
    for name, levels in (("severity", (2, 3, 4)), ("urgency", (1, 2, 3))):
        for level in levels:
            yield _found(f"{name} {level} or more", given, _flags(_at_least(name, level), _level(name, level)))
    yield _found("urgency: by when", given, _by_when)
    anybody = _flags(lambda one: bool(one.label("vulnerability")), lambda one: bool(one.reading.vulnerability))
    yield _found("vulnerability: any", given, anybody)
    for field, kinds in (("vulnerability", DRIVERS), ("asks", ASKS), ("harms", HARMS)):
        for kind in kinds:
            yield _found(f"{field}: {kind}", given, _quotes(field, kind))
    for kind in THREATS:
        yield _found(f"threats: {kind}", given, _flags(_threat_labelled(kind), _threat_read(kind)))
    yield _found("gap", given, _flags(lambda one: one.label("gap"), _gapes))
    for style in ("driver", "expressive", "analytic", "amiable"):
        yield _found(f"style: {style}", given, _flags(_is("style", style), _styled(style)))
    for level in (0, -1):
        yield _found(f"abuse {level} or worse", given, _flags(_at_most("abuse", level), _abuses(level)))
    yield _found("politeness: polite", given, _flags(_is("politeness", "polite"), _polite))


def accuracies(given: Sequence[Case]) -> Iterator[Figure]:
    """Every verdict that is one of several: shares that are right, and what intensity misses by."""
    for code in LANGUAGES:
        spoken = [one for one in given if one.message["language"] == code]
        yield share(f"complaint, accuracy, {code}", [_complains(one) == one.label("complaint") for one in spoken])
    yield share("language", [one.reading.language.code == one.message["language"] for one in given])
    for name in ("severity", "urgency", "abuse"):
        apart = [abs(one.label(name) - getattr(one.reading, name).level) for one in given if getattr(one.reading, name)]
        yield share(f"{name}, exact level", [one == 0 for one in apart])
        yield share(f"{name}, within one level", [one <= 1 for one in apart])
    yield from _causes(given)
    styled = [(one.label("style"), one.reading.style.likely if one.reading.style else None) for one in given]
    spoke = [(truth, said) for truth, said in styled if said]
    yield share("style, right where it speaks", [a == b for a, b in spoke], "'none' labelled counts as wrong")
    shown = [(truth, said) for truth, said in spoke if truth != "none"]
    yield share("style, right where it speaks and one is labelled", [a == b for a, b in shown])
    yield from _feelings(given)


def _causes(given: Sequence[Case]) -> Iterator[Figure]:
    caused = [
        (one.label("cause"), [label.label for label in one.reading.cause or ()])
        for one in given
        if one.label("complaint")
    ]
    yield share(
        "cause, first of 14", [a == (b or [""])[0] for a, b in caused], "complaints only; a missed one counts as wrong"
    )
    yield share("cause, among the first three", [a in b for a, b in caused], "the same")


def _feelings(given: Sequence[Case]) -> Iterator[Figure]:
    led = [
        (one.label("emotion"), max(one.reading.ekman, key=one.reading.ekman.__getitem__), one.message["language"])
        for one in given
        if one.reading.ekman
    ]
    yield share("leading emotion of seven", [a == b for a, b, _ in led], f"answers {len(led)} of {len(given)}")
    for code in LANGUAGES:
        felt = [a == b for a, b, language in led if a != "neutral" and language == code]
        if felt:
            yield share(f"leading emotion where one is felt, {code}", felt)
    pairs = [(float(one.label("intensity")), one.reading.intensity.overall) for one in given if one.reading.intensity]
    error = sum(abs(a - b) for a, b in pairs) / max(len(pairs), 1)
    yield Figure("intensity, mean absolute error (0 to 3)", error, len(pairs), "lower is better")
    r = measures.pearson([a for a, _ in pairs], [b for _, b in pairs])
    yield Figure("intensity, Pearson r", r, len(pairs))


def _found(name: str, given: Sequence[Case], count: Callable[[Sequence[Case]], Counts]) -> Found:
    languages = {}
    for code in LANGUAGES:
        right, wrong, missed = count([one for one in given if one.message["language"] == code])
        languages[code] = Found("", right, wrong, missed).f1 if right + wrong + missed else math.nan
    return Found(name, *count(given), languages)


def _flags(truth: Callable[[Case], bool], said: Callable[[Case], bool]) -> Callable[[Sequence[Case]], Counts]:
    def count(given: Sequence[Case]) -> Counts:
        both = [(bool(truth(one)), bool(said(one))) for one in given]
        return both.count((True, True)), both.count((False, True)), both.count((True, False))

    return count


def _quotes(field: str, kind: str) -> Callable[[Sequence[Case]], Counts]:
    """Right: the labelled quotes that were met; wrong: the given ones that meet none."""

    def count(given: Sequence[Case]) -> Counts:
        right = wrong = missed = 0
        for one in given:
            wanted = [(start, end) for name, start, end in places(one.message, field) if name == kind]
            said = [(span.start, span.end) for span in getattr(one.reading, field) or () if span.kind == kind]
            met = sum(_meets(place, said) for place in wanted)
            right, missed = right + met, missed + len(wanted) - met
            wrong += sum(not _meets(place, wanted) for place in said)
        return right, wrong, missed

    return count


def _meets(one: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(one[0] < end and start < one[1] for start, end in others)


def _by_when(given: Sequence[Case]) -> Counts:
    right = wrong = missed = 0
    for one in given:
        said = (one.reading.urgency.by_when if one.reading.urgency else None) or ""
        wanted = one.label("by_when") or ""
        same = bool(said and wanted and (said.lower() in wanted.lower() or wanted.lower() in said.lower()))
        right, wrong, missed = right + same, wrong + (bool(said) and not same), missed + (bool(wanted) and not same)
    return right, wrong, missed


def _complains(one: Case) -> bool:
    return bool(one.reading.complaint and one.reading.complaint.is_complaint)


def _unsafe(one: Case) -> bool:
    return bool(one.reading.severity and one.reading.severity.safety)


def _gapes(one: Case) -> bool:
    return bool(one.reading.gap and one.reading.gap.score >= GAP_FROM)


def _polite(one: Case) -> bool:
    return (one.reading.politeness or 0.0) >= POLITE_FROM


def _is(name: str, value: str) -> Callable[[Case], bool]:
    return lambda one: one.label(name) == value


def _at_least(name: str, level: int) -> Callable[[Case], bool]:
    return lambda one: one.label(name) >= level


def _at_most(name: str, level: int) -> Callable[[Case], bool]:
    return lambda one: one.label(name) <= level


def _level(name: str, level: int) -> Callable[[Case], bool]:
    return lambda one: bool(getattr(one.reading, name)) and getattr(one.reading, name).level >= level


def _threat_labelled(kind: str) -> Callable[[Case], bool]:
    return lambda one: kind in one.label("threats")


def _threat_read(kind: str) -> Callable[[Case], bool]:
    return lambda one: bool((one.reading.threats or {}).get(kind))


def _styled(style: str) -> Callable[[Case], bool]:
    return lambda one: one.reading.style is not None and one.reading.style.likely == style


def _abuses(level: int) -> Callable[[Case], bool]:
    return lambda one: bool(one.reading.abuse and one.reading.abuse.level <= level)


def main(arguments: Sequence[str]) -> int:
    """Prints the tables of one part (`develop` where none is named); returns an exit code."""
    given = cases(arguments[0] if arguments else "develop")
    show(rows(given))
    sys.stdout.write("\n")
    show(accuracies(given))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
