"""When somebody may be asked, what, and by whom a second attempt is made: the pure decisions."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.kernel import calendars
from backstory.kernel.errors import InvalidInput
from backstory.recovery import rules, wording
from backstory.recovery.rules import Colleague, Wish

pytestmark = pytest.mark.once
CLOSED = datetime(2026, 3, 2, 9, tzinfo=UTC)
DUE = timedelta(days=3)
SPANS = st.timedeltas(timedelta(days=-5), timedelta(days=90))


@given(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2), st.booleans(), st.booleans(), st.booleans(), SPANS)
def test_nobody_is_asked_before_the_fix(
    unfinished: int, unkept: int, unpaid: int, is_open: bool, second: bool, declined: bool, wait: timedelta
) -> None:
    facts = rules.AfterClosing(
        is_open, CLOSED, CLOSED + DUE, unfinished, unkept, unpaid, second_under_way=second, declined=declined
    )
    fixed = not (unfinished or unkept or unpaid or is_open or second or declined)
    assert rules.may_ask(facts, CLOSED + wait) == (fixed and DUE <= wait <= rules.ASK_WITHIN)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.timedeltas(timedelta(0), timedelta(days=200))), max_size=30),
    st.integers(0, 60),
)
def test_nobody_is_asked_twice_within_the_pause_whatever_comes_due_when(
    tries: list[tuple[int, timedelta]], rest_days: int
) -> None:
    """Each try is (which complaint of the same person, when); all of them are closed and fixed and long due."""
    rest, asked = timedelta(days=rest_days), list[tuple[int, datetime]]()
    for which, when in sorted(tries, key=lambda one: one[1]):
        moment = CLOSED + when
        here = [at for number, at in asked if number == which]
        others = [at for number, at in asked if number != which]
        facts = rules.AfterClosing(
            False,
            moment - timedelta(days=5),
            moment - timedelta(days=1),
            0,
            0,
            last_asked_at=max(others, default=None),
            last_asked_here=max(here, default=None),
            rest=rest,
        )
        if rules.may_ask(facts, moment):
            asked.append((which, moment))
    for (first, at), (then, later) in pairwise(asked):
        assert later - at >= (rest if first != then else min(rest, rules.SAME_MATTER_REST))


@pytest.mark.parametrize("kind", ["csat", "nps", "ces"])
def test_a_score_off_the_scale_is_refused(kind: str) -> None:
    scale = rules.SCALES[kind]
    for value in (scale.lowest - 1, scale.highest + 1):
        with pytest.raises(InvalidInput):
            rules.score(value, kind)
    assert [rules.score(value, kind) for value in scale.scores] == list(scale.scores)


def test_the_narrowest_wish_is_asked_and_none_asks_nothing() -> None:
    assert rules.chosen(default="nps") == Wish("nps", 6)
    assert rules.chosen(Wish(), Wish("ces"), Wish("nps"), default="csat") == Wish("ces", 2)
    assert rules.chosen(Wish("nps", 4), default="csat") == Wish("nps", 4)
    assert rules.chosen(Wish("none"), Wish("nps")).kind is None


@pytest.mark.parametrize(("kind", "low"), [("csat", 5), ("csat", 0), ("nps", 10), ("ces", 7), ("none", 1)])
def test_a_threshold_has_to_lie_on_its_scale_below_the_best(kind: str, low: int) -> None:
    with pytest.raises(InvalidInput):
        rules.ensure_low_fits(kind, low)


PEOPLE = st.lists(
    st.builds(Colleague, st.integers(1, 8), st.booleans(), st.integers(0, 3)), max_size=8, unique_by=lambda one: one.pk
)


@given(PEOPLE, st.none() | st.integers(1, 8))
def test_a_second_attempt_never_begins_with_whoever_made_the_first(team: list[Colleague], before: int | None) -> None:
    owner = rules.second_owner(team, before)
    leads = {each.pk for each in team if each.is_lead} - {before}
    assert (owner in leads) if leads else owner is None


@given(PEOPLE, st.none() | st.integers(1, 8))
def test_a_follow_up_stays_with_its_owner_while_they_are_there(team: list[Colleague], wanted: int | None) -> None:
    here = {each.pk for each in team}
    found = rules.keeper(team, wanted)
    assert found == wanted if wanted in here and wanted else found in (here or {None})


HOURS = calendars.parse({"tz": "Europe/London", "days": "0-4", "open": "09:00", "close": "17:00"})


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), st.integers(1, 60))
def test_a_follow_up_is_due_on_a_working_day_not_before_its_time(begun: datetime, days: int) -> None:
    due = rules.due_at(begun, days, HOURS)
    assert HOURS.local(due).weekday() < 5 and HOURS.local(due).hour == 17
    late = HOURS.local(due).date() - HOURS.local(begun).date()
    assert days <= late.days <= days + 2


@given(st.sampled_from(["csat", "nps", "ces"]), st.text(max_size=10), st.text(max_size=30))
def test_every_letter_offers_every_score_by_a_link(kind: str, language: str, name: str) -> None:
    letter = wording.write_survey(kind, language, number="C-1", name=name, link="https://desk.example/survey/t/")
    for score in rules.SCALES[kind].scores:
        assert letter.text.count(f"/survey/t/?score={score}&") == 1
    assert "C-1" in letter.text and "\n" not in letter.subject


def test_the_question_speaks_four_languages() -> None:
    for kind in rules.SCALES:
        asked = {rules.question(kind, code).text for code in ("en", "de-AT", "es", "fr")}
        assert len(asked) == 4 and rules.question(kind, "pl").language == "en"
