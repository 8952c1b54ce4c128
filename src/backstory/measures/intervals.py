"""How sure a figure is."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from backstory.kernel.errors import InvalidInput

Z_95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval, 95 % unless said otherwise; never shown without it."""

    value: float
    low: float
    high: float


def wilson(count: int, total: int, z: float = Z_95) -> tuple[float, float]:
    """The Wilson score interval of a share, 95 % by default (Wilson 1927): 84 of 100 gives 0.756 to 0.899."""
    if not 0 <= count <= total or total < 1:
        raise InvalidInput("A share needs a count from 0 to a total of at least 1.", "count")
    p, z2 = count / total, z * z
    centre = (p + z2 / (2 * total)) / (1 + z2 / total)
    half = z / (1 + z2 / total) * sqrt(p * (1 - p) / total + z2 / (4 * total * total))
    # At 0 and at all of them the bound is exact; rounding must not move it.
    low = 0.0 if count == 0 else min(max(centre - half, 0.0), p)
    high = 1.0 if count == total else max(min(centre + half, 1.0), p)
    return low, high


@dataclass(frozen=True)
class Share:
    """`count` of `total` with its 95 % Wilson interval; `value` is None where the total is 0."""

    count: int
    total: int

    @property
    def value(self) -> float | None:
        return self.count / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.count, self.total) if self.total else None


def difference(after: Share, before: Share) -> tuple[float, float] | None:
    """The 95 % interval of `after` less `before`, Newcombe's hybrid score (1998, method 10); None where one is empty.

    56 of 70 less 48 of 80 gives 0.0524 to 0.3339, as in the paper.
    """
    if not after.total or not before.total:
        return None
    (low1, high1), (low2, high2) = wilson(after.count, after.total), wilson(before.count, before.total)
    p1, p2 = after.count / after.total, before.count / before.total
    gap = p1 - p2
    return gap - sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2), gap + sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)
