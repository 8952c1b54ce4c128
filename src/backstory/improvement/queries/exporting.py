"""A problem record as plain data for export: no customer's name, and nothing that anybody confided."""

from typing import Any

from backstory.cases.models import Backstory
from backstory.improvement.models import FishboneBone, Problem
from backstory.improvement.queries.problems import affected, cost, linked, over_time, today
from backstory.improvement.queries.proofs import current_plan, proof
from backstory.improvement.queries.understanding import bones_by_branch, chains, failure_modes, whys
from backstory.improvement.rules.confided import runs, without
from backstory.improvement.rules.fishbone import svg
from backstory.people.models import User

FOOT = "Written by Backstory. It holds no customer's name and nothing that a customer confided."
MOST_NUMBERS = 60


def report(viewer: User, problem: Problem) -> dict[str, Any]:
    """What `rules.markdown` and the PDF are made of; JSON values only. The viewer was given the problem."""
    bones = {branch: [bone.text for bone in rows] for branch, rows in bones_by_branch(problem).items()}
    labels = {value: str(label) for value, label in FishboneBone.Branch.choices}
    found = {
        "title": problem.title,
        "about": _about(problem),
        "description": problem.description,
        "facts": _facts(viewer, problem),
        "weeks": [[week.monday.isoformat(), week.count] for week in over_time(problem, 13)],
        "chains": chains(problem),
        "evidence": _evidence(viewer, problem),
        "bones": [[labels[branch], items] for branch, items in bones.items()],
        "failures": _failures(problem),
        "fixes": _fixes(problem),
        "proof": _proof(problem),
        "decisions": _decisions(problem),
    }
    clean: dict[str, Any] = without(found, _confided(problem))
    drawn = [(name, items) for name, items in clean["bones"]]
    has_bones = any(items for _, items in drawn)
    return {**clean, "foot": FOOT, "fishbone": svg(clean["title"], drawn, "Fishbone") if has_bones else ""}


def _confided(problem: Problem) -> frozenset[tuple[str, ...]]:
    """Runs of words of the backstories behind the problem: looked at only to withhold what repeats them."""
    rows = Backstory.objects.filter(complaint__problem_links__problem=problem)
    texts = rows.values_list("backstory", "need")
    return runs(text for pair in texts for text in pair if text)


def _about(problem: Problem) -> str:
    team = problem.team.name if problem.team else "The whole desk"
    owner = problem.owner.name if problem.owner else "nobody"
    reason = f" {problem.state_reason}" if problem.state_reason else ""
    return f"{problem.get_state_display()} on {today()}. {team}; cared for by {owner}.{reason}"


def _facts(viewer: User, problem: Problem) -> list[str]:
    hit, spent = affected(viewer, problem), cost(problem)
    facts = [
        f"{hit.customers} customers have complained, {hit.complaints} times; {hit.open_complaints} are still open.",
        f"{spent.letters_in} letters came and {spent.letters_out} answers went.",
    ]
    facts += [f"{amount} {currency} in {count} remedies." for currency, count, amount in spent.remedies]
    numbers = list(linked(viewer, problem).values_list("number", flat=True)[:MOST_NUMBERS])
    return [*facts, f"Complaints: {', '.join(numbers)}."] if numbers else facts


def _evidence(viewer: User, problem: Problem) -> list[str]:
    rows = whys(viewer, problem)
    return [
        f"{row.link.text}: {' '.join(part for part in (one.number, one.text) if part)}"
        for row in rows
        for one in row.evidence
    ]


def _failures(problem: Problem) -> list[list[Any]]:
    words = {"critical": "severity overrides", "high": "high", "ordinary": ""}
    return [
        [row.mode, row.effect, row.severity, row.occurrence, row.detection, weight.product, words[weight.label]]
        for row, weight in failure_modes(problem)
    ]


def _fixes(problem: Problem) -> list[list[str]]:
    return [
        [
            fix.text,
            fix.owner.name if fix.owner else "",
            str(fix.due_on or ""),
            f"in place since {fix.done_on}" if fix.done_on else str(fix.get_state_display()),
        ]
        for fix in problem.fixes.select_related("owner")
    ]


def _proof(problem: Problem) -> list[str]:
    plan = current_plan(problem)
    judged = proof(plan).judgement if plan else None
    if plan is None or judged is None:
        return []
    held = judged.comparison
    lines = [
        f"Verdict: {str(judged.verdict).replace('_', ' ')}.",
        *judged.words,
        f"Before: {held.before.count} complaints over {held.before.exposure:,.0f} ({plan.series.name}), "
        f"{plan.baseline_first} to {plan.baseline_last}.",
        f"After: {held.after.count} over {held.after.exposure:,.0f}, from {plan.start_on}.",
        f"One-sided p for fewer {judged.p_fewer:.4f}, for more {judged.p_more:.4f}.",
    ]
    return lines


def _decisions(problem: Problem) -> list[list[str]]:
    return [
        [f"{row.created_at:%Y-%m-%d}", row.by.name if row.by else "", row.text, row.reason, row.alternatives]
        for row in problem.decisions.select_related("by")
    ]
