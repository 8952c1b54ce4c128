"""`check`: a draft and its context in, advice out."""

from backstory.coach import checks as _checks  # noqa: F401  registers the rules
from backstory.coach.advice import Advice, Context, Finding, Point, Verdict
from backstory.coach.registry import checks, run
from backstory.coach.situation import Situation, situation
from backstory.language.replies import empathy

STOP_AT = 2


def check(draft: str, context: Context) -> Advice:
    """Advice on a draft. Pure: no clock, no files after the first call, no network. Any text is accepted.

    An empty draft gets no findings, only the points it leaves missed.
    """
    case = situation(draft, context)
    found = tuple(_findings(case)) if draft.strip() else ()
    points = tuple(case.points)
    return Advice(found, points, empathy.score(case.message, case.draft), verdict(found, points))


def verdict(findings: tuple[Finding, ...], points: tuple[Point, ...]) -> Verdict:
    """stop: a blocker, or two warnings of different checks, or one warning while every point is missed.

    improve: a warning, an advice, or a question or request that is missed.
    ready: the rest; notes of level info may remain.
    """
    warned = {finding.id for finding in findings if finding.level == "warning"}
    all_missed = bool(points) and all(point.status == "missed" for point in points)
    if any(finding.level == "blocker" for finding in findings) or len(warned) >= STOP_AT or (warned and all_missed):
        return "stop"
    open_point = any(point.status == "missed" and point.kind != "harm" for point in points)
    advised = any(finding.level == "advice" for finding in findings)
    return "improve" if warned or advised or open_point else "ready"


def _findings(case: Situation) -> list[Finding]:
    found: list[Finding] = []
    yields = {one.id: one.yields_to for one in checks()}
    for one in checks():
        found.extend(run(one, case))
    kept = [finding for finding in found if not _covered(finding, found, yields[finding.id])]
    seen: set[tuple[str, int, int]] = set()
    unique: list[Finding] = []
    for finding in sorted(kept, key=lambda one: (one.start, one.end, one.id)):
        place = (finding.id, finding.start, finding.end)
        if place not in seen and finding.key not in case.context.dismissed:
            seen.add(place)
            unique.append(finding)
    return unique


def _covered(finding: Finding, found: list[Finding], stronger: tuple[str, ...]) -> bool:
    """Another check of those it yields to, or a longer find of its own, already speaks of these words."""
    for other in found:
        if other is finding or not (other.start < finding.end and finding.start < other.end):
            continue
        wider = other.id == finding.id and (other.end - other.start) > (finding.end - finding.start)
        if other.id in stronger or wider:
            return True
    return False
