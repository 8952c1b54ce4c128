"""Control charts: what is this process's ordinary noise, and what is news? Pure.

Limits are frozen from a baseline and never recomputed from what they judge. p (shares) and u (rates) after Shewhart;
p′ and u′ after Laney 2002 where large samples differ by more than chance; g (cases between rare events) after Benneyan
2001. Besides a point beyond three sigma, the run rules of the Western Electric handbook (1956) are told; all four
together speak about once in 92 points of an unchanged process (Champ & Woodall 1987), so runs are a reason to look.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import log, sqrt

from backstory.kernel.errors import InvalidInput

D2 = 1.128
"""The mean of a moving range of two, in sigmas, of normal values."""
FEWEST_POINTS = 12
"""Below this many baseline points limits are shown as provisional."""


class Kind(StrEnum):
    P = "p"
    U = "u"
    G = "g"


class Signal(StrEnum):
    ABOVE = "above"
    BELOW = "below"
    TWO_OF_THREE_ABOVE = "two_of_three_above"
    TWO_OF_THREE_BELOW = "two_of_three_below"
    FOUR_OF_FIVE_ABOVE = "four_of_five_above"
    FOUR_OF_FIVE_BELOW = "four_of_five_below"
    EIGHT_ABOVE = "eight_above"
    EIGHT_BELOW = "eight_below"


RULES: Sequence[tuple[int, int, float, Signal, Signal]] = (
    (1, 1, 3.0, Signal.ABOVE, Signal.BELOW),
    (2, 3, 2.0, Signal.TWO_OF_THREE_ABOVE, Signal.TWO_OF_THREE_BELOW),
    (4, 5, 1.0, Signal.FOUR_OF_FIVE_ABOVE, Signal.FOUR_OF_FIVE_BELOW),
    (8, 8, 0.0, Signal.EIGHT_ABOVE, Signal.EIGHT_BELOW),
)
"""So many of the last so many points beyond so many sigmas of the centre, on one side."""


@dataclass(frozen=True)
class Baseline:
    """What is frozen: kind, centre line, how many points it rests on and by what the limits are widened (σ_z).

    `widened` is 1 unless the baseline differed by more than chance (Laney); it can be kept as four plain values.
    """

    kind: Kind
    centre: float
    points: int
    widened: float = 1.0

    @property
    def is_provisional(self) -> bool:
        return self.points < FEWEST_POINTS

    @property
    def name(self) -> str:
        """p, u, g, or p′ and u′ where Laney's correction is in force."""
        return f"{self.kind}′" if self.widened > 1 else str(self.kind)


@dataclass(frozen=True)
class Point:
    """One value with its own limits and what it tells; a value of a sample of nothing is not drawn at all."""

    value: float
    lower: float
    upper: float
    signals: tuple[Signal, ...]


@dataclass(frozen=True)
class Chart:
    baseline: Baseline
    points: tuple[Point, ...]

    @property
    def signals(self) -> list[tuple[int, Signal]]:
        return [(index, signal) for index, point in enumerate(self.points) for signal in point.signals]


def _sigma_share(centre: float, size: float) -> float:
    return sqrt(centre * (1 - centre) / size)


def _sigma_rate(centre: float, size: float) -> float:
    return sqrt(centre / size)


SIGMAS: Mapping[Kind, Callable[[float, float], float]] = {Kind.P: _sigma_share, Kind.U: _sigma_rate}


def _check(kind: Kind, counts: Sequence[int], sizes: Sequence[float]) -> None:
    if len(counts) != len(sizes) or not counts:
        raise InvalidInput("Each count needs its sample size or exposure.", "sizes")
    if any(size <= 0 for size in sizes) or any(count < 0 for count in counts):
        raise InvalidInput("Counts are zero or more, sizes above zero.", "sizes")
    if kind == Kind.P and any(count > size for count, size in zip(counts, sizes, strict=True)):
        raise InvalidInput("A share cannot be more than all of them.", "counts")


def freeze(kind: Kind, counts: Sequence[int], sizes: Sequence[float], *, laney: bool | None = None) -> Baseline:
    """The baseline of a p- or u-chart. `laney` None: limits are widened where the points differ by more than chance.

    By more than chance means: Pearson's χ² over them is beyond its 95 % point. Limits are never narrowed.
    """
    _check(kind, counts, sizes)
    centre = sum(counts) / sum(sizes)
    scores = _scores(kind, centre, counts, sizes)
    widened = 1.0
    if len(scores) > 1 and (is_overdispersed(scores) if laney is None else laney):
        steps = [abs(after - before) for before, after in pairwise(scores)]
        widened = max(sum(steps) / len(steps) / D2, 1.0)
    return Baseline(kind, centre, len(counts), widened)


