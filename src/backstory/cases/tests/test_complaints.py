from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backstory.cases import actions, queries
from backstory.cases.models import Cause, Complaint, Promise
from backstory.conversations.models import Conversation, Message
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backstory.language.reading import ComplaintVerdict, Label, Language, Reading, Severity
from backstory.live.models import Event
from conftest import Cast

ANGRY = Reading(
    Language("en", 0.99),
    complaint=ComplaintVerdict(0.93, True),
    ekman={"anger": 0.7, "fear": 0.2, "neutral": 0.1},
    severity=Severity(3, True, "danger"),
    cause=(Label("outage", 0.6), Label("delay", 0.1)),
    models={"rules": "1"},
)


def kinds(conversation_id: int) -> list[str]:
    return list(Event.objects.filter(conversation_id=conversation_id).order_by("id").values_list("kind", flat=True))


def cause(slug: str = "outage") -> int:
    return Cause.objects.get(slug=slug).pk


def test_opening_a_complaint_twice_gives_the_same_one(cast: Cast, letter: Message) -> None:
    first = actions.open_complaint(cast.alice, letter.conversation_id)
    again = actions.open_complaint(cast.bob, letter.conversation_id)
    assert first.pk == again.pk
    assert first.number == f"C-{clock.now().year}-00001"
    assert first.opened_by == first.owner == cast.alice
    assert first.received_at == letter.created_at
    assert kinds(letter.conversation_id).count("complaint.opened") == 1


def test_numbers_follow_each_other_and_start_again_each_year(cast: Cast, write: Callable[..., Message]) -> None:
    numbers = []
    for n, year in enumerate((2031, 2031, 2032)):
        message = write("Cold again", sender=f"c{n}@customer.example")
        with clock.travel(clock.now().replace(year=year, month=3, day=1)):
            numbers.append(actions.open_complaint(cast.alice, message.conversation_id).number)
    assert numbers == ["C-2031-00001", "C-2031-00002", "C-2032-00001"]


def test_a_reading_suggests_cause_and_severity_but_only_a_person_confirms(cast: Cast, letter: Message) -> None:
    actions.record_reading(letter.pk, ANGRY)
    complaint = actions.open_complaint(cast.alice, letter.conversation_id)
    assert complaint.cause and complaint.cause.slug == "outage"
    assert complaint.cause_confirmed_by is None
    assert complaint.severity == 3
    actions.set_cause(cast.alice, complaint.pk, cause())
    complaint.refresh_from_db()
    assert complaint.cause_confirmed_by == cast.alice


