"""What every write about a complaint begins and ends with."""

from typing import Any

from backstory.cases import queries
from backstory.cases.models import Complaint, Promise
from backstory.kernel.errors import Conflict
from backstory.live.actions import Actor, record
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission


def lock(complaint_id: int) -> Complaint:
    """The complaint as it is now, held until the caller's transaction ends."""
    rows = Complaint.objects.select_related("conversation__customer", "cause")
    return rows.select_for_update(of=("self",)).get(pk=complaint_id)


def lock_for(viewer: User, complaint_id: int, permission: Permission = Permission.HANDLE_COMPLAINTS) -> Complaint:
    """The complaint, held, if the viewer may do this to it: NotFound for an unseen one, else NotAllowed."""
    seen = queries.get_complaint(viewer, complaint_id)
    policy.require(viewer, permission, seen.conversation.team_id)
    return lock(complaint_id)


def lock_open(viewer: User, complaint_id: int) -> Complaint:
    """The complaint, held, if the viewer may handle it; Conflict if it is closed."""
    complaint = lock_for(viewer, complaint_id)
    if complaint.state != Complaint.State.OPEN:
        raise Conflict(f"{complaint.number} is closed: reopen it first.")
    return complaint


def tell(kind: str, complaint: Complaint, actor: Actor | None = None, **data: Any) -> None:
    """Record an event about a complaint."""
    record(
        kind,
        actor=actor,
        conversation_id=complaint.conversation_id,
        team_id=complaint.conversation.team_id,
        subject=("complaint", complaint.pk),
        **data,
    )


def tell_of_promise(kind: str, promise: Promise, actor: Actor | None = None, **data: Any) -> None:
    """Record an event about a promise; its words stay in the message they stand in."""
    record(
        kind,
        actor=actor,
        conversation_id=promise.conversation_id,
        team_id=promise.conversation.team_id,
        subject=("promise", promise.pk),
        **data,
    )
