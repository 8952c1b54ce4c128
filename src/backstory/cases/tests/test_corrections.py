"""People judge what was read: rows that hold everywhere, can be taken back, and outlive the engine."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from backstory import language
from backstory.cases import actions, learning, queries, tasks
from backstory.cases.models import (
    Complaint,
    Reading,
    ReadingCorrection,
    ReplyReading,
    SensitiveCorrection,
    SensitiveReading,
)
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Conversation, Message
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backstory.live.models import Event
from conftest import Cast

HARDSHIP = "Our heating is off again. My mother is 84 and has cancer, she is in hospital. Please come today!"


@pytest.fixture
def read(write: Callable[..., Message]) -> Message:
    """A message that tells of hardship, read."""
    message = write(HARDSHIP)
    actions.record_reading(message.pk, language.read(message.text, explain=True), "1")
    return message


def events(kind: str) -> list[dict[str, Any]]:
    return list(Event.objects.filter(kind=kind).values_list("data", flat=True))


def test_what_somebody_says_holds_in_queue_and_reading_and_is_kept_with_who_and_what_was(
    cast: Cast, read: Message
) -> None:
    before = Reading.objects.get(message=read)
    kept = actions.correct_reading(cast.alice, read.pk, "severity", 4)
    assert (kept.was, kept.becomes, kept.by, kept.engine) == (before.severity, 4, cast.alice, before.engine)
    row = Reading.objects.get(message=read)
    assert row.severity == row.data["severity"]["level"] == 4
    assert row.corrected == ["severity"]
    assert queries.signals([read.conversation_id])[read.conversation_id].severity == 4
    assert events("reading.corrected") == [{"field": "severity"}]


def test_every_field_can_be_corrected(cast: Cast, read: Message) -> None:
    said: dict[str, Any] = {
        "complaint": False,
        "severity": 3,
        "safety": True,
        "emotion": "fear",
        "intensity": 1,
        "urgency": 3,
        "cause": "billing",
        "style": "amiable",
        "politeness": "polite",
        "abuse": -1,
        "asks": [],
        "harms": [
            {"kind": "health", "text": "cancer", "start": HARDSHIP.index("cancer"), "end": HARDSHIP.index("cancer") + 6}
        ],
        "threats": [],
        "gap": True,
        "language": "de",
    }
    for field, value in said.items():
        actions.correct_reading(cast.alice, read.pk, field, value)
    assert queries.standing(read) == said
    row = Reading.objects.get(message=read)
    shown = (row.is_complaint, row.severity, row.safety, row.emotion, row.intensity, row.language)
    assert shown == (False, 3, True, "fear", 1.0, "de")
    read.conversation.customer.refresh_from_db()
    assert read.conversation.customer.language == "de"


def test_taking_back_brings_the_older_word_and_then_the_engines(cast: Cast, read: Message) -> None:
    engine = Reading.objects.get(message=read).data
    actions.correct_reading(cast.alice, read.pk, "severity", 4)
    actions.correct_reading(cast.bob, read.pk, "severity", 3)
    actions.undo_correction(cast.alice, read.pk, "severity")
    assert Reading.objects.get(message=read).severity == 4
    actions.undo_correction(cast.alice, read.pk, "severity")
    assert Reading.objects.get(message=read).data == engine
    with pytest.raises(Conflict):
        actions.undo_correction(cast.alice, read.pk, "severity")
    assert [one.undone_by for one in queries.corrections(read)] == [cast.alice, cast.alice]


def test_saying_the_same_twice_is_one_word(cast: Cast, read: Message) -> None:
    for _ in range(2):
        actions.correct_reading(cast.alice, read.pk, "complaint", False)
    assert ReadingCorrection.objects.count() == 1


def test_a_new_engine_never_overwrites_what_a_person_said(cast: Cast, read: Message) -> None:
    actions.correct_reading(cast.alice, read.pk, "complaint", False)
    calm = language.read("Thank you, all is well.", explain=True)
    actions.replace_reading(read.pk, language.read(read.text, explain=True), "2")
    row = Reading.objects.get(message=read)
    assert (row.is_complaint, row.version) == (False, "2")
    assert row.earlier[0]["version"] == "1" and row.earlier[0]["verdicts"]["complaint"] is True
    assert "severity" in actions.replace_reading(read.pk, calm, "3")
    actions.undo_correction(cast.alice, read.pk, "complaint")
    assert Reading.objects.get(message=read).is_complaint is False, "the engine of now says so too"


def test_a_cause_said_of_a_message_is_proposed_for_its_complaint_and_learned_from(cast: Cast, read: Message) -> None:
    complaint = actions.open_complaint(cast.alice, read.conversation_id)
    actions.correct_reading(cast.alice, read.pk, "cause", "contract")
    complaint = Complaint.objects.get(pk=complaint.pk)
    assert complaint.cause and complaint.cause.slug == "contract" and complaint.cause_confirmed_by is None
    assert [(one.text, one.slug) for one in learning.labelled_messages()] == [(HARDSHIP, "contract")]
    assert [(one.text, one.label, one.by_id) for one in queries.corrected_messages("cause")] == [
        (HARDSHIP, "contract", cast.alice.pk)
    ]


def test_only_who_works_in_the_team_judges_and_nobody_elses_message_is_there(cast: Cast, read: Message) -> None:
    with pytest.raises(NotFound):
        actions.correct_reading(cast.charlie, read.pk, "severity", 1)
    for field, value in (("severity", 1), ("vulnerability", [])):
        with pytest.raises(NotAllowed):
            actions.correct_reading(cast.dana, read.pk, field, value)
    with pytest.raises(InvalidInput):
        actions.correct_reading(cast.alice, read.pk, "reaction", 1)
    assert not ReadingCorrection.objects.exists()


def test_what_was_never_read_is_not_judged_yet(cast: Cast, letter: Message) -> None:
    with pytest.raises(Conflict):
        actions.correct_reading(cast.alice, letter.pk, "severity", 1)


def test_a_reply_is_read_for_empathy_and_judged(cast: Cast, read: Message) -> None:
    from backstory.cases import tasks

    reply = send_reply(cast.alice, read.conversation_id, "I am so sorry that your mother is ill. How is she?")
    tasks.read_reply.call_local(reply.pk)
    row = ReplyReading.objects.get(message=reply)
    assert row.data["reply"]["reaction"] > 0
    actions.correct_reading(cast.bob, reply.pk, "exploration", 0)
    assert ReplyReading.objects.get(message=reply).data["reply"]["exploration"] == 0
    assert queries.latest_readings([read.conversation_id])[read.conversation_id].message_id == read.pk


def test_signs_of_vulnerability_stand_apart_for_those_who_may_see_them(cast: Cast, read: Message) -> None:
    assert SensitiveReading.objects.get(message=read).data["vulnerability"]
    assert set(queries.sensitive_readings(cast.alice, read.conversation)) == {read.pk}
    assert queries.sensitive_readings(cast.dana, read.conversation) == {}
    for viewer in (cast.alice, cast.alice, cast.bob, cast.dana):
        actions.open_sensitive(viewer, read.conversation)
    assert events("sensitive.seen") == [{}, {}]


def test_once_nobody_sees_a_sign_any_more_no_row_says_that_there_was_one(cast: Cast, read: Message) -> None:
    actions.replace_reading(read.pk, language.read("The heating is off again."), "2")
    assert not SensitiveReading.objects.exists()
    place = {"kind": "health", "text": "cancer", "start": HARDSHIP.index("cancer"), "end": HARDSHIP.index("cancer") + 6}
    actions.correct_reading(cast.alice, read.pk, "vulnerability", [place])
    assert SensitiveReading.objects.get(message=read).data["vulnerability"] == [place]
    actions.undo_correction(cast.alice, read.pk, "vulnerability")
    assert not SensitiveReading.objects.exists()


def test_signs_of_hardship_are_deleted_when_their_time_is_over(cast: Cast, read: Message) -> None:
    actions.correct_reading(cast.alice, read.pk, "vulnerability", [])
    actions.undo_correction(cast.alice, read.pk, "vulnerability")
    assert SensitiveReading.objects.exists() and SensitiveCorrection.objects.exists()
    Conversation.objects.update(state="closed", closed_at=clock.now())
    assert actions.erase_old_signs(timedelta(days=730)) == 0
    with clock.travel(clock.ahead(days=731)):
        tasks.erase_old_backstories.call_local()
    assert not SensitiveReading.objects.exists() and not SensitiveCorrection.objects.exists()
    assert Reading.objects.filter(message=read).exists()


def test_nothing_sensitive_leaves_its_table(
    cast: Cast, read: Message, caplog: pytest.LogCaptureFixture, client: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    client.force_login(cast.bob)
    assert "cancer" in json.dumps(SensitiveReading.objects.get(message=read).data)
    actions.correct_reading(cast.alice, read.pk, "vulnerability", [])
    actions.undo_correction(cast.alice, read.pk, "vulnerability")
    actions.open_sensitive(cast.alice, read.conversation)
    actions.replace_reading(read.pk, language.read(read.text, explain=True), "2")
    assert SensitiveCorrection.objects.count() == 1 and not ReadingCorrection.objects.exists()
    rows = list(Reading.objects.values_list("data", "replaced", "earlier"))
    log = list(Event.objects.values_list("kind", "data", "actor_name", "subject"))
    api = client.get(f"/api/v1/conversations/{read.conversation_id}/readings").content.decode()
    tables = (
        client.get("/readings/agreement.csv").content.decode() + client.get("/readings/labels.csv").content.decode()
    )
    for place in (repr(rows), repr(log), api, tables, caplog.text):
        assert "vulnerab" not in place and "'health'" not in place and "resilience" not in place
    assert "hospital" not in repr(log) + caplog.text, "not even the customer's words"
