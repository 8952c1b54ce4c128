"""Reading letters on their way out."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db.models import Q, QuerySet

from backstory.conversations.models import Delivery, DkimKey, Mailbox, Outgoing, ServiceLetter
from backstory.conversations.queries.threads import visible
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

Letter = TypeVar("Letter", bound=Outgoing)
State = Outgoing.State
MINUTE = timedelta(minutes=1)
OVERDUE = timedelta(minutes=5)
"""So long after its time a letter that still waits means that no worker is at work."""
LONG = 3
"""From this many tries on a deferred letter is something for a person to look at."""


def get_delivery(viewer: User, pk: int) -> Delivery:
    delivery = (
        Delivery.objects.select_related("message__conversation")
        .filter(pk=pk, message__conversation__in=visible(viewer))
        .first()
    )
    if delivery is None:
        raise NotFound("There is no such letter.")
    return delivery


def due_at(delivery_id: int) -> datetime | None:
    """The time of a letter's next try; None for one that has none."""
    return Delivery.objects.filter(pk=delivery_id).values_list("next_attempt_at", flat=True).first()


def due_deliveries(moment: datetime, limit: int = 500) -> list[int]:
    """Letters to customers to send now, oldest first."""
    return _due(Delivery.objects.all(), moment, limit)


def turn_of_domain(delivery_id: int) -> datetime | None:
    """When a letter's domain can be written to again, None for now: BACKSTORY_MAIL_DOMAIN_RATE letters a minute."""
    rate = settings.MAIL_DOMAIN_RATE
    domain = Delivery.objects.filter(pk=delivery_id).values_list("domain", flat=True).first()
    if not rate or not domain:
        return None
    since = clock.now() - MINUTE
    recent = Q(handed_at__gt=since) | Q(state=State.SENDING, claimed_at__gt=since)
    moments = Delivery.objects.filter(recent, domain=domain).exclude(pk=delivery_id)
    pairs = moments.values_list("handed_at", "claimed_at")
    taken = sorted(moment for handed, claimed in pairs if (moment := handed or claimed) is not None)
    return taken[-rate] + MINUTE if len(taken) >= rate else None


def stuck_deliveries(viewer: User) -> QuerySet[Delivery]:
    """Letters that somebody has to look at, the longest waiting first: failed, come back, perhaps sent, refused for
    some, tried in vain for long, or waiting although their time has come."""
    policy.require(viewer, Permission.SEE_DELIVERIES)
    rows = Delivery.objects.filter(_needs_somebody(clock.now()), attended_at=None)
    if not policy.sees_all_teams(viewer, Permission.SEE_DELIVERIES):
        rows = rows.filter(message__conversation__team_id__in=policy.team_ids(viewer))
    return rows.select_related("message__conversation__customer", "message__author").order_by("id")


def _needs_somebody(moment: datetime) -> Q:
    ended = Q(state__in=[State.FAILED, State.BOUNCED, State.UNCERTAIN])
    partly = Q(state=State.SENT) & ~Q(last_error="") & ~Q(results={})
    long = Q(state=State.DEFERRED, attempts__gte=LONG)
    due = Q(next_attempt_at__lt=moment - OVERDUE) | Q(next_attempt_at=None, created_at__lt=moment - OVERDUE)
    overdue = Q(state__in=[State.HELD, State.WAITING]) & due
    return ended | partly | long | overdue


def dkim_key(domain: str) -> DkimKey | None:
    """With what letters of this domain are signed; None for a domain without a key in use."""
    return DkimKey.objects.filter(domain=domain.lower(), is_active=True).first()


def dkim_keys() -> list[DkimKey]:
    return list(DkimKey.objects.filter(is_active=True).order_by("domain"))


def due_service_letters(moment: datetime, limit: int = 500) -> list[int]:
    """Letters of the desk itself to send now, oldest first."""
    return _due(ServiceLetter.objects.all(), moment, limit)


def desk_sender() -> Mailbox | None:
    """The mailbox that letters of the desk itself come from: the oldest one in use."""
    return Mailbox.objects.filter(is_active=True).order_by("id").first()


def _due(letters: QuerySet[Letter], moment: datetime, limit: int) -> list[int]:
    waiting = letters.filter(state__in=[State.HELD, State.WAITING, State.DEFERRED])
    due = waiting.filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=moment))
    return list(due.order_by("id").values_list("id", flat=True)[:limit])
