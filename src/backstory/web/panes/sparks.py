"""Small pictures of daily counts, drawn on the server: places in an SVG, no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 560.0, 64.0


@dataclass(frozen=True)
class Bar:
    """One day's bar; `risen` from the day on which the rise seems to have begun."""

    x: float
    y: float
    width: float
    height: float
    risen: bool


@dataclass(frozen=True)
class Spark:
    """Bars and the line of what is usual, in a box of `WIDTH` by `HEIGHT`."""

    bars: list[Bar]
    usual: str
    most: int
    width: float = WIDTH
    height: float = HEIGHT


def bars(days: Sequence[tuple[date, int, float]], since: date) -> Spark:
    """The picture of (day, count, usual) in order."""
    most = max([1.0, *(max(count, usual) for _, count, usual in days)])
    step = WIDTH / max(len(days), 1)
    drawn = [
        Bar(
            round(place * step + step * 0.12, 2),
            round(HEIGHT * (1 - count / most), 2),
            round(step * 0.76, 2),
            round(HEIGHT * count / most, 2),
            day >= since,
        )
        for place, (day, count, _) in enumerate(days)
    ]
    line = [f"{(place + 0.5) * step:.1f},{HEIGHT * (1 - usual / most):.1f}" for place, (_, _, usual) in enumerate(days)]
    return Spark(drawn, " ".join(line), max([0, *(count for _, count, _ in days)]))
