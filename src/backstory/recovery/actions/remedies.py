"""Offering and deciding remedies, within each role's authority."""

from decimal import Decimal

from django.db import transaction

from backstory.cases import rules as case_rules
from backstory.cases.actions import lock_for
from backstory.cases.models import Complaint
from backstory.kernel import clock, money
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.kernel.money import Money
from backstory.live.actions import Actor, record
from backstory.people.models import Role, User
from backstory.people.policy import Permission
from backstory.recovery import policy, queries, rules
from backstory.recovery.models import AuthorityLimit, Remedy


@transaction.atomic
def offer_remedy(  # noqa: PLR0917
    viewer: User,
    complaint_id: int,
    kind: str,
    amount: str | Decimal | int,
    currency: str,
    reason: str,
    *,
    cost: str | Decimal | int | None = None,
    given_by: str = "",
    exception_reason: str = "",
) -> Remedy:
    """Offer amends: granted at once within the viewer's limit, else requested from somebody who may.

    `cost` is what it costs us where that is not the amount, in the same currency; `given_by` names who
    apologises (the viewer, if nobody else is named). The limit holds for all that the viewer grants on one
    complaint together.
    """
    complaint = lock_for(viewer, complaint_id, Permission.GRANT_REMEDY)
    if complaint.state != Complaint.State.OPEN:
        raise Conflict(f"{complaint.number} is closed: reopen it first.")
    if kind not in Remedy.Kind.values:
        raise InvalidInput("Choose one of the kinds of remedy.", "kind")
    sum_offered = money.parse(amount, currency)
    rules.ensure_amount_fits(kind, sum_offered)
    remedy = Remedy(
        complaint=complaint,
        kind=kind,
        amount=sum_offered.amount,
        currency=sum_offered.currency,
        cost=None if cost is None else _cost(cost, currency),
        given_by=_named(viewer, kind, given_by),
        reason=case_rules.required(reason, "reason", "the reason", 2000),
        is_exception=bool(exception_reason.strip()),
        exception_reason=exception_reason.strip()[:2000],
        offered_by=viewer,
    )
    if rules.within(queries.limits(), viewer.role, _with_earlier(viewer, complaint, sum_offered)):
        return _decide(remedy, viewer, Remedy.State.GRANTED)
    remedy.save()
    tell_of_remedy("remedy.requested", remedy, viewer)
    return remedy


def _cost(cost: str | Decimal | int, currency: str) -> Decimal:
    try:
        return money.parse(cost, currency).amount
    except InvalidInput as error:
        raise InvalidInput(str(error), "cost") from None


def _named(viewer: User, kind: str, given_by: str) -> str:
    """Who apologises; an apology without a name is nobody's."""
    if kind != Remedy.Kind.APOLOGY:
        return ""
    return " ".join(given_by.split())[:200] or viewer.name


def _with_earlier(viewer: User, complaint: Complaint, more: Money) -> Money:
    if not more.amount:
        return more
    return rules.total(queries.granted_by(viewer, complaint, more.currency), more)


def _decide(remedy: Remedy, viewer: User, state: str, reason: str = "") -> Remedy:
    remedy.state, remedy.decided_by, remedy.decided_at = state, viewer, clock.now()
    remedy.decision_reason = reason.strip()[:2000]
    remedy.save()
    tell_of_remedy(f"remedy.{state}", remedy, viewer)
    return remedy


def tell_of_remedy(kind: str, remedy: Remedy, actor: Actor | None) -> None:
    """Record an event about a remedy: its kind and money, never a reason."""
    record(
        kind,
        actor=actor,
        conversation_id=remedy.complaint.conversation_id,
        team_id=remedy.complaint.conversation.team_id,
        subject=("remedy", remedy.pk),
        remedy=remedy.kind,
        money=str(remedy.money) if remedy.amount else "",
    )


def _lock_requested(viewer: User, remedy_id: int) -> Remedy:
    """The request, held with its complaint, if the viewer may decide about it; Conflict if somebody has
    already."""
    seen = queries.get_remedy(viewer, remedy_id)
    policy.require_deciding(viewer, seen)
    lock_for(viewer, seen.complaint_id, Permission.APPROVE_REMEDY)
    rows = Remedy.objects.select_related("complaint__conversation").select_for_update(of=("self",))
    remedy = rows.get(pk=remedy_id)
    if remedy.state != Remedy.State.REQUESTED:
        raise Conflict(f"This was already {remedy.state}.")
    return remedy


@transaction.atomic
def approve_remedy(viewer: User, remedy_id: int, reason: str = "") -> Remedy:
    """Grant what somebody else asked for, within one's own limit; NotAllowed says who may if it is above."""
    remedy = _lock_requested(viewer, remedy_id)
    together = _with_earlier(viewer, remedy.complaint, remedy.money)
    policy.require_authority(queries.limits(), viewer, together)
    return _decide(remedy, viewer, Remedy.State.GRANTED, reason)


@transaction.atomic
def decline_remedy(viewer: User, remedy_id: int, reason: str) -> Remedy:
    """Refuse what somebody asked for, with the reason they will read."""
    remedy = _lock_requested(viewer, remedy_id)
    why = case_rules.required(reason, "reason", "the reason", 2000)
    return _decide(remedy, viewer, Remedy.State.DECLINED, why)


@transaction.atomic
def set_limit(viewer: User, role: str, currency: str, amount: str | Decimal | int) -> AuthorityLimit:
    """The most that a role may grant alone on one complaint, in one currency."""
    policy.require_administering(viewer)
    if role not in Role.values:
        raise InvalidInput("Choose one of the roles.", "role")
    limit = money.parse(amount, currency)
    row, _ = AuthorityLimit.objects.update_or_create(
        role=role, currency=limit.currency, defaults={"amount": limit.amount}
    )
    record("limit.set", actor=viewer, subject=("limit", row.pk), role=role, money=str(limit))
    return row


def seed_limits() -> int:
    """Add the default limits that are missing; returns how many. Changed ones stay as they are."""
    added = 0
    for role, amount in rules.DEFAULT_LIMITS.items():
        for currency in rules.DEFAULT_CURRENCIES:
            _, new = AuthorityLimit.objects.get_or_create(role=role, currency=currency, defaults={"amount": amount})
            added += new
    return added
