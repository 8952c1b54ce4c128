"""Control charts and CUSUM: worked limits, frozen baselines, and how often they cry wolf."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.kernel.errors import InvalidInput
from backstory.measures.control_charts import (
    Baseline,
    Kind,
    Signal,
    chart,
    freeze,
    freeze_gaps,
    gap_chart,
    signals,
)
from backstory.measures.cusum import cusum, decision_limit, reference_value

pytestmark = pytest.mark.once


def test_five_percent_of_400_may_vary_from_1_73_to_8_27_percent() -> None:
    (point,) = chart(Baseline(Kind.P, 0.05, 20), [20], [400]).points
    assert (round(point.lower, 4), round(point.upper, 4)) == (0.0173, 0.0827)


def test_two_per_unit_over_one_and_a_half_units_may_vary_from_none_to_5_464() -> None:
    (point,) = chart(Baseline(Kind.U, 2.0, 20), [3], [1.5]).points
    assert (point.lower, round(point.upper, 3)) == (0.0, 5.464)


def test_the_limits_stay_where_the_baseline_put_them() -> None:
    baseline = freeze(Kind.U, [10, 12, 8, 9, 11] * 4, [1.0] * 20)
    assert (baseline.centre, baseline.widened, baseline.is_provisional) == (10, 1, False)
    told = chart(baseline, [10, 30, 10], [1.0] * 3)
    assert told.signals == [(1, Signal.ABOVE)]


def test_large_samples_that_differ_by_more_than_chance_get_laneys_limits() -> None:
    random = np.random.default_rng(4)
    sizes = [20_000] * 40
    shares = np.clip(random.normal(0.05, 0.01, 40), 0.001, 1)
    counts = [int(n) for n in random.binomial(20_000, shares)]
    plain, laney = freeze(Kind.P, counts, sizes, laney=False), freeze(Kind.P, counts, sizes)
    assert (plain.name, laney.name) == ("p", "p′")
    assert laney.widened > 3
    beyond = [
        sum(Signal.ABOVE in p.signals or Signal.BELOW in p.signals for p in chart(b, counts, sizes).points)
        for b in (plain, laney)
    ]
    assert beyond[0] > 10
    assert beyond[1] <= 1


def test_ordinary_counts_keep_their_ordinary_limits() -> None:
    random = np.random.default_rng(5)
    widened = [freeze(Kind.U, [int(n) for n in random.poisson(9, 26)], [1.0] * 26).widened > 1 for _ in range(300)]
    assert sum(widened) <= 25


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(50, 500)), min_size=1, max_size=30))
def test_limits_hold_the_centre_and_stay_possible(pairs: list[tuple[int, int]]) -> None:
    counts, sizes = [a for a, _ in pairs], [float(b) for _, b in pairs]
    baseline = freeze(Kind.P, counts, sizes)
    for point in chart(baseline, counts, sizes).points:
        assert 0 <= point.lower <= baseline.centre <= point.upper <= 1


@pytest.mark.parametrize(
    ("distances", "told"),
    [
        ([3.1], {Signal.ABOVE}),
        ([2.1, 0, 2.1], {Signal.TWO_OF_THREE_ABOVE}),
        ([-1.1, -1.1, 0.5, -1.1, -1.1], {Signal.FOUR_OF_FIVE_BELOW}),
        ([0.1] * 8, {Signal.EIGHT_ABOVE}),
        ([0.1] * 7, set()),
        ([2.1, 2.1, 0], set()),
        ([2.1, 0, -2.1], set()),
    ],
)
def test_the_rules_of_the_western_electric_handbook(distances: list[float], told: set[Signal]) -> None:
    assert set(signals(distances)[-1]) == told


def test_all_four_rules_together_speak_about_once_in_92_points() -> None:
    random = np.random.default_rng(92)
    lengths = [next(i for i, told in enumerate(signals(list(random.normal(size=700)))) if told) + 1 for _ in range(150)]
    assert np.mean(lengths) == pytest.approx(91.75, rel=0.25)  # Champ & Woodall 1987


def test_a_rare_events_gaps_tell_when_it_became_rarer() -> None:
    baseline = freeze_gaps([10, 4, 22, 7, 1, 13, 9, 6])
    assert baseline.centre == 9
    told = gap_chart(baseline, [9, 60])
    assert told.points[0].upper == pytest.approx(9 + 3 * 90**0.5)
    assert told.signals == [(1, Signal.ABOVE)]
    assert Signal.EIGHT_BELOW in gap_chart(baseline, [2] * 8).points[-1].signals
    with pytest.raises(InvalidInput):
        freeze_gaps([0, 0])


def test_a_share_above_all_of_them_is_refused() -> None:
    with pytest.raises(InvalidInput):
        freeze(Kind.P, [5], [4])


def test_from_ten_to_six_the_reference_value_is_7_830() -> None:
    assert round(reference_value(10, 6), 3) == 7.830


@pytest.mark.parametrize(("mean", "shifted"), [(10.0, 6.0), (4.0, 7.0), (0.6, 1.5)])
def test_an_unchanged_process_is_alarmed_as_seldom_as_agreed(mean: float, shifted: float) -> None:
    limit, k = decision_limit(mean, shifted, 200), reference_value(mean, shifted)
    counts = np.random.default_rng(99).poisson(mean, (1500, 1500))
    steps, level = (counts - k if shifted > mean else k - counts), np.zeros(1500)
    first = np.zeros(1500)
    for point in range(1500):
        level = np.maximum(level + steps[:, point], 0)
        first = np.where((first == 0) & (level >= limit), point + 1, first)
    # Small means have few possible values of the statistic: the limit then errs to fewer false alarms.
    assert 200 * 0.92 <= first[first > 0].mean() + 1500 * (first == 0).mean() <= 200 * 1.35


def test_a_fall_from_ten_to_six_is_seen_in_a_few_points_and_dated() -> None:
    random = np.random.default_rng(10)
    counts = [10] * 20 + [int(n) for n in random.poisson(6, 20)]
    seen = cusum(counts, 10, 6)
    assert seen.alarm is not None
    assert 20 <= seen.alarm <= 30
    assert seen.since is not None
    assert 18 <= seen.since <= 24
    assert cusum([10] * 40, 10, 6).alarm is None
    assert cusum([10] * 10 + [16] * 10, 10, 16).direction == "up"
