"""Labelled examples from a CSV file, and what must hold before anything can be learned from them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backstory.kernel.errors import InvalidInput
from backstory.language.text import fold

FEWEST_EXAMPLES = 5
"""Different texts a label needs: with fewer, five-fold cross-validation leaves a fold without it."""
COLUMNS = ("text", "label")
_DELIMITERS = (",", ";", "\t")
_LONGEST_FIELD = 10_000_000
_MOST_TOLD = 5


class CannotLearn(InvalidInput):
    """The examples are not enough to learn from; `counts` holds the different texts of each label that lacks some."""

    def __init__(self, message: str, counts: dict[str, int] | None = None) -> None:
        super().__init__(message, "label")
        self.counts = counts or {}


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled text. `name` says where it came from (a line of the file, a message); examples of one `group`
    (by default those whose text is the same but for case and spacing) are never split between training and testing."""

    text: str
    label: str
    name: str = ""
    group: str = ""

    @property
    def kin(self) -> str:
        """What makes two examples the same for counting and splitting."""
        return self.group or " ".join(fold(word) for word in self.text.split())


def read_csv(path: Path) -> list[Example]:
    """The examples of a CSV file with the columns `text` and `label`, others ignored.

    UTF-8 or UTF-16 with a byte order mark; commas, semicolons or tabs, as the header has them. Blank lines are passed
    over. Raises InvalidInput naming file and line for anything else.
    """
    try:
        written = _decoded(path.read_bytes(), path.name)
    except OSError as problem:
        raise InvalidInput(f"{path} cannot be read: {problem.strerror or problem}") from None
    header = written.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    csv.field_size_limit(_LONGEST_FIELD)
    lines = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter, strict=True)
    try:
        return _examples(lines, path.name)
    except csv.Error as problem:
        raise InvalidInput(f"{path.name}, line {lines.line_num}: broken CSV ({problem})") from None


def _decoded(data: bytes, name: str) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise InvalidInput(f"{name}, line {line}: not UTF-8. Save the file as “CSV UTF-8” and try again.") from None


def _examples(lines: Any, name: str) -> list[Example]:
    header = [column.strip().casefold() for column in next(lines, [])]
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        found = ", ".join(column for column in header if column) or "no columns at all"
        raise InvalidInput(f"{name} has no column {' and no column '.join(missing)}; its first line has: {found}")
    places = [header.index(column) for column in COLUMNS]
    examples, faults = [], []
    for row in lines:
        if not any(field.strip() for field in row):
            continue
        fault = _fault(row, len(header), places)
        if fault:
            faults.append(f"line {lines.line_num}: {fault}")
        else:
            text, label = (row[place].strip() for place in places)
            examples.append(Example(text, " ".join(label.split()), f"line {lines.line_num}"))
    if faults:
        more = f"; and {len(faults) - _MOST_TOLD} more" if len(faults) > _MOST_TOLD else ""
        raise InvalidInput(f"{name}: {'; '.join(faults[:_MOST_TOLD])}{more}")
    if not examples:
        raise InvalidInput(f"{name} has a header and no examples below it.")
    return examples


def _fault(row: Sequence[str], columns: int, places: Sequence[int]) -> str:
    if len(row) != columns:
        return f"{len(row)} fields instead of {columns}; is a text with the delimiter in it not in quotes?"
    empty = [column for column, place in zip(COLUMNS, places, strict=True) if not row[place].strip()]
    return f"{' and '.join(empty)} empty" if empty else ""


def kinds(examples: Iterable[Example]) -> dict[str, int]:
    """How many different texts each label has, labels in alphabetical order."""
    different = {(one.label, one.kin) for one in examples}
    return dict(sorted(Counter(label for label, _ in different).items()))


def usable(examples: Sequence[Example], *, leave_out_rare: bool = False) -> tuple[list[Example], dict[str, int]]:
    """The examples whose labels have enough of them, and the labels left out with their counts.

    Nothing is merged, and nothing is left out unless `leave_out_rare` says so. Raises CannotLearn, naming each label
    that has too few, or if fewer than two labels remain.
    """
    counts = kinds(examples)
    rare = {label: count for label, count in counts.items() if count < FEWEST_EXAMPLES}
    if rare and not leave_out_rare:
        told = ", ".join(f"“{label}” has {count}" for label, count in rare.items())
        raise CannotLearn(f"Each label needs {FEWEST_EXAMPLES} different texts: {told}.", rare)
    kept = [one for one in examples if one.label not in rare]
    enough = len(counts) - len(rare)
    if enough < 2:
        wanted = f"At least two labels with {FEWEST_EXAMPLES} different texts each are needed"
        raise CannotLearn(f"{wanted}; there {'is' if enough == 1 else 'are'} {enough}.", rare)
    return kept, rare


def contradictions(examples: Iterable[Example]) -> list[tuple[str, ...]]:
    """For each text that stands under several labels: those labels."""
    labels: dict[str, set[str]] = {}
    for one in examples:
        labels.setdefault(one.kin, set()).add(one.label)
    return sorted(tuple(sorted(found)) for found in labels.values() if len(found) > 1)
