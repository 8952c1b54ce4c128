"""Who may do what with a complaint: one who works in its team. Running the desk needs no look into people's
lives."""

from backstory.cases.models import Complaint
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission


def may_handle(viewer: User, complaint: Complaint) -> bool:
    return policy.can(viewer, Permission.HANDLE_COMPLAINTS, complaint.conversation.team_id)


def may_read_backstory(viewer: User, complaint: Complaint) -> bool:
    return policy.can(viewer, Permission.READ_BACKSTORY, complaint.conversation.team_id)


def require_reading_backstory(viewer: User, complaint: Complaint) -> None:
    policy.require(viewer, Permission.READ_BACKSTORY, complaint.conversation.team_id)


def require_editing_causes(viewer: User) -> None:
    policy.require(viewer, Permission.EDIT_CAUSES)
