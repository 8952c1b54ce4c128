"""Who does what by when: for the person, and for the cause."""

from datetime import datetime

from django.db import transaction

from backstory.cases import rules
from backstory.cases.actions.common import lock_for, lock_open, tell
from backstory.cases.models import ResolutionAction
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission


@transaction.atomic
def add_resolution_action(
    viewer: User, complaint_id: int, *, serves: str, text: str, due_at: datetime, owner_id: int | None = None
) -> ResolutionAction:
    """Agree on one step: `serves` is need or cause, `due_at` aware, the owner somebody of the team (else the
    viewer)."""
    complaint = lock_open(viewer, complaint_id)
    if serves not in ResolutionAction.Serves.values:
        raise InvalidInput("Say whether the step serves the need or the cause.", "serves")
    row = ResolutionAction.objects.create(
        complaint=complaint,
        serves=serves,
        text=rules.required(text, "text", "what will be done", 500),
        owner=_owner(viewer, owner_id, complaint.conversation.team_id),
        due_at=_future(due_at),
    )
    tell("action.added", complaint, viewer, serves=serves, owner=row.owner.name if row.owner else "")
    return row


def _owner(viewer: User, owner_id: int | None, team_id: int) -> User:
    owner = viewer if owner_id is None else User.objects.filter(pk=owner_id).first()
    if owner is None or not policy.can(owner, Permission.HANDLE_COMPLAINTS, team_id):
        raise InvalidInput("The owner must be somebody of this complaint's team.", "owner")
    return owner


def _future(due_at: datetime) -> datetime:
    if due_at.tzinfo is None:
        raise InvalidInput("The date needs a time zone.", "due_at")
    if due_at <= clock.now():
        raise InvalidInput("The date lies in the past.", "due_at")
    return due_at


@transaction.atomic
def finish_resolution_action(viewer: User, action_id: int) -> ResolutionAction:
    """It is done. Finishing what is finished changes nothing; allowed after closing, as some fixes take
    longer."""
    seen = ResolutionAction.objects.filter(pk=action_id).values_list("complaint_id", flat=True).first()
    if seen is None:
        raise NotFound("There is no such step.")
    complaint = lock_for(viewer, seen)
    row = ResolutionAction.objects.select_for_update().get(pk=action_id)
    if row.done_at is None:
        row.done_at = clock.now()
        row.save(update_fields=["done_at"])
        tell("action.done", complaint, viewer, serves=row.serves)
    return row
