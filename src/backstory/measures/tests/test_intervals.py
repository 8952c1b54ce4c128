"""Intervals against worked examples, and what must hold for any counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.kernel.errors import InvalidInput
from backstory.measures.intervals import Share, difference, wilson

pytestmark = pytest.mark.once


def test_84_satisfied_of_100_lie_between_75_6_and_89_9_percent() -> None:
    low, high = wilson(84, 100)
    assert (round(low, 3), round(high, 3)) == (0.756, 0.899)


def test_none_of_ten_may_still_be_more_than_a_quarter() -> None:
    low, high = wilson(0, 10)
    assert low == 0
    assert round(high, 3) == 0.278


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_stays_between_0_and_1(pair: tuple[int, int]) -> None:
    low, high = wilson(*pair)
    assert 0 <= low <= pair[0] / pair[1] <= high <= 1
    assert low < high


@given(st.integers(0, 50), st.integers(1, 50))
def test_an_interval_mirrors_when_yes_and_no_change_places(count: int, rest: int) -> None:
    low, high = wilson(count, count + rest)
    mirrored = wilson(rest, count + rest)
    assert mirrored == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize("pair", [(1, 0), (5, 4), (-1, 4)])
def test_an_impossible_share_is_refused(pair: tuple[int, int]) -> None:
    with pytest.raises(InvalidInput):
        wilson(*pair)


def test_a_share_of_nothing_has_no_value() -> None:
    assert Share(0, 0).value is None
    assert Share(0, 0).interval is None


def test_the_difference_of_two_shares_is_newcombes_of_the_paper() -> None:
    low, high = difference(Share(56, 70), Share(48, 80)) or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)
    assert difference(Share(0, 0), Share(1, 2)) is None
