"""Keeping what the reading engine understood. Reading itself happens before, outside any transaction."""

from typing import Any

from django.db import transaction

from backstory.cases import rules
from backstory.cases.actions.complaints import reopen_for_customer
from backstory.cases.models import Complaint, Reading
from backstory.conversations.models import Message
from backstory.language.reading import Reading as Understood
from backstory.live.actions import record
from backstory.people.actions import set_language

UNKNOWN_LANGUAGE = "und"
LANGUAGE_CERTAIN = 0.5


def record_reading(message_id: int, reading: Understood) -> Reading:
    """Keep a reading; a second one of the same message replaces the first. Raises Message.DoesNotExist."""
    return _keep(message_id, _columns(reading), language=_language(reading))


def record_unreadable(message_id: int, reason: str) -> Reading:
    """Keep that a message could not be read, so that it is not tried for ever; `reason` is for the
    operator."""
    return _keep(message_id, {"engine": "failed", "data": {"failed": reason[:300]}})


def _columns(reading: Understood) -> dict[str, Any]:
    data = reading.to_dict()
    return {
        "engine": rules.engine_name(reading.models),
        "language": reading.language.code[:8],
        "is_complaint": bool(reading.complaint and reading.complaint.is_complaint),
        "complaint_p": reading.complaint.p if reading.complaint else 0.0,
        "emotion": rules.strongest_emotion(reading.ekman)[:20],
        "intensity": reading.intensity.overall if reading.intensity else 0.0,
        "severity": reading.severity.level if reading.severity else 0,
        "safety": bool(reading.severity and reading.severity.safety),
        "data": rules.kept_reading(data),
    }


def _language(reading: Understood) -> str:
    code, p = reading.language.code, reading.language.p
    return code if code != UNKNOWN_LANGUAGE and p >= LANGUAGE_CERTAIN else ""


@transaction.atomic
def _keep(message_id: int, columns: dict[str, Any], language: str = "") -> Reading:
    message = Message.objects.select_related("conversation").get(pk=message_id)
    row, _ = Reading.objects.update_or_create(
        message=message, defaults={"conversation_id": message.conversation_id, **columns}
    )
    if language:
        set_language(message.conversation.customer_id, language)
    record(
        "reading.recorded",
        conversation_id=message.conversation_id,
        team_id=message.conversation.team_id,
        subject=("message", message.pk),
        severity=row.severity,
        emotion=row.emotion,
        is_complaint=row.is_complaint,
    )
    _reopen_if_unsettled(message, row)
    return row


def _reopen_if_unsettled(message: Message, reading: Reading) -> None:
    """The letter about the closing says: answer if it is not settled, and we open it again."""
    complaint = Complaint.objects.filter(conversation_id=message.conversation_id).first()
    if complaint and rules.is_unsettled(complaint.closed_at, message.created_at, reading.is_complaint):
        reopen_for_customer(complaint.pk)
