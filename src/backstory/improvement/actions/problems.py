"""Opening problems, changing them, their causes and complaints, and their state."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from backstory.cases.models import Cause, Complaint
from backstory.improvement import policy, queries
from backstory.improvement.actions.common import lock_for, required, short, tell
from backstory.improvement.models import Problem, ProblemCause, ProblemComplaint
from backstory.improvement.rules import states
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.people.models import User

Linked = ProblemComplaint.State


@transaction.atomic
def open_problem(
    viewer: User,
    title: str,
    description: str = "",
    *,
    team_id: int | None = None,
    cause_ids: Sequence[int] = (),
    complaint_ids: Sequence[int] = (),
) -> Problem:
    """A new problem, suspected and owned by whoever opens it, from causes or from complaints picked by hand."""
    policy.require_opening(viewer, team_id)
    name = required(title, "title", "the title", 150)
    problem = Problem.objects.create(
        title=name,
        description=short(description, "description", "the description"),
        team_id=team_id,
        owner=viewer,
        opened_by=viewer,
        state_since=clock.now(),
    )
    _set_causes(problem, cause_ids)
    _link(viewer, problem, complaint_ids)
    tell("problem.opened", problem, viewer, title=name)
    return problem


@transaction.atomic
def change_problem(
    viewer: User,
    problem_id: int,
    *,
    title: str,
    description: str,
    owner_id: int | None,
    cause_ids: Sequence[int],
) -> Problem:
    """Another title, description, owner or causes."""
    problem = lock_for(viewer, problem_id)
    problem.title = required(title, "title", "the title", 150)
    problem.description = short(description, "description", "the description")
    if owner_id != problem.owner_id:
        problem.owner = _owner(problem, owner_id)
    problem.save(update_fields=["title", "description", "owner"])
    _set_causes(problem, cause_ids)
    tell("problem.changed", problem, viewer, title=problem.title)
    return problem


def _owner(problem: Problem, owner_id: int | None) -> User | None:
    if owner_id is None:
        return None
    found = next((one for one in queries.possible_owners(problem.team_id) if one.pk == owner_id), None)
    if found is None:
        raise InvalidInput("Choose somebody who works there.", "owner")
    return found


def _set_causes(problem: Problem, cause_ids: Sequence[int]) -> None:
    wanted = set(cause_ids)
    if Cause.objects.filter(pk__in=wanted).count() != len(wanted):
        raise InvalidInput("That is not one of the causes.", "causes")
    problem.cause_links.exclude(cause_id__in=wanted).delete()
    for pk in sorted(wanted):
        ProblemCause.objects.get_or_create(problem=problem, cause_id=pk)


@transaction.atomic
def link_complaints(viewer: User, problem_id: int, complaint_ids: Iterable[int]) -> int:
    """Let complaints belong to the problem; returns how many did not before. NotFound if one cannot be seen."""
    problem = lock_for(viewer, problem_id)
    added = _link(viewer, problem, complaint_ids)
    if added:
        tell("problem.linked", problem, viewer, count=added)
    return added


def _link(viewer: User, problem: Problem, complaint_ids: Iterable[int]) -> int:
    wanted = set(complaint_ids)
    if queries.linkable(viewer, problem).filter(pk__in=wanted).count() != len(wanted):
        raise NotFound("There is no such complaint.")
    return sum(_set_link(viewer, problem, pk, Linked.LINKED) for pk in sorted(wanted))


def _set_link(viewer: User, problem: Problem, complaint_id: int, state: str) -> bool:
    """Whether this changed anything."""
    row, new = ProblemComplaint.objects.get_or_create(
        problem=problem, complaint_id=complaint_id, defaults={"state": state, "by": viewer}
    )
    if new or row.state == state:
        return new
    row.state, row.by = state, viewer
    row.save(update_fields=["state", "by"])
    return True


@transaction.atomic
def unlink_complaint(viewer: User, problem_id: int, complaint_id: int) -> None:
    """A complaint does not belong to the problem: it is not proposed again."""
    problem = lock_for(viewer, problem_id)
    found: Complaint | None = queries.linkable(viewer, problem).filter(pk=complaint_id).first()
    if found is None:
        raise NotFound("There is no such complaint.")
    if _set_link(viewer, problem, found.pk, Linked.UNLINKED):
        tell("problem.unlinked", problem, viewer, number=found.number)


@transaction.atomic
def set_state(viewer: User, problem_id: int, state: str, reason: str = "") -> Problem:
    """The next state; Conflict for a step that is not offered, InvalidInput where a reason or a proof is missing."""
    problem = lock_for(viewer, problem_id)
    why = short(reason, "reason", "the reason", 2_000)
    plan = queries.current_plan(problem)
    verdict = queries.verdict_today(plan) if plan and state == states.PROVEN else ""
    states.ensure_may_follow(problem.state, state, why, verdict=verdict, has_plan=plan is not None)
    enter_state(problem, state, why, viewer)
    return problem


def enter_state(problem: Problem, state: str, reason: str, actor: User | None) -> None:
    """Write a state that has been found to be right, inside the caller's transaction. Nobody (None) as the actor
    means that it came by itself: its owner is to be told."""
    problem.state, problem.state_reason, problem.state_since = state, reason, clock.now()
    problem.return_to_tell = actor is None
    problem.save(update_fields=["state", "state_reason", "state_since", "return_to_tell"])
    tell(f"problem.{state}", problem, actor, title=problem.title, state=problem.get_state_display())


def note_owner_told(problem_id: int) -> bool:
    """The owner is about to be told that the problem is back; False when somebody else does it."""
    return bool(Problem.objects.filter(pk=problem_id, return_to_tell=True).update(return_to_tell=False))
