"""What is done about a problem, and what was decided."""

from datetime import date

from django.db import transaction

from backstory.improvement import queries
from backstory.improvement.actions.common import lock_for, required, short, tell
from backstory.improvement.models import Decision, Fix, Problem
from backstory.kernel.errors import Conflict, InvalidInput, NotFound
from backstory.people.models import User


@transaction.atomic
def add_fix(viewer: User, problem_id: int, text: str, owner_id: int | None, due_on: date | None) -> Fix:
    """Something that will be done: what, who, by when."""
    problem = lock_for(viewer, problem_id)
    words = required(text, "text", "what will be done", 500)
    owner = next((one for one in queries.possible_owners(problem.team_id) if one.pk == owner_id), None)
    if owner is None:
        raise InvalidInput("Choose who does it.", "owner")
    if due_on is None:
        raise InvalidInput("Choose by when.", "due")
    fix = Fix.objects.create(problem=problem, text=words, owner=owner, due_on=due_on)
    tell("fix.planned", problem, viewer, owner=owner.name)
    return fix


def _fix(problem: Problem, fix_id: int) -> Fix:
    found = problem.fixes.select_for_update().filter(pk=fix_id).first()
    if found is None:
        raise NotFound("There is no such fix.")
    if found.state != Fix.State.PLANNED:
        raise Conflict("This fix is done or dropped already.")
    return found


@transaction.atomic
def finish_fix(viewer: User, problem_id: int, fix_id: int, done_on: date) -> Fix:
    """The fix is in place since a day. How it will be judged must have been frozen before."""
    problem = lock_for(viewer, problem_id)
    fix = _fix(problem, fix_id)
    if done_on > queries.today():
        raise InvalidInput("That day has not come yet.", "done")
    _ensure_frozen(problem, done_on)
    fix.state, fix.done_on = Fix.State.DONE, done_on
    fix.save(update_fields=["state", "done_on"])
    tell("fix.done", problem, viewer, day=done_on.isoformat())
    return fix


def _ensure_frozen(problem: Problem, done_on: date) -> None:
    """How the fix is judged was written down before, for just this day."""
    plan = queries.current_plan(problem)
    if plan is None:
        raise InvalidInput(
            "Before a fix counts as done, freeze how it will be judged: the metric, the baseline and the date.", "done"
        )
    if plan.start_on != done_on:
        raise InvalidInput(
            f"The frozen plan says that the fix begins on {plan.start_on}. If it was another day, freeze another plan "
            "first and say why.",
            "done",
        )


@transaction.atomic
def drop_fix(viewer: User, problem_id: int, fix_id: int) -> Fix:
    problem = lock_for(viewer, problem_id)
    fix = _fix(problem, fix_id)
    fix.state = Fix.State.DROPPED
    fix.save(update_fields=["state"])
    tell("fix.dropped", problem, viewer)
    return fix


@transaction.atomic
def decide(viewer: User, problem_id: int, text: str, reason: str, alternatives: str = "") -> Decision:
    """Add to the decision log; nothing in it is ever changed."""
    problem = lock_for(viewer, problem_id)
    row = Decision.objects.create(
        problem=problem,
        by=viewer,
        text=required(text, "text", "what was decided", 2_000),
        reason=required(reason, "reason", "why", 2_000),
        alternatives=short(alternatives, "alternatives", "the alternatives", 2_000),
    )
    tell("problem.decided", problem, viewer)
    return row
