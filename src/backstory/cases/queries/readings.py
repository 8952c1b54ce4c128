"""What messages were read as, with what people have said of it, and what is left to read.

The stored data holds people's verdicts already (`actions.readings.settle`), so whoever looks at a reading sees them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from backstory.cases import policy
from backstory.cases.models import (
    Reading,
    ReadingCorrection,
    ReplyReading,
    Rereading,
    SensitiveCorrection,
    SensitiveReading,
)
from backstory.conversations.models import Conversation, Message
from backstory.conversations.queries import visible
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.live.models import Event
from backstory.people.models import User

EVERY = Q()
ATTENTION_WINDOW = timedelta(hours=1)
NEWEST = 500
"""How many of the newest messages are looked at for mail that waits to be read."""
FAILED = "failed"
"""The engine's name on a reading that could not be made."""


def readings_for(conversation_id: int) -> dict[int, Reading]:
    """The readings of a conversation's messages, by message id."""
    return {row.message_id: row for row in Reading.objects.filter(conversation_id=conversation_id)}


def replies_read(conversation_id: int) -> dict[int, ReplyReading]:
    """The readings of what we sent in a conversation, by message id."""
    rows = ReplyReading.objects.filter(message__conversation_id=conversation_id)
    return {row.message_id: row for row in rows}


def sensitive_readings(viewer: User, conversation: Conversation) -> dict[int, SensitiveReading]:
    """Signs of vulnerability by message id; none for who may not see them.

    To show them, call `actions.open_sensitive`, which also records that they were seen.
    """
    if not policy.may_see_sensitive(viewer, conversation.team_id):
        return {}
    rows = SensitiveReading.objects.filter(message__conversation_id=conversation.pk)
    return {row.message_id: row for row in rows}


def latest_readings(conversation_ids: Collection[int]) -> dict[int, Reading]:
    """The reading of each conversation's latest read message, by conversation id: one SQL statement."""
    known = Reading.objects.filter(conversation_id__in=conversation_ids).order_by()
    latest = known.values("conversation_id").annotate(latest=Max("message_id")).values("latest")
    rows = Reading.objects.filter(message_id__in=latest)
    return {row.conversation_id: row for row in rows}


def message_to_judge(viewer: User, message_id: int) -> Message:
    """A message the viewer may see, with its conversation; NotFound otherwise."""
    rows = Message.objects.select_related("conversation").filter(conversation__in=visible(viewer))
    found = rows.filter(pk=message_id).first()
    if found is None:
        raise NotFound("There is no such message.")
    return found


def verdicts_on(message: Message, home: str) -> Reading | ReplyReading | SensitiveReading | None:
    """The row in which the fields of one kind stand; None where nothing was read."""
    rows: dict[str, QuerySet[Any]] = {
        "reading": Reading.objects.filter(message=message),
        "reply": ReplyReading.objects.filter(message=message),
        "sensitive": SensitiveReading.objects.filter(message=message),
    }
    found: Reading | ReplyReading | SensitiveReading | None = rows[home].first()
    return found


def corrections(message: Message, *, sensitive: bool = False) -> list[ReadingCorrection | SensitiveCorrection]:
    """Everything people have said of a message's reading, the newest first, also what was taken back."""
    model = SensitiveCorrection if sensitive else ReadingCorrection
    return list(model.objects.select_related("by", "undone_by").filter(message=message).order_by("-id"))


def standing(message: Message, *, sensitive: bool = False) -> dict[str, Any]:
    """What people say of a message now, field by field: the newest word that was not taken back."""
    model = SensitiveCorrection if sensitive else ReadingCorrection
    rows = model.objects.filter(message=message, undone_at=None).order_by("id")
    return dict(rows.values_list("field", "becomes"))


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and what somebody says it is."""

    message_id: int
    conversation_id: int
    text: str
    label: Any
    by_id: int | None
    at: datetime


def corrected_messages(field: str, only: Q = EVERY) -> list[Labelled]:
    """Every message of which somebody judged this field, also where they confirmed it, oldest first.

    For `learn`: (text, label) with who and when. A word that was taken back is none. Never a sensitive field. `only`
    narrows the corrections looked at.
    """
    rows = ReadingCorrection.objects.filter(only, field=field, undone_at=None).order_by("id")
    found = rows.values_list(
        "message_id", "message__conversation_id", "message__text", "becomes", "by_id", "created_at"
    )
    newest = {row[0]: Labelled(*row) for row in found}
    return [newest[pk] for pk in sorted(newest) if newest[pk].text.strip()]


def unread_message(message_id: int) -> Message | None:
    """A customer's message that nobody has read by machine yet, or None."""
    return Message.objects.filter(pk=message_id, direction=Message.Direction.IN, reading=None).first()


def overlooked_readings(before: datetime, limit: int = 200) -> Iterable[int]:
    """Customer messages older than `before` without a reading, newest first: their wake-up was lost."""
    rows = Message.objects.filter(direction=Message.Direction.IN, reading=None, created_at__lt=before)
    return list(rows.order_by("-id").values_list("pk", flat=True)[:limit])


def unread_reply(message_id: int) -> Message | None:
    """A message a person of ours wrote whose empathy was not read yet, or None."""
    return _replies().filter(pk=message_id).first()


def overlooked_replies(before: datetime, limit: int = 200) -> Iterable[int]:
    """Messages of ours older than `before` that were not read, newest first."""
    return list(_replies().filter(created_at__lt=before).order_by("-id").values_list("pk", flat=True)[:limit])


def _replies() -> QuerySet[Message]:
    return Message.objects.filter(direction=Message.Direction.OUT, author__isnull=False, reply_reading=None)


def answered_by(message: Message) -> str:
    """What a customer last said before a message of ours; empty where nothing."""
    before = Message.objects.filter(
        conversation_id=message.conversation_id, direction=Message.Direction.IN, created_at__lte=message.created_at
    )
    return before.order_by("-created_at", "-id").values_list("text", flat=True).first() or ""


def mail_waits() -> bool:
    """Whether one of the newest messages has still to be read for the first time: it comes before reading again."""
    newest = Message.objects.order_by("-id").values("pk")[:NEWEST]
    return (
        Message.objects.filter(pk__in=list(newest.values_list("pk", flat=True)), reading=None)
        .filter(direction=Message.Direction.IN)
        .exists()
    )


def stale_readings(version: str) -> QuerySet[Reading]:
    """The readings that another engine made."""
    return Reading.objects.exclude(version=version)


def to_reread(version: str, limit: int) -> list[Message]:
    """The next messages to read again, the newest first."""
    rows = stale_readings(version).select_related("message").order_by("-message_id")[:limit]
    return [row.message for row in rows]


def rereading() -> Rereading | None:
    """The latest time that everything was read again, or is being."""
    return Rereading.objects.select_related("started_by").first()


def versions() -> list[tuple[str, int]]:
    """How many readings each version of the engine made, the most first."""
    rows = Reading.objects.order_by().values("version").annotate(count=Count("pk"))
    return sorted(((row["version"], row["count"]) for row in rows), key=lambda row: (-row[1], row[0]))


def unread_count() -> int:
    """How many customers' messages were never read."""
    return Message.objects.filter(direction=Message.Direction.IN, reading=None).count()


def saw_sensitive(viewer: User, conversation_id: int) -> bool:
    """Whether the log already tells of this viewer seeing what is sensitive here within the last hour."""
    return Event.objects.filter(
        subject="conversation",
        subject_id=conversation_id,
        kind="sensitive.seen",
        actor_id=viewer.pk,
        at__gt=clock.now() - ATTENTION_WINDOW,
    ).exists()
