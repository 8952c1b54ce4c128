"""Early warning on simulated desks whose truth is known: alarms in days, and hardly ever for nothing."""

from datetime import date, timedelta

import numpy as np
import pytest

from backstory.measures import early_warning
from backstory.measures.early_warning import GUARD, HISTORY, level, p_values, rise, weekday_weights

pytestmark = pytest.mark.once

LAST = date(2026, 3, 31)
DAYS = HISTORY + GUARD
WEEKDAYS = (1.4, 1.2, 1.1, 1.1, 1.0, 0.7, 0.5)
CAUSES = 40


def desk(random: np.random.Generator, days: int) -> np.ndarray:
    """Daily complaints of forty causes, from one in a month to six a day, with a weekly rhythm: (causes, days)."""
    rates = np.geomspace(1 / 30, 6, CAUSES)
    rhythm = np.resize(WEEKDAYS, days)
    return random.poisson(rates[:, None] * rhythm)


def test_forty_steady_causes_raise_at_most_one_false_alarm_a_month() -> None:
    random, months, alarms = np.random.default_rng(11), 0.0, 0
    exposure = np.resize(WEEKDAYS, 3000)
    for _ in range(4):
        counts, quiet_until = desk(random, DAYS + 360), np.zeros(CAUSES)
        for day in range(360):
            window = slice(day, day + DAYS)
            beyond = p_values(counts[:, window], exposure[window]).min(axis=-1) <= level(CAUSES)
            alarms += int((beyond & (quiet_until <= day)).sum())
            quiet_until = np.where(beyond, day + GUARD, quiet_until)
        months += 360 / 30
    assert alarms / months <= 1


@pytest.mark.parametrize(("usual", "risen", "within"), [(2, 6, 5), (5, 10, 7), (0.3, 2, 7), (2, 4, 14)])
def test_a_rise_is_noticed_within_days(usual: float, risen: float, within: int) -> None:
    random, delays = np.random.default_rng(12), []
    exposure = np.ones(DAYS + 30)
    for _ in range(200):
        counts = np.concatenate([random.poisson(usual, DAYS), random.poisson(risen, 30)])
        found = (
            p_values(counts[None, day : day + DAYS], exposure[:DAYS])[0].min() <= level(CAUSES) for day in range(1, 31)
        )
        delays.append(next((day for day, alarm in enumerate(found, start=1) if alarm), 31))
    assert np.median(delays) <= within


def test_a_rise_says_since_when_how_many_and_how_many_were_usual() -> None:
    counts = [1, 0, 2, 1, 0, 1, 2] * 26 + [1, 0, 2, 1, 0, 1, 2] + [5, 4, 6, 5, 7, 4, 6]
    found = rise(counts, (1.0,) * 7, LAST, level(CAUSES))
    assert found is not None
    assert (found.days, found.observed, round(found.expected)) == (7, 37, 7)
    assert found.since == LAST - timedelta(days=6)
    assert found.p < 1e-6


def test_a_steady_or_a_new_cause_raises_nothing() -> None:
    steady = [1, 0, 2, 1, 0, 1, 2] * 28
    assert rise(steady, (1.0,) * 7, LAST, level(CAUSES)) is None
    assert rise([0] * 30, (1.0,) * 7, LAST, level(CAUSES)) is None
    assert rise([0] * 194 + [1, 1], (1.0,) * 7, LAST, 0.5) is None


def test_mondays_are_not_alarms_where_mondays_are_busy() -> None:
    monday = date(2026, 3, 30)
    week = [20, 4, 4, 4, 4, 1, 0]
    counts = week * 28 + [20]
    days = [monday - timedelta(days=back) for back in range(len(counts) - 1, -1, -1)]
    weights = weekday_weights(days, counts)
    assert weights[0] > 3 > weights[5]
    assert sum(weights) == pytest.approx(7)
    assert rise(counts, weights, monday, level(CAUSES)) is None
    assert rise(counts, (1.0,) * 7, monday, level(CAUSES)) is not None


def test_a_clustered_history_makes_the_alarm_slower_to_speak() -> None:
    random = np.random.default_rng(3)
    clustered = [int(n) for n in random.poisson(0.2, DAYS) * 8]
    assert early_warning.spread_of(clustered, [1.0] * DAYS) > 3
    recent = [*clustered[:-7], 3, 4, 2, 4, 3, 2, 4]
    spread = early_warning.spread_of(recent, [1.0] * DAYS)
    plain, wide = p_values(recent, np.ones(DAYS)), p_values(recent, np.ones(DAYS), spread)
    assert (wide >= plain).all()