def _scores(kind: Kind, centre: float, counts: Sequence[int], sizes: Sequence[float]) -> list[float]:
    """Each point's distance from the centre in its own sigmas; none where nothing, or everything, ever happened."""
    if not centre or (kind == Kind.P and centre >= 1):
        return []
    pairs = zip(counts, sizes, strict=True)
    return [(count / size - centre) / SIGMAS[kind](centre, size) for count, size in pairs]


def is_overdispersed(scores: Sequence[float]) -> bool:
    """Whether standardised points differ by more than chance gives in 19 of 20 cases (χ², n − 1 degrees of freedom)."""
    from scipy.special import chdtrc

    return bool(chdtrc(len(scores) - 1, sum(score * score for score in scores)) < 0.05)


def chart(baseline: Baseline, counts: Sequence[int], sizes: Sequence[float]) -> Chart:
    """Points of a p- or u-chart against frozen limits p̄ ± 3σ, each by its own size; p̄ .05, n 400: .0173 to .0827."""
    _check(baseline.kind, counts, sizes)
    centre, most = baseline.centre, 1.0 if baseline.kind == Kind.P else float("inf")
    sigmas = [SIGMAS[baseline.kind](centre, size) * baseline.widened for size in sizes]
    values = [count / size for count, size in zip(counts, sizes, strict=True)]
    limits = [(max(centre - 3 * sigma, 0.0), min(centre + 3 * sigma, most)) for sigma in sigmas]
    distances = [_distance(value - centre, sigma) for value, sigma in zip(values, sigmas, strict=True)]
    return Chart(baseline, _points(values, limits, distances))


def _distance(difference: float, sigma: float) -> float:
    if sigma:
        return difference / sigma
    return 0.0 if not difference else float("inf") if difference > 0 else float("-inf")


def _points(
    values: Sequence[float], limits: Sequence[tuple[float, float]], distances: Sequence[float]
) -> tuple[Point, ...]:
    told = signals(distances)
    return tuple(Point(value, *limit, tells) for value, limit, tells in zip(values, limits, told, strict=True))


def signals(distances: Sequence[float]) -> list[tuple[Signal, ...]]:
    """What each point tells by the Western Electric rules, given distances from the centre in sigmas."""
    return [tuple(_told(distances[: index + 1])) for index in range(len(distances))]


def _told(seen: Sequence[float]) -> list[Signal]:
    found = []
    for needed, window, beyond, above, below in RULES:
        last = seen[-window:]
        # The newest point must itself be beyond, else an old finding would be told again and again.
        if seen[-1] > beyond and sum(distance > beyond for distance in last) >= needed:
            found.append(above)
        if seen[-1] < -beyond and sum(distance < -beyond for distance in last) >= needed:
            found.append(below)
    return found


def freeze_gaps(gaps: Sequence[float]) -> Baseline:
    """The baseline of a g-chart: the mean number of orders, contacts or days between two rare events."""
    if not gaps or any(gap < 0 for gap in gaps) or not sum(gaps):
        raise InvalidInput("Gaps between events are zero or more, and not all zero.", "gaps")
    return Baseline(Kind.G, sum(gaps) / len(gaps), len(gaps))


def gap_chart(baseline: Baseline, gaps: Sequence[float]) -> Chart:
    """A g-chart: limits ḡ ± 3√(ḡ(ḡ+1)), floor 0; long gaps are good news.

    Gaps are skewed, so runs are judged about their median, which for a geometric law is near ln 2 · (ḡ + ½) − ½.
    """
    mean = baseline.centre
    sigma = sqrt(mean * (mean + 1))
    limit = max(mean - 3 * sigma, 0.0), mean + 3 * sigma
    middle = log(2) * (mean + 0.5) - 0.5
    points = []
    for index, gap in enumerate(gaps):
        beyond = (Signal.ABOVE,) if gap > limit[1] else ()
        points.append(Point(float(gap), *limit, beyond + _run_about(middle, gaps[: index + 1])))
    return Chart(baseline, tuple(points))


def _run_about(middle: float, seen: Sequence[float]) -> tuple[Signal, ...]:
    last = seen[-8:]
    if len(last) < 8:
        return ()
    if all(gap > middle for gap in last):
        return (Signal.EIGHT_ABOVE,)
    return (Signal.EIGHT_BELOW,) if all(gap < middle for gap in last) else ()
