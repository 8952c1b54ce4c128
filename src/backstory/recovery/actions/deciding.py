"""Deciding about requests: yes, yes to another amount, no; by two people from an amount on."""

from decimal import Decimal

from django.db import transaction

from backstory.cases import rules as case_rules
from backstory.cases.actions import lock
from backstory.kernel import clock, money
from backstory.kernel.errors import Conflict, NotAllowed
from backstory.people.models import User
from backstory.recovery import policy, queries, rules
from backstory.recovery.actions.asking import ask_next, tell_of_remedy
from backstory.recovery.actions.exceptions import hold_against_policy
from backstory.recovery.models import Approval, Remedy
from backstory.recovery.rules.authority import Acting, are_two, who_may


def _lock_requested(viewer: User, remedy_id: int) -> tuple[Remedy, list[User]]:
    """The request, held with its complaint, and whose authority the viewer may use; Conflict if it is decided."""
    absent = queries.stood_in_for(viewer)
    seen = queries.get_remedy(viewer, remedy_id)
    policy.require_deciding(viewer, absent, seen)
    lock(seen.complaint_id)
    rows = Remedy.objects.select_related("complaint__conversation__mailbox", "complaint__cause", "asked")
    remedy = rows.select_for_update(of=("self",)).get(pk=remedy_id)
    if remedy.state != Remedy.State.REQUESTED:
        raise Conflict(f"This was already {remedy.state}.")
    return remedy, policy.require_deciding(viewer, absent, remedy)


def hold_people(people: list[User]) -> None:
    """Keep others from using the same people's limits until the transaction ends: limits of a day hold on all
    complaints together. Always in the same order, so that nobody waits for each other."""
    ids = [each.pk for each in people]
    list(User.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


@transaction.atomic
def approve_remedy(viewer: User, remedy_id: int, reason: str = "", amount: str | Decimal | int | None = None) -> Remedy:
    """Grant what somebody else asked for, or another amount of it, by one's own authority or that of somebody away.

    NotAllowed says who may if it is above every limit the viewer can use. From the amount of a second look on it is
    granted by the second of two people, one of whom has the authority; until then it stays requested.
    """
    remedy, whose = _lock_requested(viewer, remedy_id)
    if amount is not None:
        _change(viewer, remedy, amount, reason)
    wish = queries.wish_of(remedy)
    first = queries.first_of_two(remedy)
    hold_people([*whose, *(each for _, each in first)])
    ledger = queries.book([remedy.complaint_id], [*whose, *(each for _, each in first)])
    if ledger.needs_two(wish):
        return _look(viewer, whose, remedy, ledger, reason)
    able = [each for each in whose if ledger.may_grant(each, wish)]
    if not able:
        raise NotAllowed(f"This is above your limit. {who_may(ledger.limits, wish)}")
    _keep(remedy, viewer, able[0], reason)
    return settle(remedy, viewer, Remedy.State.GRANTED, reason, able[0])


def _change(viewer: User, remedy: Remedy, amount: str | Decimal | int, reason: str) -> None:
    """Another amount than was asked for; what others said yes to before was another matter."""
    wanted = money.parse(amount, remedy.currency)
    if wanted.amount == remedy.amount:
        return
    rules.ensure_amount_fits(remedy.kind, wanted)
    before = str(remedy.money)
    if remedy.requested_amount is None:
        remedy.requested_amount = remedy.amount
    remedy.amount = wanted.amount
    remedy.cost = None  # what it costs belonged to the other amount
    hold_against_policy(remedy, reason or remedy.exception_reason, "reason")
    remedy.save()
    remedy.approvals.update(is_void=True)
    tell_of_remedy("remedy.changed", remedy, viewer, before=before)


def _look(viewer: User, whose: list[User], remedy: Remedy, ledger: queries.Book, reason: str) -> Remedy:
    """One of two people's yes: the first is kept, the second grants, if one of them has the authority."""
    wish, first = queries.wish_of(remedy), queries.first_of_two(remedy)
    if any(acting.person_id == viewer.pk for acting, _ in first):
        raise Conflict("You have said yes already: from this amount on somebody else has to as well.")
    able = sorted(whose, key=lambda each: not ledger.may_grant(each, wish))
    pairs = [(mine, theirs) for mine in able for acting, theirs in first if are_two(acting, Acting(viewer.pk, mine.pk))]
    if first and not pairs:
        raise NotAllowed("Somebody and who stands in for them are one: somebody else has to decide with you.")
    if not pairs:
        _keep(remedy, viewer, able[0], reason)
        return _wait_for_second(viewer, remedy)
    authority = next((each for pair in pairs for each in pair if ledger.may_grant(each, wish)), None)
    if authority is None:
        raise NotAllowed(f"This is above the limit of you both. {who_may(ledger.limits, wish)}")
    _keep(remedy, viewer, pairs[0][0], reason)
    remedy.had_two = True
    return settle(remedy, viewer, Remedy.State.GRANTED, reason, authority)


def _keep(remedy: Remedy, viewer: User, on_behalf_of: User, reason: str) -> None:
    Approval.objects.create(
        remedy=remedy,
        approver=viewer,
        on_behalf_of=on_behalf_of,
        amount=remedy.amount,
        reason=reason.strip()[:2000],
    )


def _wait_for_second(viewer: User, remedy: Remedy) -> Remedy:
    taken = {pk for acting, _ in queries.first_of_two(remedy) for pk in acting.everybody}
    ask_next(remedy, besides=frozenset(taken))
    tell_of_remedy("remedy.seconded", remedy, viewer)
    return remedy


def settle(remedy: Remedy, viewer: User, state: str, reason: str, authority: User | None) -> Remedy:
    """The decision itself; `authority` is whose limit was used."""
    remedy.state, remedy.decided_by, remedy.decided_at = state, viewer, clock.now()
    remedy.authority_of, remedy.asked, remedy.decide_by = authority, None, None
    remedy.decision_reason = reason.strip()[:2000]
    remedy.save()
    tell_of_remedy(f"remedy.{state}", remedy, viewer)
    return remedy


@transaction.atomic
def decline_remedy(viewer: User, remedy_id: int, reason: str) -> Remedy:
    """Refuse what somebody asked for, with the reason they will read. One person's no is enough."""
    remedy, _ = _lock_requested(viewer, remedy_id)
    why = case_rules.required(reason, "reason", "the reason", 2000)
    return settle(remedy, viewer, Remedy.State.DECLINED, why, None)
