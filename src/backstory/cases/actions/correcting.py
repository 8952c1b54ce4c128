"""People judge what the engine read. Each judgement is a row, kept as a label, and can be taken back."""

from typing import Any

from django.db import transaction

from backstory.cases import policy, queries, verdicts
from backstory.cases.actions.readings import settle
from backstory.cases.models import (
    Cause,
    Complaint,
    Reading,
    ReadingCorrection,
    SensitiveCorrection,
    SensitiveReading,
    Verdicts,
)
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.live.actions import record
from backstory.people.actions import set_language
from backstory.people.models import User

LANGUAGES = frozenset(
    {"ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id", "it"}
    | {"ja", "ko", "lt", "lv", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "th", "tr", "uk", "vi"}
    | {"zh", "und"}
)
"""ISO 639-1 codes that can be said of a message."""
Judgement = ReadingCorrection | SensitiveCorrection


@transaction.atomic
def correct_reading(viewer: User, message_id: int, field: str, value: Any) -> Judgement:
    """Say what a field of a message's reading is; the same as the engine says confirms it.

    `value` is as `verdicts.FIELDS` has it. Saying again what holds already changes nothing. InvalidInput for what
    is no value, Conflict where the message has not been read yet.
    """
    message, home = _allowed(viewer, message_id, field)
    names = LANGUAGES if field == "language" else _causes() if field == "cause" else frozenset[str]()
    said = verdicts.checked(field, value, message.text, names)
    row = _locked(message, home)
    raw = verdicts.restored(row.data, row.replaced)
    model = SensitiveCorrection if home == "sensitive" else ReadingCorrection
    newest = model.objects.filter(message=message, field=field, undone_at=None).order_by("-id").first()
    if newest is not None and newest.becomes == said:
        return newest
    kept = model.objects.create(
        message=message,
        field=field,
        was=verdicts.value_of(raw, field),
        becomes=said,
        engine=row.engine,
        by=viewer,
    )
    _in_force(message, row, raw, home)
    _tell("corrected", message, viewer, field, home)
    return kept


@transaction.atomic
def undo_correction(viewer: User, message_id: int, field: str) -> Judgement:
    """Take back the newest judgement of a field; an older one holds again, else what the engine says."""
    message, home = _allowed(viewer, message_id, field)
    row = _locked(message, home)
    model = SensitiveCorrection if home == "sensitive" else ReadingCorrection
    newest = model.objects.filter(message=message, field=field, undone_at=None).order_by("-id").first()
    if newest is None:
        raise Conflict("Nobody has judged this field, or it was taken back already.")
    newest.undone_at, newest.undone_by = clock.now(), viewer
    newest.save(update_fields=["undone_at", "undone_by"])
    _in_force(message, row, verdicts.restored(row.data, row.replaced), home)
    _tell("restored", message, viewer, field, home)
    return newest


def _allowed(viewer: User, message_id: int, field: str) -> tuple[Message, str]:
    """The message and the kind of row its field stands in, if this viewer may judge it."""
    message = queries.message_to_judge(viewer, message_id)
    if field not in verdicts.FIELDS:
        raise InvalidInput("That is not a field of a reading.", "field")
    home = verdicts.FIELDS[field].home
    policy.require_correcting(viewer, message.conversation.team_id, sensitive=home == "sensitive")
    expected = Message.Direction.OUT if home == "reply" else Message.Direction.IN
    if message.direction != expected:
        raise InvalidInput("This field does not belong to such a message.", "field")
    return message, home


def _locked(message: Message, home: str) -> Verdicts:
    """The row of the verdicts, held. Two who judge at once wait for each other at the message's own reading."""
    held = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    row = queries.verdicts_on(held, home)
    read = queries.verdicts_on(held, "reading") if home == "sensitive" else row
    if read is None:
        raise Conflict("This message has not been read yet.")
    if row is None:
        return SensitiveReading(message=held, engine=read.engine, version=read.version, data={"vulnerability": []})
    return row


def _causes() -> frozenset[str]:
    return frozenset(Cause.objects.filter(is_active=True).values_list("slug", flat=True)) | {""}


def _in_force(message: Message, row: Verdicts, raw: dict[str, Any], home: str) -> None:
    said = queries.standing(message, sensitive=home == "sensitive")
    settle(row, raw, said)
    if home == "sensitive" and not said and not row.data.get("vulnerability"):
        row.delete()
    if isinstance(row, Reading):
        _follow(message, row, said)


def _follow(message: Message, row: Reading, said: dict[str, Any]) -> None:
    """What else rests on a verdict: the customer's language, and the cause proposed for a complaint."""
    if said.get("language", "und") != "und":
        set_language(message.conversation.customer_id, said["language"])
    if said.get("cause"):
        cause = Cause.objects.filter(slug=said["cause"], is_active=True).first()
        Complaint.objects.filter(conversation_id=message.conversation_id, cause_confirmed_by=None).update(cause=cause)


def _tell(step: str, message: Message, viewer: User, field: str, home: str) -> None:
    """Which field was judged, never how; of a sensitive one not even which."""
    place = {"conversation_id": message.conversation_id, "team_id": message.conversation.team_id}
    if home == "sensitive":
        record("sensitive.corrected", actor=viewer, subject=("message", message.pk), **place)
    else:
        record(f"reading.{step}", actor=viewer, subject=("message", message.pk), field=field, **place)
