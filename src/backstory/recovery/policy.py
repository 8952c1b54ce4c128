"""Who may make amends: whoever works in the complaint's team, up to their limits."""

from collections.abc import Iterable

from backstory.kernel.errors import NotAllowed
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.recovery import rules
from backstory.recovery.models import Remedy, Transfer
from backstory.recovery.rules.authority import Acting, may_decide


def has_right(person: User, remedy: Remedy) -> bool:
    """Whether the person's role may decide about requests of that team. The limit is asked apart."""
    return policy.can(person, Permission.APPROVE_REMEDY, remedy.complaint.conversation.team_id)


def acting_for(viewer: User, absent: Iterable[User], remedy: Remedy) -> list[User]:
    """Whose authority the viewer may use for this request: their own first, then of those they stand in for now.

    A stand-in works in the complaint's team too. Nobody decides about their own request, whichever way.
    """
    team_id = remedy.complaint.conversation.team_id
    if not policy.can(viewer, Permission.GRANT_REMEDY, team_id):
        return []
    people = [viewer, *absent]
    return [
        each
        for each in people
        if has_right(each, remedy) and may_decide(Acting(viewer.pk, each.pk), remedy.offered_by_id)
    ]


def require_deciding(viewer: User, absent: list[User], remedy: Remedy) -> list[User]:
    """Whose authority the viewer may use; NotAllowed, saying why, where it is nobody's."""
    found = acting_for(viewer, absent, remedy)
    if found:
        return found
    if not any(has_right(each, remedy) for each in (viewer, *absent)):
        policy.require(viewer, Permission.APPROVE_REMEDY, remedy.complaint.conversation.team_id)
    raise NotAllowed("Nobody decides about their own request, nor does their stand-in: ask another lead.")


def may_give_second_recovery(viewer: User, team_id: int) -> bool:
    return policy.can(viewer, Permission.APPROVE_REMEDY, team_id)


def require_giving_second_recovery(viewer: User, team_id: int) -> None:
    """Who makes a second attempt is for a lead of the team to decide."""
    policy.require(viewer, Permission.APPROVE_REMEDY, team_id)


def require_bringing_in_lost(viewer: User, team_id: int) -> None:
    """To bring in a list of lost customers: they will all be written to."""
    policy.require(viewer, Permission.EDIT_MAILBOX_MANNER, team_id)


def may_choose_survey(viewer: User, team_id: int | None) -> bool:
    return policy.can(viewer, Permission.EDIT_MAILBOX_MANNER, team_id)


def require_choosing_survey(viewer: User, team_id: int | None) -> None:
    policy.require(viewer, Permission.EDIT_MAILBOX_MANNER, team_id)


def may_see_approvals(viewer: User, absent: Iterable[User]) -> bool:
    """Whoever may decide, stands in for somebody who may, or sees to the limits."""
    may_decide_somewhere = policy.can(viewer, Permission.APPROVE_REMEDY)
    return may_decide_somewhere or policy.can(viewer, Permission.EDIT_REMEDY_POLICY) or any(True for _ in absent)


def require_seeing_approvals(viewer: User, absent: Iterable[User]) -> None:
    if not may_see_approvals(viewer, absent):
        policy.require(viewer, Permission.APPROVE_REMEDY)


def require_administering(viewer: User) -> None:
    policy.require(viewer, Permission.ADMINISTER)


def may_edit_policy(viewer: User) -> bool:
    return policy.can(viewer, Permission.EDIT_REMEDY_POLICY)


def require_editing_policy(viewer: User) -> None:
    """What is given for what, and what keeping a customer is worth: leads know, and it serves all teams."""
    policy.require(viewer, Permission.EDIT_REMEDY_POLICY)


def require_arranging_absence(viewer: User, user: User) -> None:
    """One's own absence, or as an administrator anybody's."""
    if viewer.pk != user.pk:
        policy.require(viewer, Permission.ADMINISTER)


def _team(transfer: Transfer) -> int:
    return transfer.remedy.complaint.conversation.team_id


def may_settle(viewer: User, transfer: Transfer) -> bool:
    """Whether the viewer decides about payments of this team."""
    return policy.can(viewer, Permission.SETTLE_TRANSFERS, _team(transfer))


def may_release(viewer: User, transfer: Transfer) -> bool:
    """Whether the viewer may let a payment go: above the connector's amount only who settles payments."""
    above = rules.needs_button(transfer.amount, transfer.connector.press_above)
    return may_settle(viewer, transfer) if above else policy.can(viewer, Permission.GRANT_REMEDY, _team(transfer))


def require_settling(viewer: User, transfer: Transfer) -> None:
    policy.require(viewer, Permission.SETTLE_TRANSFERS, _team(transfer))


def require_releasing(viewer: User, transfer: Transfer) -> None:
    """Raises NotAllowed unless the viewer may let this payment go."""
    if not may_release(viewer, transfer):
        raise NotAllowed("Above this amount somebody who settles payments presses the button: ask your lead.")


def require_handing_over(viewer: User) -> None:
    policy.require(viewer, Permission.SETTLE_TRANSFERS)
