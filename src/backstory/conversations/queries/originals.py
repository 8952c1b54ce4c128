"""Reading the originals: what arrived, byte by byte, and what was decided about it."""

from datetime import datetime

from django.db.models import Q, QuerySet

from backstory.conversations.models import Message, RawMessage
from backstory.conversations.queries.threads import visible
from backstory.kernel.errors import NotFound
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission


def quarantined(viewer: User) -> QuerySet[RawMessage]:
    policy.require(viewer, Permission.VIEW_QUARANTINE)
    return (
        RawMessage.objects.select_related("mailbox")
        .filter(state__in=[RawMessage.State.QUARANTINED, RawMessage.State.IGNORED])
        .order_by("-created_at")
    )


def get_raw(viewer: User, pk: int) -> RawMessage:
    """The stored original; for administrators, and for whoever may see the message it became."""
    raw = RawMessage.objects.select_related("mailbox").filter(pk=pk).first()
    if raw and policy.can(viewer, Permission.VIEW_QUARANTINE):
        return raw
    if raw and Message.objects.filter(raw=raw, conversation__in=visible(viewer)).exists():
        return raw
    raise NotFound("There is no such original.")


def due_raw(moment: datetime, limit: int = 500) -> list[int]:
    """Originals still waiting to be understood, oldest first."""
    waiting = RawMessage.objects.filter(state=RawMessage.State.RECEIVED)
    due = waiting.filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=moment))
    return list(due.order_by("id").values_list("id", flat=True)[:limit])
