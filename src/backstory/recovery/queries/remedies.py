"""Remedies as the desk sees them, and who may decide about them."""

from decimal import Decimal

from django.db.models import QuerySet

from backstory.cases.models import Complaint
from backstory.conversations.queries import visible
from backstory.kernel.errors import NotFound
from backstory.kernel.money import Money
from backstory.people.models import User
from backstory.recovery import policy
from backstory.recovery.models import AuthorityLimit, Remedy


def _remedies(viewer: User) -> QuerySet[Remedy]:
    rows = Remedy.objects.select_related(
        "complaint__conversation__customer", "complaint__conversation__team", "offered_by", "decided_by"
    )
    return rows.filter(complaint__conversation__in=visible(viewer))


def remedies(viewer: User, complaint: Complaint) -> list[Remedy]:
    """What was offered on a complaint, oldest first."""
    return list(_remedies(viewer).filter(complaint=complaint).order_by("created_at", "id"))


def get_remedy(viewer: User, pk: int) -> Remedy:
    found = _remedies(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such remedy.")
    return found


def approvals(viewer: User) -> list[Remedy]:
    """Requests that wait for somebody like the viewer to decide, oldest first; never the viewer's own."""
    waiting = _remedies(viewer).filter(state=Remedy.State.REQUESTED).order_by("created_at", "id")
    return [remedy for remedy in waiting if policy.may_approve(viewer, remedy)]


def limits() -> dict[tuple[str, str], Decimal]:
    """Every authority limit by (role, currency)."""
    rows = AuthorityLimit.objects.values_list("role", "currency", "amount")
    return {(role, currency): amount for role, currency, amount in rows}


def limit_for(viewer: User, currency: str) -> Money | None:
    """The most that the viewer may grant alone on one complaint in this currency, None for nothing."""
    amount = limits().get((viewer.role, currency))
    return None if amount is None else Money(amount, currency)


def granted_by(viewer: User, complaint: Complaint, currency: str) -> list[Decimal]:
    """The amounts that the viewer has granted on a complaint so far."""
    rows = Remedy.objects.filter(complaint=complaint, currency=currency, decided_by=viewer, state=Remedy.State.GRANTED)
    return list(rows.values_list("amount", flat=True))


def label(remedy: Remedy) -> str:
    """The kind of a remedy, with its money where there is any."""
    kind = Remedy.Kind(remedy.kind).label
    return f"{kind} {remedy.money}" if remedy.amount else kind
