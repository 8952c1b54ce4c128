"""Finding out why: whys with evidence, the fishbone, the failure modes."""

from django.db import transaction
from django.db.models import Max

from backstory.conversations.models import Message
from backstory.improvement import queries
from backstory.improvement.actions.common import lock_for, required, short, tell
from backstory.improvement.models import Evidence, FailureMode, FishboneBone, Problem, Why
from backstory.improvement.rules import failures
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.people.models import User

MOST_WHYS = 60
MOST_BONES = 64
MOST_FAILURES = 100


@transaction.atomic
def add_why(viewer: User, problem_id: int, text: str, parent_id: int | None = None) -> Why:
    """An answer to “why?”: of the problem itself, or of another answer."""
    problem = lock_for(viewer, problem_id)
    _room(problem.whys.count(), MOST_WHYS)
    parent = _why(problem, parent_id) if parent_id is not None else None
    last = problem.whys.filter(parent=parent).aggregate(last=Max("position"))["last"]
    why = Why.objects.create(
        problem=problem,
        parent=parent,
        text=required(text, "text", "the answer", 400),
        position=0 if last is None else last + 1,
    )
    tell("why.added", problem, viewer)
    return why


def _room(count: int, most: int) -> None:
    if count >= most:
        raise InvalidInput(f"There are {most} already: more than anybody can keep in mind.")


def _why(problem: Problem, why_id: int) -> Why:
    found = problem.whys.filter(pk=why_id).first()
    if found is None:
        raise NotFound("There is no such answer.")
    return found


@transaction.atomic
def change_why(viewer: User, problem_id: int, why_id: int, text: str) -> Why:
    problem = lock_for(viewer, problem_id)
    why = _why(problem, why_id)
    why.text = required(text, "text", "the answer", 400)
    why.save(update_fields=["text"])
    tell("why.changed", problem, viewer)
    return why


@transaction.atomic
def remove_why(viewer: User, problem_id: int, why_id: int) -> None:
    """Take an answer back, with all answers below it."""
    problem = lock_for(viewer, problem_id)
    _why(problem, why_id).delete()
    tell("why.removed", problem, viewer)


@transaction.atomic
def add_evidence(
    viewer: User,
    problem_id: int,
    why_id: int,
    *,
    kind: str,
    text: str = "",
    number: str = "",
    message_id: int | None = None,
) -> Evidence:
    """What an answer rests on. A complaint is named by its number, a message of it by its id as its link has it."""
    problem = lock_for(viewer, problem_id)
    why = _why(problem, why_id)
    if kind not in Evidence.Kind.values:
        raise InvalidInput("Choose what kind of evidence it is.", "kind")
    complaint = None
    if kind == Evidence.Kind.COMPLAINT:
        complaint = queries.linkable(viewer, problem).filter(number__iexact=number.strip()).first()
        if complaint is None:
            raise InvalidInput("There is no complaint with this number.", "number")
        if message_id is not None:
            _ensure_message_of(complaint.conversation_id, message_id)
        words = short(text, "text", "the words", 500)
    else:
        words = required(text, "text", "what it rests on", 500)
        message_id = None
    row = Evidence.objects.create(why=why, kind=kind, text=words, complaint=complaint, message_id=message_id)
    tell("why.evidence", problem, viewer)
    return row


def _ensure_message_of(conversation_id: int, message_id: int) -> None:
    if not Message.objects.filter(pk=message_id, conversation_id=conversation_id).exists():
        raise InvalidInput("That message is not of this complaint.", "message")


@transaction.atomic
def remove_evidence(viewer: User, problem_id: int, evidence_id: int) -> None:
    problem = lock_for(viewer, problem_id)
    gone, _ = Evidence.objects.filter(why__problem=problem, pk=evidence_id).delete()
    if not gone:
        raise NotFound("There is no such evidence.")
    tell("why.changed", problem, viewer)


@transaction.atomic
def add_bone(viewer: User, problem_id: int, branch: str, text: str) -> FishboneBone:
    problem = lock_for(viewer, problem_id)
    _room(problem.bones.count(), MOST_BONES)
    if branch not in FishboneBone.Branch.values:
        raise InvalidInput("Choose one of the eight branches.", "branch")
    words = required(text, "text", "what may contribute", 200)
    bone = FishboneBone.objects.create(problem=problem, branch=branch, text=words)
    tell("fishbone.changed", problem, viewer)
    return bone


@transaction.atomic
def remove_bone(viewer: User, problem_id: int, bone_id: int) -> None:
    problem = lock_for(viewer, problem_id)
    gone, _ = problem.bones.filter(pk=bone_id).delete()
    if not gone:
        raise NotFound("There is no such entry.")
    tell("fishbone.changed", problem, viewer)


@transaction.atomic
def rate_failure(
    viewer: User,
    problem_id: int,
    *,
    mode: str,
    effect: str,
    control: str = "",
    severity: int | None,
    occurrence: int | None,
    detection: int | None,
) -> FailureMode:
    """A row of the FMEA, each scale from 1 to 10."""
    problem = lock_for(viewer, problem_id)
    _room(problem.failure_modes.count(), MOST_FAILURES)
    row = FailureMode.objects.create(
        problem=problem,
        mode=required(mode, "mode", "what may fail", 200),
        effect=required(effect, "effect", "the effect", 300),
        control=short(control, "control", "what prevents it", 300),
        severity=failures.rating(severity, "severity"),
        occurrence=failures.rating(occurrence, "occurrence"),
        detection=failures.rating(detection, "detection"),
    )
    tell("failure.rated", problem, viewer)
    return row


@transaction.atomic
def remove_failure(viewer: User, problem_id: int, failure_id: int) -> None:
    problem = lock_for(viewer, problem_id)
    gone, _ = problem.failure_modes.filter(pk=failure_id).delete()
    if not gone:
        raise NotFound("There is no such entry.")
    tell("failure.rated", problem, viewer)
