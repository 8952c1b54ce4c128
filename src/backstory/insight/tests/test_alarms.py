"""Early warning on rows: rung once, for those who may see it, and answered for."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from backstory.cases.actions import open_complaint, set_cause
from backstory.cases.models import Cause, Complaint
from backstory.conversations.models import Message
from backstory.insight import actions, alarms
from backstory.insight.models import Alarm, WatchedDay
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backstory.live.models import Event
from backstory.live.phrases import sentence
from backstory.people.actions import add_user
from backstory.people.models import Role

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
Write = Callable[..., Message]


@pytest.fixture
def history(cast: Any, write: Write) -> Iterator[Callable[[str, int, int], None]]:
    """Complaints of a cause, so many a day, from the given number of days ago until yesterday."""
    made = 0

    def complaints(slug: str, many: int, days: int, every: int = 1) -> None:
        nonlocal made
        for back in range(days, 0, -every):
            for _ in range(many):
                made += 1
                with clock.travel(NOW - timedelta(days=back)):
                    message = write(f"This is number {made}", sender=f"customer{made}@customer.example")
                    complaint = open_complaint(cast.alice, message.conversation_id)
                    set_cause(cast.alice, complaint.pk, Cause.objects.get(slug=slug).pk)

    with clock.travel(NOW):
        yield complaints


@pytest.fixture
def risen(history: Callable[..., None], cast: Any) -> Alarm:
    history("delay", 1, 60, 6)
    history("billing", 2, 4)
    assert actions.watch() == 1
    return Alarm.objects.get()


def test_a_rise_rings_once_with_what_was_usual_and_since_when(risen: Alarm, cast: Any) -> None:
    assert (risen.cause and risen.cause.slug, risen.channel, risen.observed) == ("billing", "", 6)
    assert (risen.since, risen.raised_on) == (date(2026, 3, 14), date(2026, 3, 17))
    assert risen.expected < 1 and risen.p < 1e-4
    assert actions.watch() == 0
    with clock.travel(NOW + timedelta(days=1)):
        assert actions.watch() == 0  # still open: nobody is told twice
    told = Event.objects.get(kind="alarm.raised")
    assert sentence(told) == "More complaints than usual (Billing): 6 in 3 days, hardly any were usual."
    assert (told.team_id, told.conversation_id) == (cast.care.pk, None)


def test_a_steady_desk_is_watched_and_nothing_rings(history: Callable[..., None]) -> None:
    history("delay", 1, 60, 2)
    assert actions.watch() == 0
    assert WatchedDay.objects.get().series == 1


def test_a_young_desk_has_no_usual_to_rise_above(history: Callable[..., None], cast: Any) -> None:
    history("billing", 3, 5)
    assert actions.watch() == 0
    assert not alarms.early_warning(cast.bob).enough_history


def test_days_lost_to_a_pause_are_made_good(history: Callable[..., None]) -> None:
    history("delay", 1, 60, 6)
    actions.watch()
    with clock.travel(NOW + timedelta(days=3)):
        actions.watch()
    assert WatchedDay.objects.count() == 4
    with clock.travel(NOW + timedelta(days=100)):
        actions.watch()
    assert WatchedDay.objects.count() == 4 + 14


def test_the_page_shows_the_days_around_it_and_only_to_its_own_leads(risen: Alarm, cast: Any) -> None:
    page = alarms.early_warning(cast.bob)
    (shown,) = page.open
    assert sum(count for _, count, _ in shown.days) == 8
    assert page.per_month == pytest.approx(1)
    with pytest.raises(NotAllowed):
        alarms.early_warning(cast.alice)
    eve = add_user("eve@desk.example", "Eve", "correct horse battery", Role.LEAD, (cast.parts,))
    assert alarms.early_warning(eve).open == []
    assert (alarms.open_alarms(cast.bob), alarms.open_alarms(eve), alarms.open_alarms(cast.dana)) == (1, 0, 1)
    with pytest.raises(NotFound):
        actions.decide_alarm(eve, risen.pk, "seen")


def test_a_false_alarm_says_why_and_is_quiet_for_a_fortnight(risen: Alarm, cast: Any) -> None:
    with pytest.raises(InvalidInput):
        actions.decide_alarm(cast.bob, risen.pk, "false")
    actions.decide_alarm(cast.bob, risen.pk, "seen")
    actions.decide_alarm(cast.bob, risen.pk, "false", "One customer wrote eight times.")
    with pytest.raises(Conflict):
        actions.decide_alarm(cast.bob, risen.pk, "seen")
    with clock.travel(NOW + timedelta(days=1)):
        assert actions.watch() == 0


def test_a_rise_becomes_a_problem_of_its_cause_and_team(risen: Alarm, cast: Any) -> None:
    problem = actions.open_problem_from(cast.bob, risen.pk)
    assert (problem.title, problem.team_id) == ("Rising: Billing", cast.care.pk)
    assert [cause.slug for cause in problem.causes.all()] == ["billing"]
    assert "6 complaints in 3 days" in problem.description
    risen.refresh_from_db()
    assert (risen.state, risen.problem_id) == ("problem", problem.pk)
    assert "Maya" not in str(list(Event.objects.filter(kind__startswith="alarm").values_list("data", flat=True)))


def test_a_day_is_watched_once_however_many_workers_wake(risen: Alarm) -> None:
    assert Complaint.objects.count() == 18
    WatchedDay.objects.filter(day=date(2026, 3, 17)).update(series=99)
    assert actions.watch() == 0
    assert WatchedDay.objects.get(day=date(2026, 3, 17)).series == 99
