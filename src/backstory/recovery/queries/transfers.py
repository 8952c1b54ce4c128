"""Remedies on their way through connectors, as the desk sees them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from backstory.cases.models import Complaint
from backstory.conversations.queries import visible
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.people.queries import email_of
from backstory.recovery import rules
from backstory.recovery.connectors import Order
from backstory.recovery.models import Connector, Difference, HandOver, Remedy, Transfer, TransferAttempt

State = Transfer.State
OVERDUE = timedelta(minutes=15)
"""So long after its time a transfer that still waits means that no worker is at work."""
UNCERTAIN_LONG = 4
"""After this many look-ups in vain an uncertain transfer is something for a person."""
_WITH = ("connector", "hand_over", "remedy__complaint__conversation__customer", "remedy__complaint__conversation__team")


def whole_transfer(pk: int) -> Transfer:
    """A transfer with all that carrying it out needs."""
    return Transfer.objects.select_related(*_WITH).get(pk=pk)


def order_of(transfer: Transfer) -> Order:
    """What the other side is asked to do: the same for every attempt."""
    remedy = transfer.remedy
    return Order(transfer.key, transfer.money, transfer.recipient, remedy.kind, remedy.complaint.number)


def connector_for(remedy: Remedy) -> Connector | None:
    """The connector that carries a remedy out now; None where it is for a person, or its time has not come."""
    if remedy.state != Remedy.State.GRANTED or remedy.carried_out_at is not None or remedy.amount <= 0:
        return None
    rows = Connector.objects.exclude(kind=Connector.Kind.SQL).filter(archived_at=None, serves_since__isnull=False)
    known = {row.pk: row for row in rows}
    services = [rules.Service(row.pk, row.remedy_kinds, row.currencies, row.team_id) for row in known.values()]
    team_id = remedy.complaint.conversation.team_id
    found = rules.serving(services, remedy.kind, remedy.currency, team_id)
    connector = None if found is None else known[found.pk]
    if connector is None or remedy.answer == Remedy.Answer.DECLINED:
        return None
    accepts = connector.carry_out_when == Connector.When.ACCEPTED
    if accepts and remedy.answer != Remedy.Answer.ACCEPTED:
        return None
    decided = remedy.answered_at if accepts else remedy.decided_at
    serves_since = connector.serves_since
    return connector if decided and serves_since and decided >= serves_since else None


def known_recipient(remedy: Remedy, connector: Connector) -> str:
    """What the other system knows the customer by, where nobody has to say it; else empty."""
    if connector.recipient_is == Connector.Recipient.EMAIL:
        return email_of(remedy.complaint.conversation.customer)[: rules.LONGEST_RECIPIENT]
    return ""


def remedies_without_transfer(since: datetime) -> list[int]:
    """Granted remedies whose wake-up was lost: decided or answered since then, and on no way yet."""
    if not Connector.objects.filter(archived_at=None, serves_since__isnull=False).exists():
        return []
    under_way = Transfer.objects.filter(remedy=OuterRef("pk"))
    recent = Q(decided_at__gte=since) | Q(answered_at__gte=since)
    rows = Remedy.objects.filter(recent, state=Remedy.State.GRANTED, carried_out_at=None, amount__gt=0)
    rows = rows.select_related("complaint__conversation").exclude(Exists(under_way))
    return [row.pk for row in rows.order_by("id")[:500] if connector_for(row) is not None]


def due_transfers(moment: datetime, limit: int = 200) -> list[int]:
    """Transfers to take a step further now, oldest first."""
    due = Q(state=State.WAITING, next_try_at=None) | Q(
        state__in=[State.WAITING, State.PENDING, State.UNCERTAIN], next_try_at__lte=moment
    )
    rows = Transfer.objects.filter(due, connector__is_active=True, remedy__carried_out_at=None)
    rows = rows.exclude(remedy__answer=Remedy.Answer.DECLINED, perhaps_since=None)
    return list(rows.order_by("next_try_at", "id").values_list("pk", flat=True)[:limit])


def due_reconciling(moment: datetime, limit: int = 100) -> list[int]:
    """Transfers to compare with the other side's record now."""
    rows = Transfer.objects.filter(reconcile_at__lte=moment, connector__is_active=True)
    return list(rows.order_by("reconcile_at").values_list("pk", flat=True)[:limit])


def transfers(viewer: User) -> QuerySet[Transfer]:
    """Every transfer whose case the viewer may see."""
    rows = Transfer.objects.select_related(*_WITH, "remedy__offered_by")
    return rows.filter(remedy__complaint__conversation__in=visible(viewer))


