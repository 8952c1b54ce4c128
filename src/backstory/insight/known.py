"""What is known of each input: measured here, entered by somebody, or not known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import numpy as np

from backstory.insight.inputs import INPUTS, Input, Unit
from backstory.insight.models import Assumption
from backstory.measures.damage import SEED, Draws, Uncertain
from backstory.measures.intervals import Estimate, Share

Place = tuple[int | None, int | None]
"""A cause and a team, None for all of them."""
EVERYWHERE: Place = (None, None)


class Origin(StrEnum):
    MEASURED = "measured"
    ENTERED = "entered"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Known:
    """An input as it stands: its figure with its doubt, where that comes from, and the row if somebody entered it."""

    input: Input
    origin: Origin = Origin.UNKNOWN
    figure: Uncertain | None = None
    row: Assumption | None = None

    @property
    def estimate(self) -> Estimate | None:
        """Value with bounds; a counted share has its Wilson interval, an exact figure has itself."""
        if self.figure is None:
            return None
        if self.figure.count is not None and self.figure.total:
            share = Share(self.figure.count, self.figure.total)
            return Estimate(self.figure.value, *(share.interval or (0.0, 1.0)))
        low, high = self.figure.low, self.figure.high
        value = self.figure.value
        return Estimate(value, value if low is None else low, value if high is None else high)

    @property
    def is_exact(self) -> bool:
        shown = self.estimate
        return shown is not None and shown.low == shown.high

    def draws(self) -> Draws:
        """The same draws each time for the same input, so that two results differ only by what was changed."""
        assert self.figure is not None
        return self.figure.draws(np.random.default_rng([SEED, *self.input.key.encode()]))


@dataclass(frozen=True)
class Figures:
    """All inputs in force, by key and place; one for a cause stands before one for the desk."""

    rows: Mapping[tuple[str, Place], Assumption]
    measured: Mapping[str, Uncertain]

    def get(self, key: str, place: Place = EVERYWHERE) -> Known:
        """What is in force there: entered for that very place, else for the whole desk, else measured, else unknown."""
        one = INPUTS[key]
        for where in (place, (place[0], None), (None, place[1]), EVERYWHERE):
            row = self.rows.get((key, where))
            if row is not None and row.is_known:
                return Known(one, Origin.ENTERED, uncertain(row), row)
        if key in self.measured:
            return Known(one, Origin.MEASURED, self.measured[key])
        return Known(one)

    def exactly(self, key: str, place: Place) -> Known:
        """What was entered for that very place, nothing borrowed from the desk."""
        row = self.rows.get((key, place))
        return Known(INPUTS[key], Origin.ENTERED, uncertain(row), row) if row and row.is_known else Known(INPUTS[key])

    def missing(self, keys: Iterable[str], place: Place = EVERYWHERE) -> list[Input]:
        return [INPUTS[key] for key in keys if self.get(key, place).figure is None]

    @property
    def currency(self) -> str:
        """The currency of the customer's value, in which damage is told; empty where neither is known."""
        rows = (self.rows.get((key, EVERYWHERE)) for key in ("value", "margin", "minute_rate"))
        return next((row.currency for row in rows if row and row.is_known and row.currency), "")


def uncertain(row: Assumption) -> Uncertain:
    """The figure of a row with its doubt."""
    if row.total and row.count is not None:
        return Uncertain(row.count / row.total, count=row.count, total=row.total)
    return Uncertain(float(row.value or 0), _number(row.low), _number(row.high))


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def figures(measured: Mapping[str, Uncertain] | None = None) -> Figures:
    """Everything entered that is in force: the newest row of each input and place."""
    newest: dict[tuple[str, Place], Assumption] = {}
    for row in Assumption.objects.select_related("by", "cause", "team").order_by("id"):
        newest[row.key, (row.cause_id, row.team_id)] = row
    return Figures({place: row for place, row in newest.items() if place[0] in INPUTS}, measured or {})


def history(key: str, place: Place) -> list[Assumption]:
    """Every row of an input at a place, newest first: who thought what, when."""
    here: dict[str, Any] = {"cause_id": place[0], "team_id": place[1]}
    rows = Assumption.objects.filter(key=key, **here).select_related("by")
    return list(rows.order_by("-id")[:20])


def is_share(key: str) -> bool:
    return INPUTS[key].unit == Unit.SHARE
