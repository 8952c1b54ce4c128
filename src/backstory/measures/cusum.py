"""CUSUM for Poisson counts: small lasting changes add up until they cannot be chance. Pure.

Page 1954; reference value after Lucas 1985. The decision limit is found by simulating a process that does not change,
with a fixed seed, so that the same question has the same answer everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Literal

import numpy as np

from backstory.kernel.errors import InvalidInput

Direction = Literal["up", "down"]

RUNS = 1500
HORIZONS = 3
"""A run is followed for at most so many times the wanted run length; what then still runs is counted as it is."""
SEED = 1954


def reference_value(mean: float, shifted: float) -> float:
    """k = (μ₀ − μ₁) / (ln μ₀ − ln μ₁): from 10 to 6 it is 7.830."""
    if not mean > 0 or not shifted > 0 or mean == shifted:
        raise InvalidInput("A CUSUM needs two different means above zero.", "mean")
    return (mean - shifted) / (log(mean) - log(shifted))


@lru_cache(maxsize=512)
def decision_limit(mean: float, shifted: float, run_length: int) -> float:
    """The limit at which an unchanged process is alarmed by mistake once in `run_length` points on average.

    Simulated with a fixed seed; the mean run length is estimated as all points lived through by the runs over the
    alarms among them, which is right for runs cut short too, as run lengths are close to geometric.
    """
    if not 2 <= run_length <= 5000:
        raise InvalidInput("The run length must be from 2 to 5000 points.", "run_length")
    highest = _running_maxima(mean, reference_value(mean, shifted), shifted > mean, run_length * HORIZONS)
    low, high = 0.0, float(highest[-1].max()) + 1
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if _mean_run(highest, middle) >= run_length else (middle, high)
    return high


def _running_maxima(
    mean: float, k: float, up: bool, points: int
) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    """For each point of time and each run the highest the statistic has been; (points, runs)."""
    random = np.random.default_rng(SEED)
    runs = max(min(RUNS, 6_000_000 // points), 300)
    level, highest = np.zeros(runs), np.empty((points, runs), np.float32)
    top = np.zeros(runs)
    for point in range(points):
        counts = random.poisson(mean, runs)
        level = np.maximum(level + (counts - k if up else k - counts), 0.0)
        top = np.maximum(top, level)
        highest[point] = top
    return highest


def _mean_run(highest: "np.ndarray[tuple[int, int], np.dtype[np.float32]]", limit: float) -> float:
    beyond = highest >= limit
    alarmed = beyond[-1]
    first = np.where(alarmed, beyond.argmax(axis=0) + 1, len(highest))
    return float(first.sum() / alarmed.sum()) if alarmed.any() else float("inf")


@dataclass(frozen=True)
class Cusum:
    """The statistic after each count, and the first point (from 0) at which it reached the limit, if it did."""

    direction: Direction
    reference: float
    limit: float
    levels: tuple[float, ...]
    alarm: int | None

    @property
    def since(self) -> int | None:
        """When the change that raised the alarm seems to have begun: the point after the statistic was last zero."""
        if self.alarm is None:
            return None
        zeros = [point for point, level in enumerate(self.levels[: self.alarm]) if level == 0]
        return zeros[-1] + 1 if zeros else 0


def cusum(counts: Sequence[int], mean: float, shifted: float, run_length: int = 370) -> Cusum:
    """Follow counts of equal exposure: upward if `shifted` is above `mean`, downward if below.

    370 is the run length of a control chart with limits at three sigma.
    """
    k, up = reference_value(mean, shifted), shifted > mean
    limit = decision_limit(round(mean, 3), round(shifted, 3), run_length)
    level, levels = 0.0, []
    for count in counts:
        level = max(0.0, level + (count - k if up else k - count))
        levels.append(level)
    alarm = next((point for point, reached in enumerate(levels) if reached >= limit), None)
    return Cusum("up" if up else "down", k, limit, tuple(levels), alarm)
