"""What every write about a problem begins and ends with."""

from typing import Any

from backstory.improvement import policy, queries
from backstory.improvement.models import Problem
from backstory.kernel.errors import InvalidInput
from backstory.kernel.text import storable
from backstory.live.actions import Actor, record
from backstory.people.models import User

LONGEST_TEXT = 20_000


def lock_for(viewer: User, problem_id: int) -> Problem:
    """The problem, held until the transaction ends, if the viewer may work on it: NotFound for an unseen one."""
    policy.require_work_on(viewer, queries.get_problem(viewer, problem_id))
    return Problem.objects.select_for_update().get(pk=problem_id)


def tell(kind: str, problem: Problem, actor: Actor | None = None, **data: Any) -> None:
    """Record an event about a problem."""
    record(kind, actor=actor, team_id=problem.team_id, subject=("problem", problem.pk), **data)


def required(text: str, field: str, what: str, longest: int) -> str:
    """The text without surrounding space; InvalidInput where there is none or too much."""
    words = storable(text).strip()
    if not words:
        raise InvalidInput(f"Please fill in {what}.", field)
    return short(words, field, what, longest)


def short(text: str, field: str, what: str, longest: int = LONGEST_TEXT) -> str:
    words = storable(text).strip()
    if len(words) > longest:
        raise InvalidInput(f"Please keep {what} within {longest:,} characters.", field)
    return words
