"""CSAT, NPS and CES against worked examples and scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from backstory.kernel.errors import InvalidInput
from backstory.measures.surveys import Kind, ces, csat, nps, nps_standard_error, result

pytestmark = pytest.mark.once


def test_84_of_100_satisfied_are_76_to_90_percent() -> None:
    found = csat({5: 60, 4: 24, 3: 10, 1: 6})
    assert (found.value, round(found.low, 3), round(found.high, 3)) == (0.84, 0.756, 0.899)


def test_half_promoters_and_a_fifth_detractors_of_400_are_30_from_22_3_to_37_7() -> None:
    found = nps({10: 150, 9: 50, 8: 120, 6: 40, 0: 40})
    assert [round(figure, 1) for figure in (found.value, found.low, found.high)] == [30.0, 22.3, 37.7]
    assert nps_standard_error(0.5, 0.2, 400) == pytest.approx(0.03905, abs=1e-5)


@given(st.dictionaries(st.integers(1, 7), st.integers(1, 200), min_size=2))
def test_the_interval_of_effort_is_students(scores: dict[int, int]) -> None:
    answers = [score for score, count in scores.items() for _ in range(count)]
    low, high = stats.t.interval(0.95, len(answers) - 1, loc=float(stats.tmean(answers)), scale=stats.sem(answers))
    found = ces(scores)
    assert found.value == pytest.approx(stats.tmean(answers))
    assert (found.low, found.high) == pytest.approx((max(low, 1), min(high, 7)))


@given(st.dictionaries(st.integers(0, 10), st.integers(1, 500), min_size=1))
def test_the_standard_error_of_recommendation_is_that_of_answers_worth_1_0_and_minus_1(scores: dict[int, int]) -> None:
    worth = [(score >= 9) - (score <= 6) for score, count in scores.items() for _ in range(count)]
    found = nps(scores)
    half = 1.959964 * 100 * float(np.std(worth)) / len(worth) ** 0.5
    assert found.low == pytest.approx(max(found.value - half, -100), abs=1e-4)
    assert -100 <= found.low <= found.value <= found.high <= 100


def test_below_thirty_answers_no_figure_is_shown_and_the_response_rate_is() -> None:
    few = result(Kind.CSAT, 100, {5: 29})
    assert (few.figure, few.missing, few.response.value) == (None, 1, 0.29)
    assert result(Kind.CSAT, 100, {5: 30}).figure is not None
    assert result(Kind.NPS, 7, {}).response.value == 0


@pytest.mark.parametrize(("kind", "score"), [(Kind.CSAT, 0), (Kind.CSAT, 6), (Kind.NPS, 11), (Kind.CES, 8)])
def test_a_score_outside_its_scale_is_refused(kind: Kind, score: int) -> None:
    with pytest.raises(InvalidInput):
        result(kind, 1, {score: 1})


def test_one_answer_has_no_mean_with_an_interval() -> None:
    with pytest.raises(InvalidInput):
        ces({4: 1})
