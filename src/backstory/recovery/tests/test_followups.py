import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from backstory.cases.actions import (
    add_resolution_action,
    finish_resolution_action,
    reopen_complaint,
    save_backstory,
)
from backstory.cases.models import Complaint, Promise
from backstory.conversations.actions import add_note, send_reply
from backstory.conversations.models import Conversation, Delivery, Message
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backstory.live import bus
from backstory.live.models import Event
from backstory.people.actions import set_language
from backstory.people.models import Identity
from backstory.recovery import actions, queries, tasks
from backstory.recovery.models import ClosingNotice, Survey
from conftest import Cast

Close = Callable[[Complaint], Complaint]


def token_in(text: str, page: str) -> str:
    found = re.search(rf"/{page}/([^/\s]+)/", text)
    assert found, text
    return found.group(1)


def in_days(days: float) -> object:
    return clock.travel(clock.ahead(days=days))


@pytest.fixture
def asked(complaint: Complaint, close: Close) -> Survey:
    """A survey that went out after the fix."""
    actions.schedule_survey(close(complaint).pk)
    with clock.travel(clock.ahead(days=4)):
        assert actions.send_due_surveys() == 1
    return Survey.objects.get()


def test_closing_wakes_the_follow_up() -> None:
    assert tasks.follow_up in bus._subscribers["complaint.closed"]


def test_the_customer_is_told_once_for_each_closing(cast: Cast, complaint: Complaint, close: Close) -> None:
    assert actions.send_closing_notice(complaint.pk) is None
    close(complaint)
    tasks.follow_up.call_local(complaint.pk)
    tasks.follow_up.call_local(complaint.pk)
    notice = ClosingNotice.objects.get()
    assert Delivery.objects.filter(kind=Delivery.Kind.NOTICE).count() == 1
    assert notice.message and notice.message.delivery.kind == Delivery.Kind.NOTICE
    assert complaint.number in notice.message.text and "Maya" in notice.message.text
    assert Conversation.objects.get().state == Conversation.State.CLOSED
    reopen_complaint(cast.alice, complaint.pk)
    with clock.travel(clock.ahead(days=1)):
        close(complaint)
        tasks.follow_up.call_local(complaint.pk)
    assert ClosingNotice.objects.count() == 2


def test_letters_are_in_the_customers_language(complaint: Complaint, close: Close) -> None:
    set_language(complaint.conversation.customer_id, "de")
    notice = actions.send_closing_notice(close(complaint).pk)
    assert notice and notice.message and "Ihre Beschwerde" in notice.message.subject


def test_nobody_to_write_to_is_no_failure(complaint: Complaint, close: Close) -> None:
    Identity.objects.all().delete()
    Message.objects.update(answer_address="")
    close(complaint)
    tasks.follow_up.call_local(complaint.pk)
    assert ClosingNotice.objects.get().message is None
    with clock.travel(clock.ahead(days=4)):
        assert actions.send_due_surveys() == 0
        assert queries.due_surveys(clock.now()) == []  # looked at again tomorrow
    assert Survey.objects.get().sent_at is None


def test_a_lost_wake_up_is_found_by_the_sweep(complaint: Complaint, close: Close) -> None:
    close(complaint)
    moment = clock.ahead(minutes=5)
    assert queries.overlooked_closings(moment, moment - tasks.LOOK_BACK) == [complaint.pk]
    tasks.follow_up.call_local(complaint.pk)
    assert queries.overlooked_closings(moment, moment - tasks.LOOK_BACK) == []


def test_the_survey_waits_for_its_day_and_for_the_fix(cast: Cast, complaint: Complaint, close: Close) -> None:
    step = add_resolution_action(
        cast.alice, complaint.pk, serves="cause", text="Second tank", due_at=clock.ahead(days=5)
    )
    actions.schedule_survey(close(complaint).pk)
    assert actions.send_due_surveys() == 0
    with clock.travel(clock.ahead(days=4)):
        assert actions.send_due_surveys() == 0
        finish_resolution_action(cast.alice, step.pk)
        assert actions.send_due_surveys() == 1
        assert actions.send_due_surveys() == 0
    survey = Survey.objects.get()
    assert survey.message and survey.message.delivery.kind == Delivery.Kind.SURVEY
    assert token_in(survey.message.text, "survey") == survey.token
    assert Event.objects.get(kind="survey.sent").team_id == cast.care.pk


def test_an_open_promise_holds_the_survey_back(cast: Cast, complaint: Complaint, close: Close) -> None:
    reply = send_reply(cast.alice, complaint.conversation_id, "I will call in two weeks.")
    promise = Promise.objects.create(
        conversation=complaint.conversation,
        message=reply,
        quote="I will call",
        state=Promise.State.OPEN,
        due_at=clock.ahead(days=14),
    )
    actions.schedule_survey(close(complaint).pk)
    with clock.travel(clock.ahead(days=4)):
        assert actions.send_due_surveys() == 0
        Promise.objects.filter(pk=promise.pk).update(state=Promise.State.KEPT)
        assert actions.send_due_surveys() == 1


def test_nobody_is_asked_about_a_reopened_or_long_gone_complaint(
    cast: Cast, complaint: Complaint, close: Close
) -> None:
    actions.schedule_survey(close(complaint).pk)
    with clock.travel(clock.ahead(days=40)):
        assert actions.send_due_surveys() == 0
    reopen_complaint(cast.alice, complaint.pk)
    with clock.travel(clock.ahead(days=4)):
        assert actions.send_due_surveys() == 0
        close(complaint)
        survey = actions.schedule_survey(complaint.pk)
        assert survey and survey.due_at > clock.ahead(days=2)


