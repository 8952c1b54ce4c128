"""Promises: whose, in which state, and which are due."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from backstory.cases import rules
from backstory.cases.models import Promise
from backstory.conversations.models import Mailbox, Message
from backstory.conversations.queries import visible
from backstory.kernel import calendars, clock
from backstory.people.models import User


def promises(viewer: User, *states: str) -> QuerySet[Promise]:
    """Promises in conversations the viewer may see, soonest due first, undated last; of all states if none is
    named."""
    rows = Promise.objects.select_related("conversation__customer", "conversation__team", "owner", "message")
    rows = rows.filter(conversation__in=visible(viewer))
    rows = rows.filter(state__in=states) if states else rows
    return rows.order_by(F("due_at").asc(nulls_last=True), "id")


def reminders(viewer: User) -> int:
    """How many of the viewer's own promises they have been reminded of and have not kept yet, or see broken with
    nothing written since."""
    due = Q(state=Promise.State.OPEN, reminded_at__isnull=False)
    return Promise.objects.filter(due | unmended(), owner=viewer).count()


def unmended() -> Q:
    """Promises broken lately to which nobody of ours has written since."""
    since = clock.now() - rules.MEND_WITHIN
    written = _ours().filter(
        conversation_id=OuterRef("conversation_id"),
        direction=Message.Direction.OUT,
        created_at__gt=OuterRef("decided_at"),
    )
    return Q(state=Promise.State.BROKEN, decided_at__gte=since) & ~Q(Exists(written))


def desk_hours(mailbox: Mailbox | None = None) -> calendars.BusinessHours:
    """When the desk is open, from the settings; for a mailbox that keeps hours of its own, those."""
    desk = {
        "tz": settings.DESK_TIME_ZONE,
        "days": settings.BUSINESS_DAYS,
        "open": settings.BUSINESS_OPEN,
        "close": settings.BUSINESS_CLOSE,
    }
    return calendars.parse({**desk, **(mailbox.hours if mailbox else {})})


def unsearched_message(message_id: int) -> Message | None:
    """A message a person of ours wrote that was not looked through for promises yet, or None."""
    rows = _ours().select_related("conversation__mailbox")
    return rows.filter(pk=message_id, promise_search=None).first()


def _ours() -> QuerySet[Message]:
    """Replies and notes that people of ours wrote: what was promised on the telephone stands in a note."""
    return Message.objects.filter(direction__in=[Message.Direction.OUT, Message.Direction.NOTE], author__isnull=False)


def message_after(promise: Promise) -> Message | None:
    """The latest message that one of us wrote in the conversation since the promise was made."""
    rows = _ours().filter(conversation_id=promise.conversation_id, pk__gt=promise.message_id)
    return rows.order_by("-pk").first()


def overlooked_promises(before: datetime, limit: int = 200) -> Iterable[int]:
    rows = _ours().filter(promise_search=None, created_at__lt=before)
    return list(rows.order_by("-id").values_list("pk", flat=True)[:limit])


def due_reminders(moment: datetime) -> list[int]:
    """Open promises whose owner should be reminded now and was not yet."""
    rows = Promise.objects.filter(
        state=Promise.State.OPEN,
        reminded_at=None,
        due_at__gt=moment,
        due_at__lte=moment + rules.REMIND_BEFORE,
    ).values_list("pk", "message__created_at", "due_at")
    return [pk for pk, made_at, due_at in rows if due_at and rules.reminder_at(made_at, due_at) <= moment]


def overdue_promises(moment: datetime) -> list[int]:
    rows = Promise.objects.filter(state=Promise.State.OPEN, due_at__lt=moment)
    return list(rows.order_by("id").values_list("pk", flat=True))
