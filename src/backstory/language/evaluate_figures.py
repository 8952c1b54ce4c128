"""What `evaluate` prints: figures with their intervals, as tables for people and as plain JSON types."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from backstory.language import measures
from backstory.language.evaluation_set import LANGUAGES


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number: what, the value, on how many, how to take it, and its 95 % interval if it has one."""

    name: str
    value: float
    count: int
    note: str = ""
    low: float | None = None
    high: float | None = None

    @staticmethod
    def columns() -> tuple[str, ...]:
        """The heads of a table of figures."""
        return "what", "figure", "95 % interval", "of", ""

    def cells(self) -> tuple[str, ...]:
        """One line of that table."""
        interval = "" if self.low is None else f"{self.low:.2f} to {self.high:.2f}"
        return self.name, f"{self.value:.3f}", interval, str(self.count), self.note

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types, numbers to four places."""
        plain: dict[str, Any] = _rounded(asdict(self))
        return plain


@dataclass(frozen=True, slots=True)
class Found:
    """How one label was found: right ones, wrong ones, missed ones; `languages` holds the F1 of each language."""

    name: str
    right: int
    wrong: int
    missed: int
    languages: Mapping[str, float] = field(default_factory=dict)

    @staticmethod
    def columns() -> tuple[str, ...]:
        """The heads of a table of labels found."""
        return "field", "precision", "recall", "F1", *(f"F1 {code}" for code in LANGUAGES)

    def cells(self) -> tuple[str, ...]:
        """One line of that table: shares with intervals and counts; '–' where there was nothing to be right about."""
        ends = self.intervals()
        by_language = (self.languages.get(code, math.nan) for code in LANGUAGES)
        return (
            self.name,
            _cell(self.precision, ends["precision"], self.right + self.wrong),
            _cell(self.recall, ends["recall"], self.right + self.missed),
            _cell(self.f1, ends["f1"]),
            *("–" if math.isnan(value) else f"{value:.2f}" for value in by_language),
        )

    @property
    def count(self) -> int:
        """How many were labelled or given."""
        return self.right + self.wrong + self.missed

    @property
    def precision(self) -> float:
        """Right among the given; 1 where nothing was given."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Right among the labelled; 1 where nothing was labelled."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """2 right / (2 right + wrong + missed); 1 where there was nothing to find and nothing was given."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 1.0

    def intervals(self) -> dict[str, tuple[float, float]]:
        """95 % intervals: Wilson's for the shares; F1 grows with right / (right + wrong + missed): its ends follow."""
        low, high = measures.wilson_of(self.right, self.right + self.wrong + self.missed)
        return {
            "precision": measures.wilson_of(self.right, self.right + self.wrong),
            "recall": measures.wilson_of(self.right, self.right + self.missed),
            "f1": (2 * low / (1 + low), 2 * high / (1 + high)),
        }

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types, numbers to four places."""
        shares = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        plain: dict[str, Any] = _rounded({**asdict(self), **shares, "intervals": self.intervals()})
        return plain


def share(name: str, flags: Sequence[bool], note: str = "") -> Figure:
    """A share of true ones with its Wilson interval."""
    low, high = measures.wilson(flags)
    return Figure(name, measures.share(flags), len(flags), note, low, high)


def show(rows: Iterable[Figure | Found]) -> None:
    """Prints rows of one kind as a table, each line as soon as it is known; rows of nothing are left out."""
    head = False
    for one in rows:
        if not one.count:
            continue
        if not head:
            names = one.columns()
            sys.stdout.write(f"| {' | '.join(names)} |\n|{'---|' * len(names)}\n")
            head = True
        sys.stdout.write(f"| {' | '.join(one.cells())} |\n")
        sys.stdout.flush()


def show_pivoted(figures: Iterable[Figure]) -> None:
    """Prints figures called `row: column` as one table of values; a note that a figure has follows below it."""
    rows: dict[str, dict[str, float]] = {}
    notes = []
    for one in figures:
        row, _, column = one.name.rpartition(": ")
        rows.setdefault(row, {})[column] = one.value
        notes += [f"- {one.name}: {one.note}"] if one.note else []
    columns = list(dict.fromkeys(column for found in rows.values() for column in found))
    sys.stdout.write(f"| | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}\n")
    for name, found in rows.items():
        values = (f"{found[column]:.3f}" if column in found else "–" for column in columns)
        sys.stdout.write(f"| {name} | {' | '.join(values)} |\n")
    if notes:
        sys.stdout.write("\n" + "\n".join(notes) + "\n")


def _cell(value: float, ends: tuple[float, float], count: int | None = None) -> str:
    if count == 0:
        return "–"
    return f"{value:.2f} ({ends[0]:.2f}–{ends[1]:.2f}{'' if count is None else f', {count}'})"


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 4)
    return value
