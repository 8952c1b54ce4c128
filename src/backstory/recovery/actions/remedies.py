"""Offering remedies: granted at once within one's authority, requested above it."""

from decimal import Decimal

from django.db import transaction

from backstory.cases import rules as case_rules
from backstory.cases.actions import lock_for
from backstory.cases.models import Complaint
from backstory.kernel import clock, money
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.recovery import queries, rules
from backstory.recovery.actions.asking import ask_next, tell_of_remedy
from backstory.recovery.actions.deciding import hold_people, settle
from backstory.recovery.actions.exceptions import hold_against_policy
from backstory.recovery.models import Remedy


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
    apologises (the viewer, if nobody else is named). Outside the policy an `exception_reason` is needed. Limits hold
    for what was granted before, too: see `rules.authority`.
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
        offered_by=viewer,
    )
    hold_against_policy(remedy, exception_reason)
    return _grant_or_request(viewer, remedy)


def _grant_or_request(viewer: User, remedy: Remedy) -> Remedy:
    hold_people([viewer])
    wish, ledger = queries.wish_of(remedy), queries.book([remedy.complaint_id], [viewer])
    if ledger.may_grant(viewer, wish) and not ledger.needs_two(wish):
        return settle(remedy, viewer, Remedy.State.GRANTED, "", viewer)
    remedy.requested_at = clock.now()
    remedy.save()
    ask_next(remedy)
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
