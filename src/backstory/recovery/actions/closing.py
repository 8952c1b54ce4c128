"""Closing a complaint, once nothing about making amends is undecided."""

from django.db import transaction

from backstory.cases import actions as cases
from backstory.cases.models import Complaint
from backstory.kernel.errors import InvalidInput
from backstory.people.models import User
from backstory.recovery.actions.second import settle_second_recoveries
from backstory.recovery.models import Remedy


@transaction.atomic
def close_complaint(viewer: User, complaint_id: int, outcome: str, reason: str) -> Complaint:
    """Close the complaint as `cases.actions.close_complaint` does; InvalidInput while a remedy waits for approval."""
    complaint = cases.lock_for(viewer, complaint_id)
    if Remedy.objects.filter(complaint=complaint, state=Remedy.State.REQUESTED).exists():
        raise InvalidInput("Before closing: a remedy waits for approval. Let it be decided first.", "remedies")
    closed = cases.close_complaint(viewer, complaint_id, outcome, reason)
    settle_second_recoveries(complaint_id)
    return closed
