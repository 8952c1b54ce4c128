"""Before and after: the worked example, scipy as reference, and the power that is promised."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from backstory.kernel.errors import InvalidInput
from backstory.measures.before_after import Tally, compare, dispersion, exact_tails, exposure_needed, power, rate_ratio

pytestmark = pytest.mark.once

tallies = st.builds(Tally, st.integers(0, 400), st.floats(1, 10_000))


def test_40_and_22_per_10_000_are_a_ratio_of_55_percent_with_one_sided_p_0150() -> None:
    found = compare(Tally(40, 10_000), Tally(22, 10_000))
    assert found.ratio is not None
    assert round(found.ratio.value, 2) == 0.55
    assert (round(found.ratio.low, 3), round(found.ratio.high, 3)) == (0.327, 0.925)
    assert round(found.p_fewer, 4) == 0.0150
    assert found.p_two_sided == 2 * found.p_fewer


@given(tallies, tallies)
def test_the_tails_are_those_of_the_binomial_test(before: Tally, after: Tally) -> None:
    total, share = before.count + after.count, after.exposure / (before.exposure + after.exposure)
    found = compare(before, after)
    assert found.p_fewer == pytest.approx(stats.binom.cdf(after.count, total, share), rel=1e-9, abs=1e-300)
    assert found.p_more == pytest.approx(stats.binom.sf(after.count - 1, total, share), rel=1e-9, abs=1e-300)


@given(tallies, tallies)
def test_changing_before_and_after_turns_fewer_into_more(before: Tally, after: Tally) -> None:
    one, other = compare(before, after), compare(after, before)
    assert (one.p_fewer, one.p_more) == pytest.approx((other.p_more, other.p_fewer), rel=1e-6)
    if one.ratio and other.ratio:
        assert one.ratio.low * other.ratio.high == pytest.approx(1)
        assert one.ratio.low < one.ratio.value < one.ratio.high


def test_an_unchanged_rate_is_called_fewer_at_most_as_often_as_agreed() -> None:
    random = np.random.default_rng(6)
    for mean in (3, 20, 200):
        before, after = random.poisson(mean, 20_000), random.poisson(mean / 2, 20_000)
        assert (exact_tails(before, after, 1 / 3)[0] <= 0.025).mean() <= 0.025


@pytest.mark.parametrize(("count", "ratio"), [(30, 0.5), (120, 0.7), (60, 0.4)])
def test_the_promised_power_is_what_simulated_histories_show(count: int, ratio: float) -> None:
    random = np.random.default_rng(count)
    promised = power(Tally(count, 100), 150, ratio, 0.025)
    before, after = random.poisson(count, 20_000), random.poisson(count * 1.5 * ratio, 20_000)
    assert (exact_tails(before, after, 0.6)[0] <= 0.025).mean() == pytest.approx(promised, abs=0.015)


def test_the_exposure_that_is_needed_gives_the_power_wanted() -> None:
    needed = exposure_needed(Tally(40, 100), 0.5, 0.025, 0.8)
    assert needed is not None
    assert power(Tally(40, 100), needed, 0.5, 0.025) >= 0.8
    assert power(Tally(40, 100), needed * 0.9, 0.5, 0.025) < 0.8


def test_no_exposure_is_enough_where_hardly_anything_happened_before() -> None:
    assert exposure_needed(Tally(3, 100), 0.5, 0.025, 0.8) is None
    assert power(Tally(0, 100), 1000, 0.5, 0.025) == 0


def test_clusters_are_found_and_chance_is_not_taken_for_them() -> None:
    random = np.random.default_rng(2)
    clustered = [Tally(int(n), 1) for n in random.poisson(4, 40) * 5]
    assert dispersion(clustered) == pytest.approx(5, rel=0.5)
    steady = [dispersion([Tally(int(n), 1) for n in random.poisson(20, 40)]) for _ in range(200)]
    assert sum(spread > 1 for spread in steady) <= 20
    assert rate_ratio(Tally(40, 1), Tally(22, 1), 4).high > rate_ratio(Tally(40, 1), Tally(22, 1)).high


def test_nothing_on_both_sides_says_nothing() -> None:
    found = compare(Tally(0, 5), Tally(0, 5))
    assert (found.ratio, found.p_fewer, found.p_more) == (None, 1, 1)
    with pytest.raises(InvalidInput):
        Tally(1, 0)
