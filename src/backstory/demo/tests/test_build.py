"""The demo company is built by real actions, once, and as its plan says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from time import process_time

import pytest
from huey.contrib.djhuey import HUEY
from pytest_django import DjangoDbBlocker
from rich.console import Console

from backstory.cases.models import Backstory, Complaint, ComplaintPlaybook, ConductDecision, Promise, Reading
from backstory.cases.queries import complaints_by_place, themes
from backstory.conversations.models import Conversation, Delivery, Draft, Message, RawMessage
from backstory.conversations.queries import queue, rows
from backstory.demo import show
from backstory.demo.build import PASSWORD, Summary, build
from backstory.insight.alarms import early_warning
from backstory.insight.inputs import MOUTH
from backstory.insight.known import figures
from backstory.insight.queries import period_for
from backstory.insight.silent import silent
from backstory.kernel import clock
from backstory.live import bus
from backstory.live.models import Event
from backstory.people.models import User
from backstory.practice.queries import assignments, open_assignments, sessions, together
from backstory.recovery.models import Connector, Remedy, StageUpdate, Survey, Transfer
from backstory.recovery.queries import count_stuck, due_transfers

pytestmark = pytest.mark.django_db  # without a marked test pytest-django sets up no database at all
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
LIMIT = 40
TOLD: list[tuple[str, int, int]] = []


@pytest.fixture(scope="module")
def company(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Summary]:
    """The demo company at reduced scale, built once for this file and rolled back after it."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        waiting = HUEY.pending_count()
        with clock.travel(NOW):
            yield build(lambda *told: TOLD.append(told), limit=LIMIT)
        assert HUEY.pending_count() == waiting, "the build woke a worker"
        transaction.set_rollback(True)


def counts() -> list[int]:
    models = (User, Conversation, Message, Complaint, Promise, Survey, Event, Delivery, RawMessage, Reading)
    return [model.objects.count() for model in models]  # type: ignore[attr-defined]


def test_a_second_build_changes_nothing(company: Summary) -> None:
    before = counts()
    again = build(limit=LIMIT)
    assert (company.built, again.built) == (True, False)
    assert counts() == before


def test_customers_are_kept_informed_and_an_offer_waits_for_one(company: Summary) -> None:
    assert StageUpdate.objects.filter(state="sent").exists() and StageUpdate.objects.filter(state="planned").exists()
    assert Remedy.objects.filter(offered_at__isnull=False, answer="", carried_out_at=None).exists()


def test_several_playbooks_are_at_work_and_abuse_was_decided_on(company: Summary) -> None:
    held = set(ComplaintPlaybook.objects.values_list("version__playbook__slug", flat=True))
    assert {"general", "safety-hazard", "abusive-contact"} <= held
    assert ConductDecision.objects.filter(kind="warning", state="standing", review_at__gt=NOW).exists()


def test_what_fits_no_cause_was_put_together_as_a_theme(company: Summary) -> None:
    shown = themes(User.objects.get(email="bob@kestrel-heating.example"))
    assert any("van" in word for one in shown for word in one.theme.words) and shown[0].size >= 7


def test_a_cause_that_rose_this_week_rang_and_what_it_costs_is_told(company: Summary) -> None:
    lead = User.objects.get(email="bob@kestrel-heating.example")
    rung = early_warning(lead)
    assert [view.alarm.cause and view.alarm.cause.slug for view in rung.open] == ["access"]
    assert [one.key for one in figures().missing(MOUTH)] == list(MOUTH)
    assert [row.name for row in silent(lead, period_for("6m")).hard] in (["Billing"], [])


def test_a_build_is_quick(company: Summary) -> None:
    assert LIMIT <= company.conversations <= LIMIT + 50  # and those of the extra scenes
    started = process_time()
    build(limit=LIMIT)
    assert process_time() - started < 5


def test_tom_is_the_first_thing_that_an_agent_sees(company: Summary) -> None:
    alice = User.objects.get(email="alice@kestrel-heating.example")
    first = rows(queue(alice, "open"))[0]
    assert (first.customer_name, first.assignee_name, first.state) == ("Tom Brannigan", None, "open")
    conversation = Conversation.objects.get(pk=first.id)
    assert NOW - conversation.last_message_at < timedelta(minutes=30)
    assert conversation.messages.count() == 1
    assert not Complaint.objects.filter(conversation=conversation).exists()


