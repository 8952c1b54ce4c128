"""The arithmetic against worked examples, and what must hold for any numbers."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.insight import rules
from backstory.insight.rules import Period
from backstory.kernel.errors import InvalidInput
from backstory.measures.intervals import Share
from backstory.measures.pareto import pareto

LONDON = ZoneInfo("Europe/London")
DAYS = st.dates(date(2001, 1, 1), date(2090, 1, 1))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first = draw(DAYS)
    return Period(first, first + timedelta(days=draw(st.integers(0, 800))), LONDON)


def test_the_pareto_of_a_known_month() -> None:
    rows = pareto([("delay", 30), ("billing", 50), ("other", 20)])
    assert [(row.item, row.count, row.share, row.cumulative) for row in rows] == [
        ("billing", 50, 0.5, 0.5),
        ("delay", 30, 0.3, 0.8),
        ("other", 20, 0.2, 1.0),
    ]


def test_equal_causes_stay_in_the_order_of_the_tree() -> None:
    rows = pareto([("first", 2), ("second", 2), ("third", 9), ("fourth", 2)])
    assert [row.item for row in rows] == ["third", "first", "second", "fourth"]


def test_without_a_case_every_share_is_zero() -> None:
    assert [(row.share, row.cumulative) for row in pareto([("delay", 0)])] == [(0, 0)]


@given(st.lists(st.tuples(st.text(), st.integers(0, 10_000)), min_size=1))
def test_a_pareto_falls_and_its_shares_add_up(counts: list[tuple[str, int]]) -> None:
    rows = pareto(counts)
    assert sorted((row.item, row.count) for row in rows) == sorted(counts)
    assert [row.count for row in rows] == sorted((count for _, count in counts), reverse=True)
    assert all(a.cumulative <= b.cumulative for a, b in itertools.pairwise(rows))
    assert rows[-1].cumulative == (1 if any(count for _, count in counts) else 0)


def test_29_answers_say_nothing_and_30_do() -> None:
    assert rules.satisfaction(60, {5: 20, 2: 9}).csat is None
    shown = rules.satisfaction(60, {5: 14, 4: 10, 3: 4, 1: 2})
    assert shown.csat == Share(24, 30)
    assert shown.response == Share(30, 60)


def test_a_median_counts_those_who_still_wait_apart() -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    pairs = [(start, start + timedelta(hours=hours)) for hours in (1, 2, 30)]
    result = rules.first_response([*pairs, (start, None), (None, start)])
    assert (result.median, result.answered, result.waiting) == (timedelta(hours=2), 3, 1)


def test_nobody_answered_means_no_median() -> None:
    assert rules.first_response([]).median is None


def test_three_months_are_thirteen_calendar_weeks_up_to_today() -> None:
    period = rules.preset("3m", date(2026, 3, 18), LONDON)  # a Wednesday
    assert period.first == date(2025, 12, 22)
    assert period.first.weekday() == 0
    parts = rules.buckets(period, "week")
    assert len(parts) == 13
    assert [part.whole for part in parts] == [True] * 12 + [False]


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not a period"):
        rules.preset("9y", date(2026, 3, 18), LONDON)


def test_a_period_follows_the_desk_through_the_change_of_summer_time() -> None:
    period = Period(date(2026, 3, 29), date(2026, 3, 29), LONDON)  # clocks go forward that night
    assert period.end - period.start == timedelta(hours=23)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 2, 1), date(2026, 1, 1), "to"),
        (date(2020, 1, 1), date(2026, 1, 1), "from"),
        (date(1, 1, 1), date(1, 1, 2), "from"),
    ],
)
def test_a_period_that_cannot_be_is_refused(first: date, last: date, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Period(first, last, LONDON)
    assert caught.value.field == field


@given(periods(), st.sampled_from(["week", "month"]))
def test_buckets_cover_each_day_of_a_period_once(period: Period, step: rules.Step) -> None:
    parts = rules.buckets(period, step)
    assert parts[0].first == period.first
    assert parts[-1].last == period.last
    assert all(a.last + timedelta(days=1) == b.first for a, b in itertools.pairwise(parts))
    assert all(part.whole for part in parts[1:-1])


@given(periods(), st.data())
def test_filling_loses_no_complaint(period: Period, data: st.DataObject) -> None:
    days = st.dates(period.first, period.last)
    by_day = data.draw(st.dictionaries(days, st.integers(1, 9), max_size=20))
    rows = rules.fill(rules.buckets(period, "week"), by_day, period.first)
    assert sum(row.count or 0 for row in rows) == sum(by_day.values())
    assert len(rows) == len(rules.buckets(period, "week"))


def test_before_the_desk_began_nothing_is_known_and_after_it_nothing_is_zero() -> None:
    period = Period(date(2026, 3, 2), date(2026, 3, 22), LONDON)
    rows = rules.fill(rules.buckets(period, "week"), {date(2026, 3, 17): 2}, known_since=date(2026, 3, 11))
    assert [row.count for row in rows] == [None, 0, 2]


def test_a_cause_counts_with_everything_below_it() -> None:
    parents = {1: None, 2: 1, 3: 2, 4: None}
    assert rules.descendants(parents, 1) == {1, 2, 3}
    assert rules.top_of(parents, 3) == 1
    assert rules.top_of({5: 6, 6: 5}, 5) in (5, 6)
