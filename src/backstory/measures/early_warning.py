"""Is a cause of complaints rising against its own history? Exact, with a budget of false alarms. Pure.

Each day the last 1, 3, 7 and 14 days of a series are held against the 26 weeks before them by the exact conditional
test of two Poisson counts, so that a short history counts as a short history. Days weigh as their weekday usually
does. Where the weeks of the history differ by more than chance, counts are divided by how much (quasi-Poisson).

A desk that watches K series looks at K·4 figures a day. With a level of budget / (30·K·4) for each, the expected
number of false alarms on the whole desk is at most the budget in 30 days, however the figures depend on each other
(Bonferroni). A simulation says how many there really are: `python -m benchmarks.proof`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backstory.measures.before_after import Tally, dispersion, exact_tails

Floats = NDArray[np.float64]

WINDOWS = (1, 3, 7, 14)
GUARD = max(WINDOWS)
HISTORY = 26 * 7
SHORTEST_HISTORY = 4 * 7
"""With less history than four weeks there is no usual to rise above."""
MONTH = 30
BUDGET = 1.0
"""False alarms on the whole desk in 30 days, at most, on average."""
FEWEST = 3
"""Fewer complaints than this are looked at one by one, not as a rise."""


@dataclass(frozen=True)
class Rise:
    """`observed` complaints in the last `days` where `expected` were usual; `p` of so many or more by chance."""

    days: int
    since: date
    observed: int
    expected: float
    p: float
    dispersion: float


def level(series: int, budget: float = BUDGET) -> float:
    """The p below which one window of one of so many series raises an alarm."""
    return budget / (MONTH * max(series, 1) * len(WINDOWS))


def weekday_weights(days: Sequence[date], totals: Sequence[int]) -> tuple[float, ...]:
    """How the seven weekdays (Monday first) weigh, from all complaints of the desk; half a complaint is added to each.

    They average 1 over a week, so that a window's weight is its length in ordinary days.
    """
    many, seen = np.full(7, 0.5), np.full(7, 1e-9)
    for day, total in zip(days, totals, strict=True):
        many[day.weekday()] += total
        seen[day.weekday()] += 1
    mean = many / np.maximum(seen, 1.0)
    return tuple(float(weight) for weight in mean / mean.mean())


def p_values(counts: ArrayLike, exposure: ArrayLike, spread: ArrayLike = 1.0) -> Floats:
    """For each window the exact p of so many or more; `counts` is (..., days), newest last, and `exposure` (days,)."""
    many, days = np.asarray(counts, float), np.asarray(exposure, float)
    wide = np.asarray(spread, float)
    base, weight = many[..., :-GUARD].sum(axis=-1) / wide, days[:-GUARD].sum()
    found = []
    for window in WINDOWS:
        recent, span = many[..., -window:].sum(axis=-1), days[-window:].sum()
        p = exact_tails(base, recent / wide, span / (span + weight))[1]
        found.append(np.where(recent >= FEWEST, p, 1.0))
    return np.stack(found, axis=-1)


def spread_of(counts: Sequence[int], exposure: Sequence[float]) -> float:
    """How clustered the history is: the dispersion of its weeks, the last days guarded off."""
    history = range((len(counts) - GUARD) % 7, len(counts) - GUARD, 7)
    weeks = [Tally(sum(counts[day : day + 7]), sum(exposure[day : day + 7])) for day in history]
    return dispersion(weeks)


def rise(counts: Sequence[int], weights: Sequence[float], last: date, threshold: float) -> Rise | None:
    """Whether a series of daily counts that ends on `last` has risen; the window that says so most clearly.

    `weights` are those of the seven weekdays. None without four weeks of history before the guarded days.
    """
    if len(counts) < SHORTEST_HISTORY + GUARD:
        return None
    kept = list(counts[-(HISTORY + GUARD) :])
    days = [last - timedelta(days=back) for back in range(len(kept) - 1, -1, -1)]
    exposure = [weights[day.weekday()] for day in days]
    spread = spread_of(kept, exposure)
    found = p_values(kept, exposure, spread)
    best = int(found.argmin())
    if found[best] > threshold:
        return None
    window = WINDOWS[best]
    usual = sum(kept[:-GUARD]) / sum(exposure[:-GUARD]) * sum(exposure[-window:])
    since = _began(kept, exposure, days)
    return Rise(window, since, sum(kept[-window:]), usual, float(found[best]), spread)


def _began(counts: Sequence[int], exposure: Sequence[float], days: Sequence[date]) -> date:
    """The day in the last four weeks from which a higher rate fits best (maximum likelihood)."""
    usual = (sum(counts[:-GUARD]) + 0.5) / sum(exposure[:-GUARD])
    best, when = -1.0, days[-1]
    for back in range(1, min(28, len(counts)) + 1):
        seen, expected = sum(counts[-back:]), usual * sum(exposure[-back:])
        if seen > expected and (gain := seen * float(np.log(seen / expected)) - (seen - expected)) > best:
            best, when = gain, days[-back]
    return when
