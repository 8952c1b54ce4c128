"""Who may do what. Every view and every API route asks here, through queries and actions."""

from enum import StrEnum

from backstory.kernel.errors import NotAllowed
from backstory.people.models import Role, User


class Permission(StrEnum):
    VIEW_CONVERSATIONS = "view conversations"
    REPLY = "reply to customers"
    HANDLE_COMPLAINTS = "handle complaints"
    READ_BACKSTORY = "read backstories"
    CORRECT_READINGS = "correct what was read in messages"
    REREAD_MESSAGES = "have messages read again"
    GRANT_REMEDY = "offer remedies"
    APPROVE_REMEDY = "approve remedies"
    EDIT_REMEDY_POLICY = "set what is given for what"
    SEE_TRANSFERS = "see what became of payments"
    SETTLE_TRANSFERS = "let payments go and settle them"
    EDIT_PHRASES = "edit the team's phrases"
    EDIT_CAUSES = "edit causes"
    MANAGE_PLACES = "make codes that lead to the form"
    TEACH_CAUSES = "teach the desk its causes"
    DRAFT_PLAYBOOKS = "see and draft playbooks"
    EDIT_PLAYBOOKS = "put playbooks in force"
    DECIDE_CONDUCT = "decide about abusive contact"
    SEE_DELIVERIES = "see what became of letters"
    VIEW_INSIGHT = "see insight"
    COMPARE_VULNERABLE = "compare how vulnerable customers fare"
    MOVE_MESSAGES = "split and merge conversations"
    MERGE_CUSTOMERS = "say that two customers are one person"
    VIEW_QUARANTINE = "see the quarantine and the originals"
    RELEASE_ORIGINALS = "correct and release originals"
    DELETE_ORIGINALS = "delete originals"
    SEE_MAILBOXES = "see how mailboxes are doing"
    EDIT_MAILBOX_MANNER = "change how a mailbox's letters look"
    MANAGE_MAILBOXES = "manage mailboxes"
    LEAD_PRACTICE = "assign practice and write its scenarios"
    REVIEW_ANSWERS = "review how customers were answered"
    EDIT_COACHING = "set how the coach weighs its checks"
    WORK_ON_PROBLEMS = "work on problems and their fixes"
    TELL_CUSTOMERS = "tell many customers at once what changed"
    ADMINISTER = "administer the desk"


_AGENT = frozenset(
    {
        Permission.VIEW_CONVERSATIONS,
        Permission.REPLY,
        Permission.MOVE_MESSAGES,
        Permission.MERGE_CUSTOMERS,
        Permission.HANDLE_COMPLAINTS,
        Permission.READ_BACKSTORY,
        Permission.CORRECT_READINGS,
        Permission.GRANT_REMEDY,
        Permission.DRAFT_PLAYBOOKS,
    }
)
_LEAD = _AGENT | {
    Permission.APPROVE_REMEDY,
    Permission.EDIT_REMEDY_POLICY,
    Permission.SEE_TRANSFERS,
    Permission.SETTLE_TRANSFERS,
    Permission.EDIT_PHRASES,
    Permission.EDIT_CAUSES,
    Permission.MANAGE_PLACES,
    Permission.TEACH_CAUSES,
    Permission.VIEW_INSIGHT,
    Permission.COMPARE_VULNERABLE,
    Permission.REREAD_MESSAGES,
    Permission.SEE_DELIVERIES,
    Permission.SEE_MAILBOXES,
    Permission.EDIT_MAILBOX_MANNER,
    Permission.LEAD_PRACTICE,
    Permission.EDIT_PLAYBOOKS,
    Permission.DECIDE_CONDUCT,
    Permission.REVIEW_ANSWERS,
    Permission.EDIT_COACHING,
    Permission.WORK_ON_PROBLEMS,
    Permission.TELL_CUSTOMERS,
}

IN_OWN_TEAMS: dict[str, frozenset[Permission]] = {
    Role.AGENT: _AGENT,
    Role.LEAD: _LEAD,
    # An administrator who is also on a team works there like a lead.
    Role.ADMINISTRATOR: _LEAD,
}
EVERYWHERE: dict[str, frozenset[Permission]] = {
    Role.AGENT: frozenset(),
    Role.LEAD: frozenset(),
    # Running the desk needs no look into people's lives: READ_BACKSTORY is missing on purpose.
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.VIEW_CONVERSATIONS,
            Permission.EDIT_REMEDY_POLICY,
            Permission.EDIT_CAUSES,
            Permission.MANAGE_PLACES,
            Permission.TEACH_CAUSES,
            Permission.DRAFT_PLAYBOOKS,
            Permission.EDIT_PLAYBOOKS,
            Permission.VIEW_INSIGHT,
            Permission.COMPARE_VULNERABLE,
            Permission.REREAD_MESSAGES,
            Permission.SEE_DELIVERIES,
            Permission.SEE_TRANSFERS,
            Permission.SEE_MAILBOXES,
            Permission.EDIT_MAILBOX_MANNER,
            Permission.MANAGE_MAILBOXES,
            Permission.VIEW_QUARANTINE,
            Permission.RELEASE_ORIGINALS,
            Permission.DELETE_ORIGINALS,
            Permission.WORK_ON_PROBLEMS,
            Permission.ADMINISTER,
        }
    ),
}


def team_ids(viewer: User) -> frozenset[int]:
    """The teams a user belongs to; read once per request."""
    known: frozenset[int] | None = getattr(viewer, "_team_ids", None)
    if known is None:
        known = frozenset(viewer.memberships.values_list("team_id", flat=True))
        viewer._team_ids = known  # type: ignore[attr-defined]
    return known


def can(viewer: User, permission: Permission, team_id: int | None = None) -> bool:
    """Whether the viewer may; with a team, there; without, anywhere at all."""
    if not viewer.is_active:
        return False
    if permission in EVERYWHERE.get(viewer.role, ()):
        return True
    if permission not in IN_OWN_TEAMS.get(viewer.role, ()):
        return False
    return bool(team_ids(viewer)) if team_id is None else team_id in team_ids(viewer)


def sees_all_teams(viewer: User, permission: Permission) -> bool:
    return viewer.is_active and permission in EVERYWHERE.get(viewer.role, ())


def require(viewer: User, permission: Permission, team_id: int | None = None) -> None:
    """Raise NotAllowed, in words a person understands, unless the viewer may."""
    if not can(viewer, permission, team_id):
        raise NotAllowed(f"Your role does not allow you to {permission.value} here.")
