"""Holding a playbook against one past complaint, beside the one it is handled by. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from backstory.cases.playbooks import matching
from backstory.cases.playbooks.facts import CareFacts, Step
from backstory.cases.playbooks.judging import judge
from backstory.cases.playbooks.matching import Matter
from backstory.cases.playbooks.schema import Playbook

MOST_EXAMPLES = 60


@dataclass(frozen=True, slots=True)
class Past:
    """One past complaint: what happened in it, what it is about, and the playbook it is handled by."""

    complaint_id: int
    number: str
    matter: Matter
    facts: CareFacts
    present: Playbook


def would_match(tried: Playbook, in_force: Sequence[Playbook], matter: Matter) -> bool:
    """Whether the tried playbook would win, were it in force in the place of its present version."""
    others = [playbook for playbook in in_force if playbook.id != tried.id]
    best = matching.best([*others, tried], matter)
    return best is not None and best.id == tried.id


def compared(tried: Playbook, past: Past) -> dict[str, Any]:
    """The steps of both playbooks for one complaint, as plain data: key, title, done, entered, missing."""
    return {
        "complaint": past.complaint_id,
        "number": past.number,
        "present": past.present.id,
        "tried_steps": [_plain(step) for step in judge(tried, past.facts)],
        "present_steps": [_plain(step) for step in judge(past.present, past.facts)],
    }


def _plain(step: Step) -> dict[str, Any]:
    missing = [line.text for line in step.evidence if not line.done]
    return {"key": step.key, "title": step.title, "done": step.done, "entered": step.entered, "missing": missing}


def results(tried: Playbook, in_force: Sequence[Playbook], past: Iterable[Past]) -> dict[str, Any]:
    """What a preview shows: how many would match, each step's count of done, and examples side by side.

    `matched` counts complaints that the tried playbook would win; `newly` those of them that another one holds now.
    """
    found: dict[str, Any] = {"considered": 0, "matched": 0, "newly": 0, "steps": _steps(tried), "examples": []}
    for one in past:
        found["considered"] += 1
        if not would_match(tried, in_force, one.matter):
            continue
        row = compared(tried, one)
        found["matched"] += 1
        found["newly"] += one.present.id != tried.id
        for counted, step in zip(found["steps"], row["tried_steps"], strict=True):
            counted["done"] += step["done"]
            counted["waiting"] += not step["entered"] and not step["done"]
        if len(found["examples"]) < MOST_EXAMPLES:
            found["examples"].append(row)
    return found


def _steps(tried: Playbook) -> list[dict[str, Any]]:
    return [{"key": plan.key, "title": dict(plan.title), "done": 0, "waiting": 0} for plan in tried.steps]
