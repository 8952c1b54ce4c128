"""Keeping what the reading engine understood. Reading itself happens before, outside any transaction."""

from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction

from backstory.cases import queries, rules, verdicts
from backstory.cases.actions.complaints import reopen_for_customer
from backstory.cases.actions.conduct import note_abuse
from backstory.cases.models import Complaint, Reading, ReplyReading, SensitiveCorrection, SensitiveReading, Verdicts
from backstory.cases.trajectory import strain_of
from backstory.conversations.models import Conversation, Message
from backstory.kernel import clock
from backstory.language.reading import Reading as Understood
from backstory.live.actions import record
from backstory.people.actions import set_language
from backstory.people.models import User

UNKNOWN_LANGUAGE = "und"
LANGUAGE_CERTAIN = 0.5
MOST_EARLIER = 5
V = TypeVar("V", bound=Verdicts)


@transaction.atomic
def record_reading(message_id: int, reading: Understood, version: str = "") -> Reading:
    """Keep a reading; a second one of the same message replaces the first, never what people said of it.

    `version` is the engine's as a whole. Raises Message.DoesNotExist.
    """
    message = Message.objects.select_related("conversation").get(pk=message_id)
    row, _ = _replace(message, reading, version)
    language = _certain_language(row)
    if language:
        set_language(message.conversation.customer_id, language)
    _tell(message, row)
    _reopen_if_unsettled(message, row)
    return row


@transaction.atomic
def record_unreadable(message_id: int, reason: str, version: str = "") -> Reading:
    """Keep that a message could not be read, so that it is not tried for ever; `reason` is for the operator."""
    message = Message.objects.select_related("conversation").get(pk=message_id)
    row = _row(Reading, message, conversation_id=message.conversation_id)
    row.engine, row.version = queries.FAILED, version
    settle(row, {"failed": reason[:300]}, queries.standing(message))
    _tell(message, row)
    return row


@transaction.atomic
def replace_reading(message_id: int, reading: Understood, version: str) -> list[str]:
    """Put a new engine's reading in the place of an earlier one: quietly, nobody is told and nothing is reopened.

    Gives the fields on which the engines differ. What people said stays in force.
    """
    message = Message.objects.select_related("conversation").get(pk=message_id)
    return _replace(message, reading, version)[1]


def _replace(message: Message, reading: Understood, version: str) -> tuple[Reading, list[str]]:
    data = reading.to_dict()
    row = _row(Reading, message, conversation_id=message.conversation_id)
    before = verdicts.restored(row.data, row.replaced)
    changed = verdicts.differences(before, data) if row.engine and row.engine != queries.FAILED else []
    if row.version != version and row.engine:
        entry = {"engine": row.engine, "version": row.version, "verdicts": verdicts.scales(before)}
        row.earlier = [entry, *row.earlier][:MOST_EARLIER]
    row.engine, row.version = rules.engine_name(reading.models), version
    settle(row, rules.kept_reading(data), queries.standing(message))
    _keep_apart(message, rules.sensitive_parts(data), row.engine, version)
    return row, changed


def _keep_apart(message: Message, parts: dict[str, Any], engine: str, version: str) -> None:
    """What is sensitive goes into its own table, and is gone from it once neither engine nor people see any."""
    said = queries.standing(message, sensitive=True)
    if not parts and not said:
        SensitiveReading.objects.filter(message=message).delete()
        return
    row = _row(SensitiveReading, message)
    row.engine, row.version = engine, version
    settle(row, {"vulnerability": [], **parts}, said)


@transaction.atomic
def record_reply_reading(message_id: int, reading: Understood, version: str = "") -> ReplyReading | None:
    """Keep how much empathy a message of ours shows; None where the engine says nothing of it."""
    message = Message.objects.get(pk=message_id)
    if reading.reply is None:
        return None
    row = _row(ReplyReading, message)
    row.engine, row.version = rules.engine_name(reading.models), version
    settle(row, {"reply": reading.to_dict()["reply"]}, queries.standing(message))
    return row


def _row(model: type[V], message: Message, **more: Any) -> V:
    """The row of a message, held until the transaction ends; a new one, not yet written, where there is none."""
    found = model._default_manager.select_for_update().filter(message=message).first()
    return found or model(message=message, **more)


def settle(row: Verdicts, raw: dict[str, Any], said: dict[str, Any]) -> None:
    """Write the engine's data with what people say in its place: the one way by which a verdict comes in force."""
    mine = {name: value for name, value in said.items() if isinstance(row, HOMES[verdicts.FIELDS[name].home])}
    row.data, row.replaced = verdicts.put_in(raw, mine)
    if isinstance(row, Reading):
        for name, value in _columns(row.data, raw).items():
            setattr(row, name, value)
    row.save()
    if isinstance(row, Reading):
        note_abuse(row)


HOMES: dict[str, type[Verdicts]] = {"reading": Reading, "reply": ReplyReading, "sensitive": SensitiveReading}


def _columns(data: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    """What lists sort and count by: people's verdicts, but the engine's own probability."""
    severity, intensity = data.get("severity") or {}, data.get("intensity") or {}
    return {
        "language": (data.get("language") or {}).get("code", "")[:8],
        "is_complaint": bool(verdicts.value_of(data, "complaint")),
        "complaint_p": (raw.get("complaint") or {}).get("p", 0.0),
        "abstained": raw.get("complaint") is None,
        "emotion": rules.strongest_emotion(data.get("ekman"))[:20],
        "intensity": intensity.get("overall", 0.0),
        "strain": strain_of(data),
        "severity": severity.get("level", 0),
        "safety": bool(severity.get("safety")),
    }


def _certain_language(row: Reading) -> str:
    language = row.data.get("language") or {}
    known = language.get("code", UNKNOWN_LANGUAGE) != UNKNOWN_LANGUAGE and language.get("p", 0) >= LANGUAGE_CERTAIN
    return str(language["code"]) if known else ""


def _tell(message: Message, row: Reading) -> None:
    record(
        "reading.recorded",
        conversation_id=message.conversation_id,
        team_id=message.conversation.team_id,
        subject=("message", message.pk),
        severity=row.severity,
        emotion=row.emotion,
        is_complaint=row.is_complaint,
    )


def _reopen_if_unsettled(message: Message, reading: Reading) -> None:
    """The letter about the closing says: answer if it is not settled, and we open it again."""
    complaint = Complaint.objects.filter(conversation_id=message.conversation_id).first()
    if complaint and rules.is_unsettled(complaint.closed_at, message.created_at, reading.is_complaint):
        reopen_for_customer(complaint.pk)


def open_sensitive(viewer: User, conversation: Conversation) -> dict[int, SensitiveReading]:
    """Signs of vulnerability for showing them, by message id. That they were seen is recorded, once an hour for each
    reader and conversation."""
    found = queries.sensitive_readings(viewer, conversation)
    if found and not queries.saw_sensitive(viewer, conversation.pk):
        record(
            "sensitive.seen",
            actor=viewer,
            conversation_id=conversation.pk,
            team_id=conversation.team_id,
            subject=("conversation", conversation.pk),
        )
    return found


@transaction.atomic
def erase_old_signs(keep: timedelta) -> int:
    """Delete the signs of vulnerability, and what people said of them, in conversations closed longer ago than `keep`.

    Reading such a message again finds them anew; they are gone with the next sweep. Gives the number of messages.
    """
    past = {"message__conversation__closed_at__lt": clock.now() - keep}
    SensitiveCorrection.objects.filter(**past).delete()
    return SensitiveReading.objects.filter(**past).delete()[0]
