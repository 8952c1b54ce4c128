"""Reading letters on their way out."""

from datetime import datetime
from typing import TypeVar

from django.db.models import Q, QuerySet

from backstory.conversations.models import Delivery, Mailbox, Outgoing, ServiceLetter
from backstory.conversations.queries.threads import visible
from backstory.kernel.errors import NotFound
from backstory.people.models import User

Letter = TypeVar("Letter", bound=Outgoing)


def get_delivery(viewer: User, pk: int) -> Delivery:
    delivery = (
        Delivery.objects.select_related("message__conversation")
        .filter(pk=pk, message__conversation__in=visible(viewer))
        .first()
    )
    if delivery is None:
        raise NotFound("There is no such letter.")
    return delivery


def due_deliveries(moment: datetime, limit: int = 500) -> list[int]:
    """Letters to customers to send now, oldest first."""
    return _due(Delivery.objects.all(), moment, limit)


def due_service_letters(moment: datetime, limit: int = 500) -> list[int]:
    """Letters of the desk itself to send now, oldest first."""
    return _due(ServiceLetter.objects.all(), moment, limit)


def desk_sender() -> Mailbox | None:
    """The mailbox that letters of the desk itself come from: the oldest one in use."""
    return Mailbox.objects.filter(is_active=True).order_by("id").first()


def _due(letters: QuerySet[Letter], moment: datetime, limit: int) -> list[int]:
    waiting = letters.filter(state__in=[Outgoing.State.WAITING, Outgoing.State.DEFERRED])
    due = waiting.filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=moment))
    return list(due.order_by("id").values_list("id", flat=True)[:limit])