def test_every_customer_message_has_a_reading(company: Summary) -> None:
    assert Message.objects.filter(direction="in").exists()
    assert not Message.objects.filter(direction="in", reading=None).exists()


def test_everything_sent_was_sent_at_its_moment(company: Summary) -> None:
    assert Delivery.objects.exists()
    assert set(Delivery.objects.values_list("state", flat=True)) <= {Delivery.State.SENT, Delivery.State.FAILED}
    for delivery in Delivery.objects.select_related("message").filter(state=Delivery.State.SENT):
        assert delivery.sent_at == delivery.message.created_at


def test_events_and_complaint_numbers_come_in_order_of_time(company: Summary) -> None:
    moments = list(Event.objects.order_by("id").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] <= NOW
    opened = list(Complaint.objects.order_by("created_at").values_list("number", flat=True))
    assert opened == sorted(opened)


def test_replies_join_their_threads(company: Summary) -> None:
    assert Conversation.objects.count() == company.conversations
    answers = Message.objects.filter(direction="in").exclude(in_reply_to="")
    assert answers.exists()
    for answer in answers:
        parent = Message.objects.get(message_id=answer.in_reply_to)
        assert parent.conversation_id == answer.conversation_id
        assert "Kestrel Heating <" not in answer.text, "the quoted history is told apart"


def test_complaints_stand_as_their_texts_say(company: Summary) -> None:
    assert Complaint.objects.filter(state="closed").exclude(outcome="").exists()
    assert not Complaint.objects.filter(cause=None).exists()
    assert Backstory.objects.exclude(need="").exists()
    assert {"kept", "broken"} <= set(Promise.objects.values_list("state", flat=True))
    assert Survey.objects.exclude(answered_at=None).exists()


def test_states_of_the_queue_all_occur(company: Summary) -> None:
    assert set(Conversation.objects.values_list("state", flat=True)) == {"open", "waiting", "closed"}
    assert Conversation.objects.filter(state="open", assignee=None).exists()
    assert Draft.objects.count() == 1
    states = set(RawMessage.objects.values_list("state", flat=True))
    assert states == {"accepted", "quarantined", "ignored"}


def test_people_have_practised_and_alice_is_asked_to(company: Summary) -> None:
    alice = User.objects.get(email="alice@kestrel-heating.example")
    assert {one.ending for one in sessions(alice)} >= {"left", "settled"}
    assert not sessions(alice).filter(finished_at=None).exists()
    assert [one.ref for one in open_assignments(alice)] == ["mould_again.en"]
    bob = User.objects.get(email="bob@kestrel-heating.example")
    assert [(one.people, one.done) for one in assignments(bob)] == [(4, 1)]
    assert all(one.means for one in together(bob))


def test_events_wake_workers_again_after_the_build(company: Summary) -> None:
    assert bus._subscribers["message.received"]


def test_the_welcome_names_every_log_in_and_the_password(company: Summary) -> None:
    out = StringIO()
    show.print_welcome(Console(file=out, width=120))
    text = out.getvalue()
    assert PASSWORD in text
    for user in User.objects.all():
        assert user.email in text
        assert user.check_password(PASSWORD)


def test_progress_moves_forward_to_its_end(company: Summary) -> None:
    stages = {stage for stage, _, _ in TOLD}
    assert len(stages) == 2
    for stage in stages:
        steps = [(done, total) for name, done, total in TOLD if name == stage]
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1]


def test_progress_is_shown_only_while_building(company: Summary) -> None:
    out = StringIO()
    assert show.build_with_progress(Console(file=out, width=100)).built is False


def test_remedies_go_through_connectors_and_one_waits_for_a_decision(company: Summary) -> None:
    bob = User.objects.get(email="bob@kestrel-heating.example")
    states = set(Transfer.objects.values_list("state", flat=True))
    assert "done" in states
    assert count_stuck(bob) >= 1
    assert not due_transfers(NOW + timedelta(days=1))
    assert not Connector.objects.filter(kind="stripe", is_active=True).exists()


def test_codes_hang_in_the_world_and_are_scanned(company: Summary) -> None:
    rows = complaints_by_place(NOW - timedelta(days=90), NOW)
    assert len(rows) == 4
    assert all(row.scans > 10 for row in rows[:3])
