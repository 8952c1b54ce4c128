"""Strain from letter to letter, what we did in between, and how it ended."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.cases.trajectory import STRAINED, Heard, Said, Trajectory, needed_empathy, strain_of, trajectory

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
COLD = "There is never enough hot water, and nobody comes."
KIND = (
    "No hot water at night, and nobody came: that must have been frightening. I am sorry. "
    "What does this mean for you at home?"
)
RULE = "According to our terms the tank holds 80 litres. That is not true what you write."


def heard(hours: float, intensity: float, valence: float, text: str = COLD) -> Heard:
    data = {"intensity": {"overall": intensity}, "valence": valence, "ekman": {"anger": 0.7, "joy": 0.1}}
    return Heard(int(hours), MONDAY + timedelta(hours=hours), text, data)


def said(hours: float, text: str) -> Said:
    return Said(100 + int(hours), MONDAY + timedelta(hours=hours), text)


def acts(found: Trajectory) -> set[str]:
    return {deed.act for deed in found.points[-1].deeds}


def test_strain_is_strong_feeling_that_is_ill() -> None:
    assert strain_of({"intensity": {"overall": 3}, "valence": -1}) == 1
    assert strain_of({"intensity": {"overall": 3}, "valence": 1}) == 0
    assert strain_of({"intensity": {"overall": 0}, "valence": -1}) == 0
    assert strain_of({"intensity": {"overall": 1.5}, "valence": 0}) == 0.25


@pytest.mark.parametrize("data", [{}, {"intensity": None, "valence": 0.1}, {"intensity": {"overall": 2}}])
def test_where_the_engine_withholds_there_is_no_point(data: dict[str, object]) -> None:
    assert strain_of(data) is None
    assert trajectory([Heard(1, MONDAY, "…", data)], [], closed=True).points == ()


def test_after_a_reply_that_heard_them_the_line_fell_and_says_what_we_did() -> None:
    found = trajectory([heard(0, 2.7, -0.9), heard(5, 0.5, 0.2)], [said(1, KIND)], closed=True)
    assert [point.turn for point in found.points] == ["first", "fell"]
    assert {"restated", "named_feeling", "asked", "apologised"} <= acts(found)
    assert all(deed.quote in KIND and deed.message_id == 101 for deed in found.points[-1].deeds)
    assert found.ending == "recovered"


def test_after_a_quoted_rule_it_rose_and_did_not_settle() -> None:
    found = trajectory([heard(0, 1.5, -0.5), heard(5, 3, -1)], [said(1, RULE)], closed=True)
    assert found.points[-1].turn == "rose"
    assert {"quoted_rule", "argued"} <= acts(found)
    assert found.ending == "not_recovered"
    assert found.peak == found.points[-1]


def test_a_long_wait_and_a_broken_promise_stand_between_the_letters() -> None:
    broken = [MONDAY + timedelta(hours=20)]
    found = trajectory([heard(0, 1.5, -0.5), heard(50, 3, -1)], [], closed=False, broken=broken)
    assert acts(found) == {"made_wait", "broke_promise"}


def test_silence_after_our_answer_tells_nothing_while_it_is_open() -> None:
    assert trajectory([heard(0, 3, -1)], [said(1, KIND)], closed=False).ending == "unknown"
    assert trajectory([heard(0, 3, -1)], [said(1, KIND)], closed=True).ending == "not_recovered"


def test_where_nobody_was_strained_there_was_nothing_to_recover_from() -> None:
    assert trajectory([heard(0, 0.5, 0.3)], [], closed=True).ending == "calm"
    assert trajectory([], [], closed=True).ending == "unknown"


def test_a_strained_letter_needs_empathy() -> None:
    first, second = trajectory([heard(0, 3, -1), heard(5, 0.2, 0.4)], [], closed=True).points
    assert needed_empathy(first) and not needed_empathy(second)


LETTERS = st.lists(st.tuples(st.floats(0, 3), st.floats(-1, 1)), max_size=8)


@given(LETTERS)
def test_strain_stays_on_its_scale_and_every_turn_fits_its_change(letters: list[tuple[float, float]]) -> None:
    found = trajectory([heard(place, *each) for place, each in enumerate(letters)], [], closed=True)
    assert len(found.points) == len(letters)
    for before, after in zip(found.points, found.points[1:], strict=False):
        assert 0 <= after.strain <= 1
        assert (after.turn == "rose") == (round(after.strain - before.strain, 3) >= 0.15)
    if found.ending == "calm":
        assert all(point.strain < STRAINED for point in found.points)