def watched_transfers(viewer: User) -> QuerySet[Transfer]:
    """The transfers of the teams whose payments the viewer looks after."""
    policy.require(viewer, Permission.SEE_TRANSFERS)
    rows = Transfer.objects.select_related(*_WITH, "remedy__offered_by")
    if policy.sees_all_teams(viewer, Permission.SEE_TRANSFERS):
        return rows
    return rows.filter(remedy__complaint__conversation__team_id__in=policy.team_ids(viewer))


def get_transfer(viewer: User, pk: int) -> Transfer:
    found = transfers(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such transfer.")
    return found


def stuck_transfers(viewer: User) -> QuerySet[Transfer]:
    """Transfers that somebody has to look at, the longest waiting first."""
    return watched_transfers(viewer).filter(needs_somebody(clock.now())).order_by("id")


def needs_somebody(moment: datetime) -> Q:
    """Held for a button, refused, failed or long uncertain and not attended to; or late although its time has come."""
    ended = Q(state__in=[State.REFUSED, State.FAILED], attended_at=None)
    unsure = Q(state=State.UNCERTAIN) & (Q(next_try_at=None) | Q(look_ups__gte=UNCERTAIN_LONG))
    late = Q(state__in=[State.WAITING, State.PENDING, State.UNCERTAIN], next_try_at__lt=moment - OVERDUE)
    never = Q(state=State.WAITING, next_try_at=None, created_at__lt=moment - OVERDUE)
    return Q(state=State.HELD) | ended | unsure | late | never


def count_stuck(viewer: User) -> int:
    """How many transfers and differences wait for somebody like the viewer."""
    if not policy.can(viewer, Permission.SEE_TRANSFERS):
        return 0
    return stuck_transfers(viewer).count() + open_differences(viewer).count()


def attempts(transfer: Transfer) -> list[TransferAttempt]:
    """Every question and answer, oldest first."""
    return list(transfer.tries.order_by("id"))


def open_differences(viewer: User) -> QuerySet[Difference]:
    """Where the other side's record differs from ours, and nobody has settled it yet."""
    return Difference.objects.filter(transfer__in=watched_transfers(viewer), settled_at=None).order_by("id")


def differences(viewer: User) -> QuerySet[Difference]:
    """All that was found, the open ones first."""
    rows = Difference.objects.filter(transfer__in=watched_transfers(viewer)).select_related(
        "settled_by", *(f"transfer__{part}" for part in _WITH)
    )
    return rows.order_by("settled_at", "-id")


def get_difference(viewer: User, pk: int) -> Difference:
    found = Difference.objects.filter(pk=pk, transfer__in=transfers(viewer)).first()
    if found is None:
        raise NotFound("There is no such difference.")
    return found


def waiting_for_file(viewer: User, connector: Connector, currency: str) -> QuerySet[Transfer]:
    """Payments of the viewer's teams that are in no file yet, oldest first."""
    rows = watched_transfers(viewer).filter(connector=connector, currency=currency, hand_over=None)
    rows = rows.filter(state=State.PENDING, remedy__carried_out_at=None)
    return rows.exclude(remedy__answer=Remedy.Answer.DECLINED).order_by("id")


def waiting_sums(viewer: User, connector: Connector) -> list[tuple[str, int]]:
    """How many payments wait for a file, per currency."""
    rows = watched_transfers(viewer).filter(connector=connector, hand_over=None, state=State.PENDING)
    found: dict[str, int] = {}
    for currency in rows.values_list("currency", flat=True):
        found[currency] = found.get(currency, 0) + 1
    return sorted(found.items())


def hand_overs(viewer: User) -> QuerySet[HandOver]:
    """The files that hold only payments the viewer looks after, newest first."""
    policy.require(viewer, Permission.SEE_TRANSFERS)
    rows = HandOver.objects.select_related("connector", "made_by", "handed_by").order_by("-id")
    if policy.sees_all_teams(viewer, Permission.SEE_TRANSFERS):
        return rows
    foreign = Transfer.objects.filter(hand_over=OuterRef("pk")).exclude(
        remedy__complaint__conversation__team_id__in=policy.team_ids(viewer)
    )
    return rows.exclude(Exists(foreign))


def get_hand_over(viewer: User, pk: int) -> HandOver:
    found = hand_overs(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such file.")
    return found


def transfers_of(remedies: Iterable[Remedy]) -> dict[int, Transfer]:
    """The transfer of each of these remedies that has one, by the remedy's number."""
    rows = Transfer.objects.filter(remedy__in=[remedy.pk for remedy in remedies]).select_related(*_WITH)
    return {row.remedy_id: row for row in rows}


def recipients_used(complaint: Complaint) -> list[str]:
    """References entered before for this customer, newest first: most often it is the same payment."""
    rows = Transfer.objects.filter(remedy__complaint__conversation__customer=complaint.conversation.customer)
    known = rows.exclude(recipient="").order_by("-id").values_list("recipient", flat=True)[:20]
    return list(dict.fromkeys(known))[:3]
