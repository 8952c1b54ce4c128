"""From a frozen plan to a verdict: through the pages, over simulated months."""

import html
import random
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client

from backstory.cases.models import Cause, Complaint
from backstory.conversations.models import Conversation
from backstory.improvement import tasks
from backstory.improvement.models import ExposureSeries, Problem, ProofPlan
from backstory.kernel import clock
from backstory.kernel.errors import Conflict
from backstory.people.models import Customer
from backstory.web.tests.conftest import HTMX

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
BASELINE_WEEKS, WEEKLY = 16, 1000


def moment(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def week(number: int) -> date:
    return MONDAY + timedelta(weeks=number)


def text_of(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def tank() -> Cause:
    return Cause.objects.create(name="Tank too small", slug="tank")


@pytest.fixture
def complain(cast, tank):
    """So many complaints about the tank in the week that begins on a Monday, on its days in turn."""
    maya = Customer.objects.create(name="Maya Ortiz")

    def complain(monday: date, count: int, channel: str = "email") -> None:
        for number in range(count):
            at = moment(monday + timedelta(days=number % 7))
            thread = Conversation.objects.create(
                customer=maya, mailbox=cast.mailbox, team=cast.care, channel=channel, last_message_at=at
            )
            Complaint.objects.create(
                number=f"C-{monday:%y%m%d}-{channel[0]}{number:02}", conversation=thread, received_at=at, cause=tank
            )

    return complain


@pytest.fixture
def before(complain) -> None:
    chance = random.Random(7)
    for number in range(BASELINE_WEEKS):
        complain(week(number), 8 + chance.choice((-3, -2, -1, 0, 0, 1, 2, 3)))


def enter(bob: Client, first: int, last: int) -> ExposureSeries:
    """Orders of these weeks, a thousand each, entered on the page."""
    if not ExposureSeries.objects.exists():
        bob.post("/exposure/add/", {"name": "Orders", "unit": "orders", "source": "entered", "team": ""})
    series = ExposureSeries.objects.get()
    lines = "\n".join(f"{week(number)}, {WEEKLY}" for number in range(first, last))
    bob.post("/exposure/add/", {"series": series.pk, "weeks": lines})
    return series


@pytest.fixture
def problem(bob, cast, tank, before) -> Problem:
    with clock.travel(moment(week(BASELINE_WEEKS))):
        form = {"title": "Cold after the evening", "team": cast.care.pk, "cause": [tank.pk]}
        bob.post("/problems/open/", form)
        found = Problem.objects.get()
        for state in ("confirmed", "fixing"):
            bob.post(f"/problems/{found.pk}/state/", {"state": state})
        bob.post(f"/problems/{found.pk}/link/", {"all": "1"})
    return found


def plan(series: ExposureSeries, **other: str) -> dict[str, str]:
    start = week(BASELINE_WEEKS)
    return {
        "baseline_first": week(0).isoformat(),
        "baseline_last": (start - timedelta(days=1)).isoformat(),
        "start": start.isoformat(),
        "end": (start + timedelta(weeks=12)).isoformat(),
        "series": str(series.pk),
        "kind": "u",
        "target": "50",
        **other,
    }


def fixed(bob: Client, cast, problem: Problem) -> None:
    """Planned, frozen, done: the pages in their order, all on the first day of the fix."""
    at = f"/problems/{problem.pk}"
    with clock.travel(moment(week(BASELINE_WEEKS), 11)):
        series = enter(bob, 0, BASELINE_WEEKS)
        due = week(BASELINE_WEEKS).isoformat()
        bob.post(f"{at}/fixes/add/", {"text": "A second tank", "owner": cast.bob.pk, "due": due})
        fix = problem.fixes.get()
        early = bob.post(f"{at}/fixes/{fix.pk}/", {"done": due}, headers=HTMX)
        assert early.status_code == 422 and "freeze how it will be judged" in text_of(early)
        bob.post(f"{at}/freeze/", plan(series, fix=str(fix.pk)))
        bob.post(f"{at}/fixes/{fix.pk}/", {"done": due})
        bob.post(f"{at}/state/", {"state": "watching"})
    problem.refresh_from_db()
    assert problem.state == "watching"


def test_a_fix_is_frozen_proven_and_its_return_reopens_the_problem_and_tells_the_owner(
    bob, cast, problem, complain, mailoutbox
) -> None:
    fixed(bob, cast, problem)
    at, start = f"/problems/{problem.pk}", BASELINE_WEEKS
    for number in range(start, start + 12):
        complain(week(number), 2 if number % 2 else 3)
    enter(bob, start, start + 12)
    with clock.travel(moment(week(start + 12) + timedelta(days=1))):
        tasks.judge_plans.call_local()
        shown = text_of(bob.get(f"{at}/fixes/"))
        assert "Reduced" in shown and "It happens less often" in shown and "How this is computed" in shown
        bob.post(f"{at}/state/", {"state": "proven"})
        problem.refresh_from_db()
        assert problem.state == "proven" and mailoutbox == []
    for number in range(start + 12, start + 16):
        complain(week(number), 12)
    enter(bob, start + 12, start + 16)
    with clock.travel(moment(week(start + 16))):
        tasks.judge_plans.call_local()
        tasks.judge_plans.call_local()
        tasks.tell_owners.call_local()
        problem.refresh_from_db()
        assert problem.state == "reopened" and "It is back since the week of" in problem.state_reason
        tasks.tell_owner.call_local(problem.pk)
        tasks.tell_owner.call_local(problem.pk)
        assert [letter.to for letter in mailoutbox] == [["bob@desk.example"]]
        assert "Cold after the evening" in mailoutbox[0].subject and "open again" in mailoutbox[0].body
        assert "It is back" in text_of(bob.get(f"{at}/fixes/"))


def test_a_fix_that_changed_nothing_is_not_called_reduced(bob, cast, problem, complain) -> None:
    fixed(bob, cast, problem)
    for number in range(BASELINE_WEEKS, BASELINE_WEEKS + 12):
        complain(week(number), 8 if number % 2 else 7)
    enter(bob, BASELINE_WEEKS, BASELINE_WEEKS + 12)
    with clock.travel(moment(week(BASELINE_WEEKS + 12) + timedelta(days=1))):
        tasks.judge_plans.call_local()
        assert "Not shown" in text_of(bob.get(f"/problems/{problem.pk}/fixes/"))
        refused = bob.post(f"/problems/{problem.pk}/state/", {"state": "proven"}, headers=HTMX)
        assert refused.status_code == 422 and "Only a proof" in text_of(refused)


def test_doubled_complaints_after_a_new_qr_code_are_no_failure(bob, cast, problem, complain) -> None:
    fixed(bob, cast, problem)
    at = f"/problems/{problem.pk}"
    for number in range(BASELINE_WEEKS, BASELINE_WEEKS + 12):
        complain(week(number), 16)
    enter(bob, BASELINE_WEEKS, BASELINE_WEEKS + 12)
    with clock.travel(moment(week(BASELINE_WEEKS + 12) + timedelta(days=1))):
        assert "Worse" in text_of(bob.get(f"{at}/fixes/"))
        day = week(BASELINE_WEEKS).isoformat()
        bob.post(f"{at}/reporting/", {"day": day, "kind": "qr", "ease": "easier", "text": "QR code on every boiler"})
        shown = text_of(bob.get(f"{at}/fixes/"))
        assert "Not shown" in shown and "That alone could explain" in shown
        bob.post(f"{at}/rate/", {"day": (week(0)).isoformat(), "asked": "400", "complained": "40"})
        bob.post(f"{at}/rate/", {"day": week(BASELINE_WEEKS + 6).isoformat(), "asked": "400", "complained": "240"})
        shown = text_of(bob.get(f"{at}/fixes/"))
        assert "Reduced" in shown and "times as readily as before" in shown


def test_a_frozen_plan_never_changes_and_a_second_one_needs_a_reason(bob, cast, problem) -> None:
    fixed(bob, cast, problem)
    first = ProofPlan.objects.get()
    first.target = "0.9"
    with pytest.raises(Conflict), transaction.atomic():
        first.save()
    at = f"/problems/{problem.pk}"
    with clock.travel(moment(week(BASELINE_WEEKS) + timedelta(days=2))):
        refused = bob.post(f"{at}/freeze/", plan(first.series, target="70"), headers=HTMX)
        assert refused.status_code == 422 and "why another plan" in text_of(refused)
        bob.post(f"{at}/freeze/", plan(first.series, target="70", reason="The supplier could only do half"))
        shown = text_of(bob.get(f"{at}/fixes/"))
    assert "The supplier could only do half" in shown and "only after the fix was in place" in shown
    assert ProofPlan.objects.count() == 2 and str(ProofPlan.objects.get(pk=first.pk).target) == "0.50"


def test_complaints_that_change_afterwards_do_not_change_the_frozen_baseline(bob, cast, problem) -> None:
    fixed(bob, cast, problem)
    frozen = ProofPlan.objects.get()
    Complaint.objects.update(cause=None)
    again = ProofPlan.objects.get()
    assert again.baseline == frozen.baseline and sum(row[1] for row in again.baseline) > 100
    assert all(row[2] == WEEKLY for row in again.baseline)


def test_weeks_without_a_known_exposure_are_left_out_and_said_so(bob, cast, problem, complain) -> None:
    fixed(bob, cast, problem)
    complain(week(BASELINE_WEEKS), 3)
    with clock.travel(moment(week(BASELINE_WEEKS + 2))):
        shown = text_of(bob.get(f"/problems/{problem.pk}/fixes/"))
        assert "The exposure of 2 weeks since the fix is not known" in shown
        enter(bob, BASELINE_WEEKS, BASELINE_WEEKS + 2)
        assert "is not known" not in text_of(bob.get(f"/problems/{problem.pk}/fixes/"))
        assert "Insufficient data" in text_of(bob.get(f"/problems/{problem.pk}/fixes/"))


def test_what_is_told_beforehand_is_proven_by_the_same_means(bob, cast, problem, complain) -> None:
    at, start = f"/problems/{problem.pk}", BASELINE_WEEKS
    with clock.travel(moment(week(start))):
        series = enter(bob, 0, start)
        told = {"text": "A tank holds 80 litres.", "place": "letter", "where": "The offer"}
        bob.post(f"{at}/notes/add/", {**told, "began": week(start).isoformat(), "cause": ""})
        note = problem.notes.get()
        bob.post(f"{at}/freeze/", plan(series, note=str(note.pk)))
    for number in range(start, start + 12):
        complain(week(number), 2)
    enter(bob, start, start + 12)
    with clock.travel(moment(week(start + 12) + timedelta(days=1))):
        shown = text_of(bob.get(f"{at}/notes/"))
        assert "A tank holds 80 litres." in shown and "Reduced" in shown
        assert "Write down first how the fix will be judged" in text_of(bob.get(f"{at}/fixes/"))


def test_contacts_are_counted_from_the_desk_s_own_conversations(bob, cast, problem) -> None:
    bob.post("/exposure/add/", {"name": "Contacts", "unit": "contacts", "source": "conversations", "team": ""})
    series = ExposureSeries.objects.get()
    with clock.travel(moment(week(BASELINE_WEEKS))):
        Conversation.objects.update(created_at=moment(week(3)))
        refused = bob.post(f"/problems/{problem.pk}/freeze/", plan(series), headers=HTMX)
        assert refused.status_code == 422 and "exposure of too many" in text_of(refused)


@pytest.mark.parametrize("kind", ["u", "p", "g"])
def test_each_kind_of_chart_is_drawn_with_its_table(kind, bob, cast, problem) -> None:
    with clock.travel(moment(week(BASELINE_WEEKS))):
        series = enter(bob, 0, BASELINE_WEEKS)
        bob.post(f"/problems/{problem.pk}/freeze/", plan(series, kind=kind))
        shown = text_of(bob.get(f"/problems/{problem.pk}/fixes/"))
    assert f"Control chart ({kind}" in shown
