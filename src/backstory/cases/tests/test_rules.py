from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.cases import rules, taxonomy
from backstory.kernel.errors import Conflict, InvalidInput

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
FACTS = rules.ClosingFacts(frozenset({"upheld"}), "upheld", "The tank was too small.", True, 0)


@given(st.integers(1, 9999), st.lists(st.integers(1, 10**7), min_size=2, unique=True))
def test_no_two_complaints_of_a_year_have_the_same_number(year: int, sequences: list[int]) -> None:
    assert len({rules.complaint_number(year, one) for one in sequences}) == len(sequences)


def test_a_number_reads_as_customers_quote_it() -> None:
    assert rules.complaint_number(2026, 1) == "C-2026-00001"
    assert rules.complaint_number(2026, 123456) == "C-2026-123456"
    with pytest.raises(InvalidInput):
        rules.complaint_number(2026, 0)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=3000)))
def test_a_reminder_comes_after_the_promise_and_at_most_a_day_ahead(made: datetime, wait: timedelta) -> None:
    at = rules.reminder_at(made, made + wait)
    assert made <= at <= made + wait
    assert made + wait - at <= rules.REMIND_BEFORE


@pytest.mark.parametrize(
    ("state", "step", "after"),
    [
        ("suggested", "accept", "open"),
        ("open", "keep", "kept"),
        ("broken", "keep", "kept"),
        ("open", "break", "broken"),
    ],
)
def test_a_promise_moves_on(state: str, step: str, after: str) -> None:
    assert rules.promise_after(state, step) == after


@given(st.sampled_from(["kept", "dismissed"]), st.sampled_from(sorted(rules.PROMISE_STEPS)))
def test_a_promise_that_is_over_stays_over(state: str, step: str) -> None:
    with pytest.raises(Conflict):
        rules.promise_after(state, step)


def test_what_is_complete_may_be_closed() -> None:
    assert rules.obstacles_to_closing(FACTS) == []


def test_the_error_names_everything_that_is_missing_before_closing() -> None:
    bare = rules.ClosingFacts(frozenset({"upheld"}), "", "  ", False, 2)
    with pytest.raises(InvalidInput) as error:
        rules.ensure_closable(bare)
    assert error.value.field == "outcome"
    for word in ("upheld", "reason", "cause", "2 promises"):
        assert word in str(error.value)


FORESTS = st.integers(1, 25).flatmap(
    lambda size: st.lists(st.integers(-1, size - 1), min_size=size, max_size=size).map(
        # A parent always has a lower number, so nothing lies under itself.
        lambda parents: {node: (parent if 0 <= parent < node else None) for node, parent in enumerate(parents)}
    )
)


@given(FORESTS)
def test_a_tree_lists_every_cause_once_below_its_parent(parents: dict[int, int | None]) -> None:
    listed = rules.depth_first(parents, parents)
    depths = dict(listed)
    assert sorted(depths) == sorted(parents) and len(listed) == len(parents)
    for node, parent in parents.items():
        assert depths[node] == (0 if parent is None else depths[parent] + 1)
        if parent is not None:
            assert [pk for pk, _ in listed].index(parent) < [pk for pk, _ in listed].index(node)


@given(FORESTS, st.data())
def test_no_move_puts_a_cause_below_itself(parents: dict[int, int | None], data: st.DataObject) -> None:
    moved = data.draw(st.sampled_from(sorted(parents)))
    target = data.draw(st.sampled_from([None, *sorted(parents)]))
    try:
        rules.ensure_no_loop(parents, moved, target)
    except InvalidInput:
        return
    after = {**parents, moved: target}
    assert len(rules.depth_first(after, after)) == len(after)  # a loop would hang from no root


def test_a_cause_whose_parent_is_not_listed_stays_in_the_list() -> None:
    assert rules.depth_first({2: 1, 3: 2}, [2, 3]) == [(2, 0), (3, 1)]


def test_what_a_reading_guesses_of_health_and_hardship_is_not_kept() -> None:
    kept = rules.kept_reading({"severity": {"level": 3}, "vulnerability": [{"text": "my baby has croup"}]})
    assert kept == {"severity": {"level": 3}}


def test_the_likeliest_cause_is_suggested_and_none_where_there_is_none() -> None:
    assert rules.suggested_cause({"cause": [{"label": "delay", "p": 0.2}, {"label": "billing", "p": 0.7}]}) == "billing"
    assert rules.suggested_cause({"cause": None}) == ""


def test_the_default_causes_have_slugs_of_their_own() -> None:
    slugs = [cause.slug for cause in taxonomy.DEFAULT_CAUSES]
    assert len(set(slugs)) == len(slugs) == 14
