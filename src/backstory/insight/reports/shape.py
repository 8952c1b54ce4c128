"""What every report is made of, whoever draws it: sections, a table in each, maybe a chart, and the method. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from backstory.measures.intervals import Share

Kind = Literal["text", "count", "share", "span", "money", "change"]


@dataclass(frozen=True)
class Span:
    """A median time in seconds over `count` cases; None where there is no case."""

    seconds: float | None
    count: int

    @property
    def delta(self) -> timedelta | None:
        return None if self.seconds is None else timedelta(seconds=self.seconds)


@dataclass(frozen=True)
class Amounts:
    """Money per currency; amounts of different currencies are never added."""

    by_currency: tuple[tuple[str, Decimal], ...] = ()
    count: int = 0


@dataclass(frozen=True)
class Hidden:
    """A figure that is withheld, because so few people stand behind it; `least` is from how many on it is shown."""

    least: int


Cell = str | int | float | Decimal | Share | Span | Amounts | Hidden | None


@dataclass(frozen=True)
class Column:
    """`name` heads the column in files and never changes; `label` is for reading."""

    name: str
    label: str
    kind: Kind = "count"


@dataclass(frozen=True)
class Row:
    """One group, or one thing. `key` finds a group's conversations again (None: they cannot be listed); `conversation`
    is the one that a row is about; `before` are the other period's cells."""

    cells: Sequence[Cell]
    before: Sequence[Cell] | None = None
    key: str | None = None
    conversation: int | None = None


@dataclass(frozen=True)
class Chart:
    """Bars or lines: one value per label and series; None where nothing is known."""

    kind: Literal["bars", "lines"]
    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[float | int | None]]]
    percent: bool = False


@dataclass(frozen=True)
class Section:
    """`total` is the last row of the table, set apart."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    words: str = ""
    total: Row | None = None
    chart: Chart | None = None
    by: str = ""  # the dimension of its keys, for drilling down


@dataclass(frozen=True)
class Report:
    """`figures` are (name, value, words) at its top; `method` tells in words how it is computed."""

    name: str
    title: str
    first: date
    last: date
    words: str
    sections: Sequence[Section]
    compared: tuple[date, date] | None = None
    method: Sequence[str] = ()
    updated: str = ""  # ISO, the moment up to which the read model knows
    team: str = ""  # its name, where it is of one team only
    figures: Sequence[tuple[str, Cell, str]] = field(default_factory=tuple)

    @property
    def is_empty(self) -> bool:
        return not any(section.rows for section in self.sections)


def flat_names(column: Column) -> list[str]:
    """The names under which a column stands in a file."""
    parts: dict[Kind, tuple[str, ...]] = {
        "share": ("count", "of", "share", "low", "high"),
        "span": ("median_hours", "cases"),
        "money": ("count", "amounts"),
    }
    return [f"{column.name}_{part}" for part in parts[column.kind]] if column.kind in parts else [column.name]


def flat(column: Column, cell: Cell) -> list[str | int | float | Decimal]:
    """A cell as plain values, as many as its column has names; empty where nothing is known or shown."""
    if isinstance(cell, Share):
        low, high = cell.interval or ("", "")
        value = "" if cell.value is None else round(cell.value, 4)
        return [cell.count, cell.total, value, *(each if each == "" else round(float(each), 4) for each in (low, high))]
    if isinstance(cell, Span):
        return ["" if cell.seconds is None else round(cell.seconds / 3600, 2), cell.count]
    if isinstance(cell, Amounts):
        return [cell.count, "; ".join(f"{amount} {currency}" for currency, amount in cell.by_currency)]
    if isinstance(cell, Hidden):
        return [f"fewer than {cell.least}", *[""] * (len(flat_names(column)) - 1)]
    if cell is None:
        return [""] * len(flat_names(column))
    return [cell]


def flat_rows(section: Section) -> Iterator[list[str | int | float | Decimal]]:
    """The whole table for a file, its head first; a compared period stands in columns of its own."""
    compared = any(row.before is not None for row in section.rows)
    head: list[str | int | float | Decimal] = [name for column in section.columns for name in flat_names(column)]
    if compared:
        head += [f"before_{name}" for column in section.columns[1:] for name in flat_names(column)]
    yield head
    for row in [*section.rows, *([section.total] if section.total else [])]:
        line = [part for column, cell in zip(section.columns, row.cells, strict=True) for part in flat(column, cell)]
        if compared:
            before = row.before or [None] * len(row.cells)
            pairs = zip(section.columns[1:], before[1:], strict=True)
            line += [part for column, cell in pairs for part in flat(column, cell)]
        yield line
