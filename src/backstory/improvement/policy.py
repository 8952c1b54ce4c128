"""Who may see problems, work on them, and write to many customers at once."""

from backstory.improvement.models import Problem
from backstory.kernel.errors import NotAllowed
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission


def may_work_on(viewer: User, problem: Problem) -> bool:
    """A problem of a team is worked on by its leads, one of the whole desk by any lead."""
    return policy.can(viewer, Permission.WORK_ON_PROBLEMS, problem.team_id)


def require_work_on(viewer: User, problem: Problem) -> None:
    policy.require(viewer, Permission.WORK_ON_PROBLEMS, problem.team_id)


def require_opening(viewer: User, team_id: int | None) -> None:
    """To open a problem: in one's own team; of the whole desk for whoever works on problems anywhere."""
    policy.require(viewer, Permission.WORK_ON_PROBLEMS, team_id)


def may_tell(viewer: User, team_id: int) -> bool:
    return policy.can(viewer, Permission.TELL_CUSTOMERS, team_id)


def require_telling(viewer: User, team_id: int) -> None:
    policy.require(viewer, Permission.TELL_CUSTOMERS, team_id)


def require_approving(viewer: User, team_id: int, asked_by_id: int | None) -> None:
    """Letters to many people are approved by another lead than the one who wrote them."""
    require_telling(viewer, team_id)
    if viewer.pk == asked_by_id:
        raise NotAllowed("Somebody else has to approve what you have prepared.")
