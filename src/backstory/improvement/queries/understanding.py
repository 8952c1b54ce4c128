"""How a problem is understood, as a page shows it. The caller has checked that the viewer may see the problem."""

from dataclasses import dataclass

from backstory.conversations.queries import visible
from backstory.improvement.models import Evidence, FailureMode, FishboneBone, Problem
from backstory.improvement.rules import failures
from backstory.improvement.rules.failures import Weight
from backstory.improvement.rules.whys import Answer, Link, read_back, tree
from backstory.people.models import User


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """What an answer rests on. `conversation_id` only where the viewer may open it, else the number alone."""

    id: int
    kind: str
    text: str
    number: str
    conversation_id: int | None
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Branching:
    """An answer in its tree with its evidence."""

    link: Link
    evidence: list[EvidenceRow]


def _answers(problem: Problem) -> tuple[list[Answer], dict[int, list[Evidence]]]:
    rows = list(problem.whys.prefetch_related("evidence__complaint"))
    evidence = {row.pk: list(row.evidence.all()) for row in rows}
    return [Answer(row.pk, row.parent_id, row.text, len(evidence[row.pk])) for row in rows], evidence


def whys(viewer: User, problem: Problem) -> list[Branching]:
    """The answers in the order of the tree."""
    answers, evidence = _answers(problem)
    about = {row.complaint.conversation_id for found in evidence.values() for row in found if row.complaint}
    seen = set(visible(viewer).filter(pk__in=about).values_list("pk", flat=True))
    return [Branching(link, [_row(one, seen) for one in evidence[link.id]]) for link in tree(answers)]


def _row(row: Evidence, seen: set[int]) -> EvidenceRow:
    there = row.complaint.conversation_id if row.complaint else None
    number = row.complaint.number if row.complaint else ""
    return EvidenceRow(row.pk, row.kind, row.text, number, there if there in seen else None, row.message_id)


def chains(problem: Problem, therefore: str = "Therefore") -> list[list[str]]:
    """The chains read back, from each deepest cause up to the problem."""
    return read_back(problem.title, _answers(problem)[0], therefore)


def bones_by_branch(problem: Problem) -> dict[str, list[FishboneBone]]:
    """All eight branches in their order, those without an entry too."""
    found: dict[str, list[FishboneBone]] = {branch: [] for branch in FishboneBone.Branch.values}
    for bone in problem.bones.all():
        found[bone.branch].append(bone)
    return found


def failure_modes(problem: Problem) -> list[tuple[FailureMode, Weight]]:
    """The failure modes, the gravest first."""
    return [(row, failures.weigh(row)) for row in failures.in_order(problem.failure_modes.all())]