def test_an_outsider_finds_no_complaint_and_an_administrator_cannot_handle_one(
    cast: Cast, complaint: Complaint
) -> None:
    attempts: list[Callable[..., object]] = [
        lambda viewer: actions.open_complaint(viewer, complaint.conversation_id),
        lambda viewer: actions.set_cause(viewer, complaint.pk, cause()),
        lambda viewer: actions.set_severity(viewer, complaint.pk, 2),
        lambda viewer: actions.close_complaint(viewer, complaint.pk, "upheld", "x"),
        lambda viewer: actions.reopen_complaint(viewer, complaint.pk),
        lambda viewer: actions.confirm_backstory(viewer, complaint.pk, "yes"),
        lambda viewer: actions.send_summary(viewer, complaint.pk, "x"),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt(cast.charlie)
        with pytest.raises(NotAllowed):
            attempt(cast.dana)
    with pytest.raises(NotFound):
        queries.get_complaint(cast.charlie, complaint.pk)
    assert queries.complaint_for(cast.charlie, complaint.conversation_id) is None
    assert queries.get_complaint(cast.dana, complaint.pk) == complaint


def test_closing_closes_the_conversation_too_and_tells_why(cast: Cast, complaint: Complaint) -> None:
    actions.set_cause(cast.alice, complaint.pk, cause())
    closed = actions.close_complaint(cast.alice, complaint.pk, "upheld", "The tank was too small.")
    assert closed.state == Complaint.State.CLOSED and closed.closed_at
    assert Conversation.objects.get(pk=complaint.conversation_id).state == Conversation.State.CLOSED
    event = Event.objects.get(kind="complaint.closed")
    assert (event.subject, event.subject_id) == ("complaint", complaint.pk)
    assert (event.conversation_id, event.team_id) == (complaint.conversation_id, cast.care.pk)
    assert "tank" not in str(event.data)
    with pytest.raises(Conflict):
        actions.close_complaint(cast.alice, complaint.pk, "upheld", "again")


def test_closing_needs_a_confirmed_cause_and_no_overdue_promise(
    cast: Cast, complaint: Complaint, promised: Callable[..., Promise]
) -> None:
    promise = promised(days=1)
    with clock.travel(clock.ahead(days=2)):
        with pytest.raises(InvalidInput, match=r"cause.*promise is overdue"):
            actions.close_complaint(cast.alice, complaint.pk, "upheld", "x")
        actions.set_cause(cast.alice, complaint.pk, cause())
        actions.keep_promise(cast.alice, promise.pk)
        actions.close_complaint(cast.alice, complaint.pk, "upheld", "x")


def test_a_reopened_complaint_counts_it_and_opens_the_conversation(cast: Cast, complaint: Complaint) -> None:
    actions.set_cause(cast.alice, complaint.pk, cause())
    actions.close_complaint(cast.alice, complaint.pk, "not_upheld", "x")
    reopened = actions.reopen_complaint(cast.bob, complaint.pk)
    assert (reopened.state, reopened.reopened_count, reopened.closed_at) == (Complaint.State.OPEN, 1, None)
    assert Conversation.objects.get(pk=complaint.conversation_id).state == Conversation.State.OPEN
    with pytest.raises(Conflict):
        actions.reopen_complaint(cast.bob, complaint.pk)


def test_a_customer_who_complains_again_opens_the_complaint_again_and_one_who_thanks_does_not(
    cast: Cast, complaint: Complaint, write: Callable[..., Message]
) -> None:
    first = complaint.conversation.messages.get()
    actions.record_reading(first.pk, ANGRY)
    actions.set_cause(cast.alice, complaint.pk, cause())
    actions.close_complaint(cast.alice, complaint.pk, "upheld", "x")
    answer = {"reply_token": complaint.conversation.reply_token}
    actions.record_reading(write("Thank you!", **answer).pk, Reading(Language("en", 0.9)))
    actions.record_reading(first.pk, ANGRY)  # what led to the complaint does not speak against its closing
    assert Complaint.objects.get().state == Complaint.State.CLOSED
    actions.record_reading(write("Still cold!", **answer).pk, ANGRY)
    assert Complaint.objects.get().state == Complaint.State.OPEN


def test_severity_stays_on_its_scale(cast: Cast, complaint: Complaint) -> None:
    assert actions.set_severity(cast.alice, complaint.pk, 4).severity == 4
    with pytest.raises(InvalidInput):
        actions.set_severity(cast.alice, complaint.pk, 5)


def test_steps_have_an_owner_of_the_team_and_a_date_to_come(cast: Cast, complaint: Complaint) -> None:
    due = clock.ahead(days=3)
    step = actions.add_resolution_action(
        cast.alice, complaint.pk, serves="cause", text="Second tank", due_at=due, owner_id=cast.bob.pk
    )
    assert step.owner == cast.bob
    for wrong in ({"owner_id": cast.charlie.pk}, {"due_at": clock.ahead(days=-1)}, {"serves": "x"}, {"text": " "}):
        given = {"serves": "need", "text": "Visit", "due_at": due, **wrong}
        with pytest.raises(InvalidInput):
            actions.add_resolution_action(cast.alice, complaint.pk, **given)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        actions.finish_resolution_action(cast.charlie, step.pk)
    done = actions.finish_resolution_action(cast.alice, step.pk)
    assert done.done_at
    assert actions.finish_resolution_action(cast.alice, step.pk).done_at == done.done_at
    assert kinds(complaint.conversation_id).count("action.done") == 1


def test_a_queue_learns_its_signals_in_three_statements(
    cast: Cast, complaint: Complaint, promised: Callable[..., Promise], write: Callable[..., Message]
) -> None:
    actions.record_reading(complaint.conversation.messages.all()[0].pk, ANGRY)
    later, sooner = promised(days=5, text="I will write."), promised(days=1)
    promised(days=0.5, state=Promise.State.KEPT)
    others = [write("Hi", sender=f"p{n}@customer.example").conversation_id for n in range(3)]
    ids = [complaint.conversation_id, *others]
    with CaptureQueriesContext(
        connection,
    ) as captured:
        found = queries.signals(ids)
    assert len(captured) == 3
    signal = found[complaint.conversation_id]
    assert (signal.number, signal.complaint_open, signal.emotion) == (complaint.number, True, "anger")
    assert signal.promise_due == sooner.due_at != later.due_at
    assert signal.severity == complaint.severity
    assert found[others[0]] == queries.Signal()


def test_the_latest_reading_of_each_conversation_counts(cast: Cast, write: Callable[..., Message]) -> None:
    first = write("Bad!")
    second = write("Thank you", in_reply_to="x", reply_token=first.conversation.reply_token)
    assert second.conversation_id == first.conversation_id
    actions.record_reading(first.pk, ANGRY)
    actions.record_reading(second.pk, Reading(Language("en", 0.9)))
    assert queries.latest_readings([first.conversation_id])[first.conversation_id].message_id == second.pk
    assert set(queries.readings_for(first.conversation_id)) == {first.pk, second.pk}


def test_facts_for_care_leave_out_notes_automatic_letters_and_every_word_of_the_backstory(
    cast: Cast, complaint: Complaint
) -> None:
    from backstory.conversations.actions import add_note, send_notice, send_reply

    send_reply(cast.alice, complaint.conversation_id, "What happened?")
    add_note(cast.alice, complaint.conversation_id, "Difficult man")
    send_notice(complaint.conversation, "Automatic")
    actions.save_backstory(cast.alice, complaint.pk, stated_problem="water", demand="", backstory="croup", need="")
    facts = queries.care_facts(complaint)
    assert [letter.text for letter in facts.sent] == ["What happened?"]
    assert facts.sent[0].position > facts.received[0].position
    assert facts.recorded == {"stated_problem", "backstory"}
    assert "croup" not in repr(facts)
    assert facts.now - clock.now() < timedelta(seconds=5)
