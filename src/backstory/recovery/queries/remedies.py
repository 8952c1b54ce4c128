"""Remedies as the desk sees them, and which wait for whom."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from backstory.cases.models import Complaint
from backstory.conversations.queries import visible
from backstory.kernel.errors import NotFound
from backstory.people.models import User
from backstory.recovery import policy
from backstory.recovery.models import Approval, Remedy
from backstory.recovery.queries.authority import Book, book, stood_in_for, wish_of


def _remedies(viewer: User) -> QuerySet[Remedy]:
    rows = Remedy.objects.select_related(
        "complaint__conversation__customer", "complaint__conversation__team", "offered_by", "decided_by", "asked"
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
    """Requests that the viewer may decide about, for themself or as a stand-in: those asked of them first, then
    the oldest; never the viewer's own. Whether a limit covers the amount is asked when they decide."""
    absent = stood_in_for(viewer)
    mine = {viewer.pk, *(each.pk for each in absent)}
    waiting = _remedies(viewer).filter(state=Remedy.State.REQUESTED).order_by("created_at", "id")
    open_to_viewer = [remedy for remedy in waiting if policy.acting_for(viewer, absent, remedy)]
    return sorted(open_to_viewer, key=lambda remedy: remedy.asked_id not in mine)


def reach(viewer: User, remedies: Iterable[Remedy]) -> dict[int, str]:
    """By id how far the viewer's authority, with that of whom they stand in for, carries for each request: "alone",
    "first" or "second" of two people, or "above" their limit."""
    waiting, people = list(remedies), [viewer, *stood_in_for(viewer)]
    ledger = book([each.complaint_id for each in waiting], people)
    approved = Approval.objects.filter(remedy__in=[each.pk for each in waiting], is_void=False)
    first = set(approved.values_list("remedy_id", flat=True))
    return {each.pk: _reach(viewer, people[1:], each, ledger, is_first=each.pk not in first) for each in waiting}


def _reach(viewer: User, absent: list[User], remedy: Remedy, ledger: Book, *, is_first: bool) -> str:
    wish = wish_of(remedy)
    if ledger.needs_two(wish):
        return "first" if is_first else "second"
    able = (each for each in policy.acting_for(viewer, absent, remedy) if ledger.may_grant(each, wish))
    return "alone" if any(able) else "above"


def overdue_requests(viewer: User) -> list[Remedy]:
    """Requests past their time that the viewer may see, the longest waiting first."""
    late = _remedies(viewer).filter(state=Remedy.State.REQUESTED, escalations__gt=0)
    return list(late.order_by("created_at", "id"))


def due_to_escalate(moment: datetime, limit: int = 200) -> list[int]:
    """Requests whose time is up without a decision."""
    rows = Remedy.objects.filter(state=Remedy.State.REQUESTED, decide_by__lte=moment)
    return list(rows.order_by("decide_by").values_list("pk", flat=True)[:limit])


def label(remedy: Remedy) -> str:
    """The kind of a remedy, with its money where there is any."""
    kind = Remedy.Kind(remedy.kind).label
    return f"{kind} {remedy.money}" if remedy.amount else kind
