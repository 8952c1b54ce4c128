"""Which few causes make up most of it: by number and by damage, which often differ. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from backstory.measures.intervals import Estimate

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class ParetoRow(Generic[T_co]):
    """One cause of many: its count, its share of all and the share of it and everything before it."""

    item: T_co
    count: int
    share: float
    cumulative: float


def pareto(counts: Iterable[tuple[T, int]]) -> list[ParetoRow[T]]:
    """Largest first; equals stay in the order they came in. Without a single case: all shares are 0."""
    ordered = sorted(counts, key=lambda pair: -pair[1])
    total, running, rows = sum(count for _, count in ordered), 0, []
    for item, count in ordered:
        running += count
        rows.append(ParetoRow(item, count, count / total if total else 0.0, running / total if total else 0.0))
    return rows


@dataclass(frozen=True)
class Ranked(Generic[T_co]):
    """One cause with its place by number and by damage, from 1; no place by damage where that is not known."""

    item: T_co
    count: int
    by_count: int
    damage: Estimate | None
    by_damage: int | None

    @property
    def moved(self) -> int:
        """How many places it rises when damage is looked at instead of number."""
        return self.by_count - self.by_damage if self.by_damage else 0


def ranked(rows: Sequence[tuple[T, int, Estimate | None]]) -> list[Ranked[T]]:
    """Every cause with both places, in the order by number. Causes of unknown damage have no place by damage."""
    by_count = _places(rows, lambda row: row[1])
    known = [row for row in rows if row[2]]
    by_damage = _places(known, lambda row: row[2].value if row[2] else 0.0)
    places = {id(row): place for place, row in by_damage}
    return [Ranked(row[0], row[1], place, row[2], places.get(id(row))) for place, row in by_count]


Row = tuple[T, int, Estimate | None]


def _places(rows: Iterable[Row[T]], key: Callable[[Row[T]], float]) -> list[tuple[int, Row[T]]]:
    return list(enumerate(sorted(rows, key=lambda row: -key(row)), start=1))
