"""Iceberg, market damage and Pareto: Goodman's worked example and its levers, to the customer."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.kernel.errors import InvalidInput
from backstory.measures.damage import (
    Levers,
    Market,
    Uncertain,
    WordOfMouth,
    asking_pays,
    counts,
    damage,
    draw_outcomes,
    pulled,
    summary,
)
from backstory.measures.iceberg import iceberg, is_hard_to_complain
from backstory.measures.intervals import Estimate, Share
from backstory.measures.pareto import ranked

pytestmark = pytest.mark.once

GOODMAN = Market(200_000, 0.30, 0.25, 0.40, 0.30, 0.30, 0.45, 0.10, 0.30, 0.60, 100)
chances = st.floats(0, 1)


def test_the_worked_example_loses_24_900_customers_worth_2_490_000() -> None:
    found = damage(GOODMAN)
    cells = {name: round(lost) for name, lost in found.cells.items()}
    assert cells == {"silent": 20_250, "satisfied": 600, "mollified": 1_350, "dissatisfied": 2_700}
    assert (round(found.lost), round(found.value), found.word_of_mouth) == (24_900, 2_490_000, None)


@pytest.mark.parametrize(
    ("levers", "lost"),
    [
        (Levers(complaint_rate=0.40), 23_640),
        (Levers(outcomes=(0.60, 0.20, 0.20)), 23_850),
        (Levers(complaint_rate=0.40, outcomes=(0.60, 0.20, 0.20)), 21_960),
        (Levers(problems=0.9), 22_410),
    ],
)
def test_each_lever_saves_what_the_textbook_says(levers: Levers, lost: int) -> None:
    assert round(damage(pulled(GOODMAN, levers)).lost) == lost


def test_asking_for_complaints_pays_only_where_complainers_leave_less() -> None:
    assert asking_pays(GOODMAN)
    badly = replace(GOODMAN, satisfied=0.1, mollified=0.1, dissatisfied=0.8)
    assert not asking_pays(badly)
    assert damage(pulled(badly, Levers(complaint_rate=0.4))).lost > damage(badly).lost


def test_who_would_have_left_anyway_is_not_counted() -> None:
    assert round(damage(replace(GOODMAN, baseline=0.05)).lost) == 24_900 - round(60_000 * 0.05)


def test_word_of_mouth_is_counted_by_cell_less_what_good_words_bring() -> None:
    words = WordOfMouth(10, 5, 8, 16, sale_lost=0.01, sale_won=0.02)
    bad = (45_000 * 10 + 4_500 * 8 + 4_500 * 16) * 0.01 * 100
    assert damage(GOODMAN, words).word_of_mouth == pytest.approx(bad - 6_000 * 5 * 0.02 * 100)


@given(st.floats(0, 1e6), chances, chances, chances)
def test_cells_add_up_to_everybody_with_the_problem(n: float, p: float, c: float, s: float) -> None:
    market = replace(
        GOODMAN, customers=n, problem_rate=p, complaint_rate=c, satisfied=s, mollified=1 - s, dissatisfied=0
    )
    assert sum(float(many) for many in counts(market).values()) == pytest.approx(n * p)


def test_impossible_inputs_are_refused() -> None:
    with pytest.raises(InvalidInput):
        replace(GOODMAN, complaint_rate=1.2)
    with pytest.raises(InvalidInput):
        replace(GOODMAN, satisfied=0.9)


def test_doubt_of_the_inputs_becomes_doubt_of_the_damage() -> None:
    random = np.random.default_rng(1)
    rate = Uncertain(0.25, count=50, total=200).draws(random)
    s, m, d = draw_outcomes((40, 30, 30), random)
    drawn = damage(replace(GOODMAN, complaint_rate=rate, satisfied=s, mollified=m, dissatisfied=d))
    found = summary(drawn.lost, damage(GOODMAN).lost)
    assert found.low < 24_900 < found.high
    assert 100 < found.high - found.low < 2_500


def test_a_judged_range_is_a_triangle_and_a_bare_figure_is_exact() -> None:
    random = np.random.default_rng(2)
    judged = Uncertain(10, 5, 20).draws(random)
    assert 5 <= judged.min() < 6
    assert judged.mean() == pytest.approx(35 / 3, rel=0.02)
    assert set(Uncertain(7).draws(random)) == {7}


def test_a_hundred_complaints_at_a_quarter_are_four_hundred_give_or_take() -> None:
    found = iceberg(100, Share(30, 120))
    assert found.value == 400
    assert (round(found.low), round(found.high or 0)) == (299, 552)
    assert [round(silent or 0) for silent in found.silent] == [199, 452]


def test_a_sample_in_which_nobody_complained_gives_a_lower_bound_only() -> None:
    found = iceberg(12, Share(0, 30))
    assert (found.value, found.high) == (None, None)
    assert found.low == pytest.approx(12 / 0.1135, rel=0.01)
    with pytest.raises(InvalidInput):
        iceberg(5, Share(0, 0))


@given(st.integers(0, 10_000), st.integers(1, 1000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_never_fewer_have_the_problem_than_complained(complaints: int, pair: tuple[int, int]) -> None:
    found = iceberg(complaints, Share(*pair))
    assert complaints <= found.low <= (found.value if found.value is not None else found.low)


def test_few_complaints_and_many_leavers_point_to_a_place_where_complaining_is_hard() -> None:
    desk, churn = Share(300, 1000), Share(100, 1000)
    assert is_hard_to_complain(Share(5, 100), desk, Share(30, 100), churn)
    assert not is_hard_to_complain(Share(5, 100), desk, Share(12, 100), churn)
    assert not is_hard_to_complain(Share(28, 100), desk, Share(30, 100), churn)
    assert not is_hard_to_complain(Share(0, 0), desk, Share(30, 100), churn)


def test_the_most_frequent_cause_need_not_be_the_dearest() -> None:
    rows = ranked([("late", 80, Estimate(10, 5, 20)), ("wrong bill", 9, Estimate(90, 40, 200)), ("rude", 3, None)])
    assert [(row.item, row.by_count, row.by_damage, row.moved) for row in rows] == [
        ("late", 1, 2, -1),
        ("wrong bill", 2, 1, 1),
        ("rude", 3, None, 0),
    ]