def test_a_good_answer_is_kept_once(cast: Cast, asked: Survey) -> None:
    with pytest.raises(InvalidInput):
        actions.answer_survey(asked.token, 6)
    answered = actions.answer_survey(asked.token, 5, " Thank you for listening ")
    assert (answered.score, answered.comment) == (5, "Thank you for listening")
    with pytest.raises(Conflict):
        actions.answer_survey(asked.token, 1)
    event = Event.objects.get(kind="survey.answered")
    assert event.data == {"score": 5, "highest": 5, "survey": "csat"} and event.actor_kind == "customer"
    asked.complaint.refresh_from_db()
    assert asked.complaint.state == Complaint.State.CLOSED


def test_a_bad_answer_opens_complaint_and_conversation_again(cast: Cast, asked: Survey) -> None:
    actions.answer_survey(asked.token, 2, "Still cold")
    asked.complaint.refresh_from_db()
    assert (asked.complaint.state, asked.complaint.reopened_count) == (Complaint.State.OPEN, 1)
    assert Conversation.objects.get().state == Conversation.State.OPEN
    reopened = Event.objects.get(kind="complaint.reopened")
    assert (reopened.actor_kind, reopened.actor_name) == ("customer", "Maya Lind")


def test_a_survey_link_that_never_went_out_opens_nothing(complaint: Complaint, close: Close) -> None:
    survey = actions.schedule_survey(close(complaint).pk)
    assert survey
    for token in (survey.token, "", "x" * 500):
        with pytest.raises(NotFound):
            actions.answer_survey(token, 5)


def test_a_status_link_opens_its_complaint_until_it_is_too_old(complaint: Complaint) -> None:
    token = token_in(queries.status_link(complaint), "status")
    assert queries.complaint_by_status_token(token) == complaint
    with clock.travel(clock.ahead(days=179)):
        assert queries.complaint_by_status_token(token) == complaint
    with clock.travel(clock.ahead(days=181)), pytest.raises(NotFound):
        queries.complaint_by_status_token(token)


def test_a_changed_or_foreign_status_link_opens_nothing(complaint: Complaint) -> None:
    token = queries.status_token(complaint)
    from django.core import signing

    foreign = signing.Signer(salt="other", sep=".").sign_object({"c": complaint.pk, "v": 1, "t": 0})
    for wrong in (token[:-1], token[1:], token + "x", foreign, "", "a.b", "\x00"):
        with pytest.raises(NotFound):
            queries.complaint_by_status_token(wrong)


def test_revoking_ends_every_link_sent_so_far(cast: Cast, complaint: Complaint) -> None:
    token = queries.status_token(complaint)
    with pytest.raises(NotFound):
        actions.revoke_status_links(cast.charlie, complaint.pk)
    with pytest.raises(NotAllowed):
        actions.revoke_status_links(cast.dana, complaint.pk)
    fresh = actions.revoke_status_links(cast.alice, complaint.pk)
    with pytest.raises(NotFound):
        queries.complaint_by_status_token(token)
    assert queries.complaint_by_status_token(queries.status_token(fresh)) == complaint


def test_the_status_page_tells_what_happened_and_nothing_internal(
    cast: Cast, complaint: Complaint, close: Close
) -> None:
    add_note(cast.alice, complaint.conversation_id, "SECRET note")
    save_backstory(
        cast.alice, complaint.pk, stated_problem="SECRET", demand="SECRET", backstory="SECRET", need="SECRET"
    )
    reply = send_reply(cast.alice, complaint.conversation_id, "I will call you.")
    for state in (Promise.State.OPEN, Promise.State.DISMISSED):
        Promise.objects.create(
            conversation=complaint.conversation,
            message=reply,
            quote="I will call you" if state == Promise.State.OPEN else "SECRET",
            start=len(state),
            state=state,
            due_at=clock.ahead(days=1),
        )
    due = clock.ahead(days=3)
    add_resolution_action(cast.alice, complaint.pk, serves="need", text="SECRET step", due_at=due)
    actions.offer_remedy(cast.alice, complaint.pk, "goodwill", "20", "EUR", "SECRET reason")
    actions.offer_remedy(cast.alice, complaint.pk, "refund", "900", "EUR", "SECRET and undecided")
    closed = close(complaint)
    status = queries.status_for(closed)
    assert "SECRET" not in repr(status) and "Alice" not in repr(status) and "tank" not in repr(status)
    assert [one.kind for one in status.happened] == ["received", "answered", "remedy", "closed"]
    assert status.happened[2].detail == "Goodwill €20.00"
    assert [promise.quote for promise in status.promised] == ["I will call you"]
    promised_by = status.promised[0].due_at
    assert (status.outcome, status.is_open, status.next_step_due) == ("upheld", False, promised_by)
    with clock.travel(due + timedelta(days=1)):
        assert queries.status_for(closed).next_step_due is None, "a date that has passed is not what comes next"


def test_a_closed_complaint_is_settled_when_nothing_is_left_to_do(
    cast: Cast, complaint: Complaint, close: Close
) -> None:
    step = add_resolution_action(cast.alice, complaint.pk, serves="need", text="x", due_at=clock.ahead(days=3))
    closed = close(complaint)
    assert not queries.status_for(closed).is_settled
    finish_resolution_action(cast.alice, step.pk)
    assert queries.status_for(closed).is_settled


def test_the_status_of_a_reopened_complaint_says_so_and_names_no_outcome(
    cast: Cast, complaint: Complaint, close: Close
) -> None:
    close(complaint)
    status = queries.status_for(reopen_complaint(cast.alice, complaint.pk))
    assert status.is_open and status.outcome == ""
    assert status.happened[-1].kind == "reopened"
    assert status.happened[-1].at - clock.now() < timedelta(seconds=5)
