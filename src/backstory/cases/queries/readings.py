"""What messages were read as."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Max

from backstory.cases.models import Reading
from backstory.conversations.models import Message


def readings_for(conversation_id: int) -> dict[int, Reading]:
    """The readings of a conversation's messages, by message id."""
    return {row.message_id: row for row in Reading.objects.filter(conversation_id=conversation_id)}


def latest_readings(conversation_ids: Collection[int]) -> dict[int, Reading]:
    """The reading of each conversation's latest read message, by conversation id: one SQL statement."""
    known = Reading.objects.filter(conversation_id__in=conversation_ids).order_by()
    latest = known.values("conversation_id").annotate(latest=Max("message_id")).values("latest")
    rows = Reading.objects.filter(message_id__in=latest)
    return {row.conversation_id: row for row in rows}


def unread_message(message_id: int) -> Message | None:
    """A customer's message that nobody has read by machine yet, or None."""
    return Message.objects.filter(pk=message_id, direction=Message.Direction.IN, reading=None).first()


def overlooked_readings(before: datetime, limit: int = 200) -> Iterable[int]:
    """Customer messages older than `before` without a reading, newest first: their wake-up was lost."""
    rows = Message.objects.filter(direction=Message.Direction.IN, reading=None, created_at__lt=before)
    return list(rows.order_by("-id").values_list("pk", flat=True)[:limit])
