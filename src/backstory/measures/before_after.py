"""Two counts over two exposures, before and after: how much did the rate change, and could it be chance? Pure.

The test is exact: under equal rates the second count, given their sum n, is binomial with the share of the exposure
that lies after (Przyborowski & Wilenski 1940). 40 and 22 per 10 000 each: ratio .55 (.327 to .925), one-sided p .0150.
"""

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backstory.kernel.errors import InvalidInput
from backstory.measures.intervals import Z_95, Estimate

Floats = NDArray[np.float64]

GRID = 61
"""How many possible baselines the power is averaged over."""
MOST_TIMES = 64


@dataclass(frozen=True)
class Tally:
    """How many complaints over how much exposure: days, orders, customers; the same unit on both sides."""

    count: int
    exposure: float

    def __post_init__(self) -> None:
        if self.count < 0 or not self.exposure > 0:
            raise InvalidInput("A tally needs a count from 0 and an exposure above 0.", "count")

    @property
    def rate(self) -> float:
        return self.count / self.exposure

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.count + other.count, self.exposure + other.exposure)


@dataclass(frozen=True)
class Comparison:
    """After held against before: the ratio of the rates with its interval, and exact p-values."""

    before: Tally
    after: Tally
    ratio: Estimate | None
    p_fewer: float
    p_more: float

    @property
    def p_two_sided(self) -> float:
        """Twice the smaller tail, at most 1."""
        return min(1.0, 2 * min(self.p_fewer, self.p_more))


def compare(before: Tally, after: Tally) -> Comparison:
    """The exact conditional test and the rate ratio of two tallies; without a single case nothing can be said."""
    fewer, more = exact_tails(before.count, after.count, after.exposure / (before.exposure + after.exposure))
    ratio = rate_ratio(before, after) if before.count + after.count else None
    return Comparison(before, after, ratio, float(fewer), float(more))


def exact_tails(before: ArrayLike, after: ArrayLike, share: ArrayLike) -> tuple[Floats, Floats]:
    """P(no more than `after`) and P(no fewer than `after`) given the sum of both; arrays are taken elementwise.

    `share` is the part of the exposure that lies after. Both tails hold the count itself, so they add up to over 1.
    """
    from scipy.special import betainc

    low, high = np.asarray(before, float), np.asarray(after, float)
    p = np.asarray(share, float)
    # Binomial tails as incomplete beta functions; at the ends of their range they are 1 and not defined there.
    fewer = np.where(low > 0, betainc(np.maximum(low, 1e-300), high + 1, 1 - p), 1.0)
    more = np.where(high > 0, betainc(np.maximum(high, 1e-300), low + 1, p), 1.0)
    return fewer, more


def log_ratio_variance(before: float, after: float) -> float:
    """1/a + 1/b; where one of them is 0, half a case is added to both (Haldane 1956, Anscombe)."""
    half = 0.0 if before and after else 0.5
    return 1 / (before + half) + 1 / (after + half)


def rate_ratio(before: Tally, after: Tally, dispersion: float = 1.0, more_variance: float = 0.0) -> Estimate:
    """Rate after ÷ rate before with its 95 % log-Wald interval.

    `dispersion` widens it where cases come in clusters; `more_variance` is added to that of the logarithm, such as
    that of a correction by which the ratio will be divided.
    """
    half = 0.0 if before.count and after.count else 0.5
    value = ((after.count + half) / after.exposure) / ((before.count + half) / before.exposure)
    reach = Z_95 * sqrt(dispersion * log_ratio_variance(before.count, after.count) + more_variance)
    return Estimate(value, value * exp(-reach), value * exp(reach))


def dispersion(parts: "list[Tally] | tuple[Tally, ...]") -> float:
    """How much more than chance the parts of a period differ: Pearson's χ² ÷ degrees of freedom, at least 1.

    1 unless χ² is beyond what chance gives in 19 of 20 cases: a factor that is itself noise would help nobody.
    """
    from scipy.special import chdtrc

    if len(parts) < 8 or not (total := sum(part.count for part in parts)):
        return 1.0
    counts = np.array([part.count for part in parts], float)
    expected = np.array([part.exposure for part in parts], float)
    expected *= total / expected.sum()
    chi2, freedom = float(((counts - expected) ** 2 / expected).sum()), len(parts) - 1
    return max(chi2 / freedom, 1.0) if chdtrc(freedom, chi2) < 0.05 else 1.0


def _critical(before: NDArray[np.int64], share: float, alpha: float) -> NDArray[np.int64]:
    """For each baseline count the largest count after that is still significantly fewer; −1 where none is."""
    low = np.full(before.shape, -1, dtype=np.int64)
    high = np.ceil(before * share / (1 - share)).astype(np.int64) + 1
    while (high - low > 1).any():
        middle = np.where(high - low > 1, (low + high) // 2, low)
        fits = exact_tails(before, np.maximum(middle, 0), share)[0] <= alpha
        narrower = high - low > 1
        low, high = np.where(narrower & fits, middle, low), np.where(narrower & ~fits, middle, high)
    return low


def power(before: Tally, exposure: float, ratio: float, alpha: float, spread: float = 1.0) -> float:
    """How likely a true `ratio` below 1 would be shown after that much exposure, by the exact test at `alpha`.

    The rate before is taken as observed and both counts as Poisson; `spread` is the dispersion by which the cases
    count for less.
    """
    from scipy.special import pdtr, pdtrik

    mean = before.count / spread
    if mean <= 0:
        return 0.0
    quantiles = (np.arange(GRID) + 0.5) / GRID
    baselines = np.unique(np.maximum(np.ceil(pdtrik(quantiles, mean)), 0).astype(np.int64), return_counts=True)
    critical = _critical(baselines[0], exposure / (before.exposure + exposure), alpha)
    expected = mean / before.exposure * exposure * ratio
    shown = np.where(critical >= 0, pdtr(np.maximum(critical, 0), expected), 0.0)
    return float(np.average(shown, weights=baselines[1]))


def exposure_needed(before: Tally, ratio: float, alpha: float, wanted: float, spread: float = 1.0) -> float | None:
    """How much exposure after is needed to show a true `ratio` with the power `wanted`.

    None where even 64 times the exposure before is not enough: the baseline itself is too small.
    """
    low, high = 0.0, before.exposure / 16
    while power(before, high, ratio, alpha, spread) < wanted:
        low, high = high, high * 2
        if high > MOST_TIMES * before.exposure:
            return None
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (low, middle) if power(before, middle, ratio, alpha, spread) >= wanted else (middle, high)
    return high


def log_p(ratio: float, variance: float) -> tuple[float, float]:
    """One-sided p-values (fewer, more) of a ratio whose logarithm is about normal with this variance."""
    from scipy.special import ndtr

    z = log(ratio) / sqrt(variance)
    return float(ndtr(z)), float(ndtr(-z))
