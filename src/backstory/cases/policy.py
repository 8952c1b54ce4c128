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


def require_teaching(viewer: User) -> None:
    """To train models of the desk's own causes and to put one in force: they serve all teams."""
    policy.require(viewer, Permission.TEACH_CAUSES)


def may_see_sensitive(viewer: User, team_id: int) -> bool:
    """Signs of vulnerability are for those who may read a backstory."""
    return policy.can(viewer, Permission.READ_BACKSTORY, team_id)


def may_correct(viewer: User, team_id: int) -> bool:
    return policy.can(viewer, Permission.CORRECT_READINGS, team_id)


def require_correcting(viewer: User, team_id: int, *, sensitive: bool = False) -> None:
    policy.require(viewer, Permission.CORRECT_READINGS, team_id)
    if sensitive:
        policy.require(viewer, Permission.READ_BACKSTORY, team_id)


def require_drafting_playbooks(viewer: User) -> None:
    """Whoever handles complaints knows best how: everybody may draft, and leads put in force."""
    policy.require(viewer, Permission.DRAFT_PLAYBOOKS)


def require_editing_playbooks(viewer: User) -> None:
    policy.require(viewer, Permission.EDIT_PLAYBOOKS)


def may_decide_conduct(viewer: User, team_id: int) -> bool:
    return policy.can(viewer, Permission.DECIDE_CONDUCT, team_id)


def require_deciding_conduct(viewer: User, team_id: int) -> None:
    """To warn, to pause and to end a contact: a lead of the team, never whoever was insulted alone."""
    policy.require(viewer, Permission.DECIDE_CONDUCT, team_id)


def require_rereading(viewer: User) -> None:
    policy.require(viewer, Permission.REREAD_MESSAGES)


def require_editing_causes(viewer: User) -> None:
    policy.require(viewer, Permission.EDIT_CAUSES)
