"""Who may see what rises and what it costs, and who may say what the desk cannot count."""

from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission


def require_insight(viewer: User, team_id: int | None = None) -> None:
    """To look, and to enter figures: insight, in this team or anywhere."""
    policy.require(viewer, Permission.VIEW_INSIGHT, team_id)


def may_decide(viewer: User, team_id: int) -> bool:
    """To say what an alarm was: insight into the team it rang for."""
    return policy.can(viewer, Permission.VIEW_INSIGHT, team_id)


def may_open_problem(viewer: User, team_id: int) -> bool:
    return policy.can(viewer, Permission.WORK_ON_PROBLEMS, team_id)
