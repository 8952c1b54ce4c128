"""Who may make amends: whoever works in the complaint's team, up to their role's limit."""

from backstory.kernel.errors import NotAllowed
from backstory.kernel.money import Money
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.recovery import rules
from backstory.recovery.models import Remedy


def may_approve(viewer: User, remedy: Remedy) -> bool:
    """Whether the viewer's role may decide there, and the request is not their own. The limit is asked
    apart."""
    team_id = remedy.complaint.conversation.team_id
    return policy.can(viewer, Permission.APPROVE_REMEDY, team_id) and remedy.offered_by_id != viewer.pk


def require_deciding(viewer: User, remedy: Remedy) -> None:
    policy.require(viewer, Permission.APPROVE_REMEDY, remedy.complaint.conversation.team_id)
    if remedy.offered_by_id == viewer.pk:
        raise NotAllowed("Nobody decides about their own request: ask another lead.")


def require_authority(limits: rules.Limits, viewer: User, money: Money) -> None:
    """Raises NotAllowed, saying who may, if the amount is above the viewer's limit."""
    if not rules.within(limits, viewer.role, money):
        raise NotAllowed(f"This is above your limit. {rules.who_may(limits, money)}")


def may_give_second_recovery(viewer: User, team_id: int) -> bool:
    return policy.can(viewer, Permission.APPROVE_REMEDY, team_id)


def require_giving_second_recovery(viewer: User, team_id: int) -> None:
    """Who makes a second attempt is for a lead of the team to decide."""
    policy.require(viewer, Permission.APPROVE_REMEDY, team_id)


def may_choose_survey(viewer: User, team_id: int | None) -> bool:
    return policy.can(viewer, Permission.EDIT_MAILBOX_MANNER, team_id)


def require_choosing_survey(viewer: User, team_id: int | None) -> None:
    policy.require(viewer, Permission.EDIT_MAILBOX_MANNER, team_id)


def require_administering(viewer: User) -> None:
    policy.require(viewer, Permission.ADMINISTER)
