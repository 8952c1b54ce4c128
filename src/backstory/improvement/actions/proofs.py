"""Freezing how a fix is judged, what exposure and reporting were, and the verdicts as they come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from backstory.improvement import policy, queries
from backstory.improvement.actions.common import lock_for, required, short, tell
from backstory.improvement.actions.problems import enter_state
from backstory.improvement.models import (
    ComplaintRate,
    ExposureSeries,
    ExposureValue,
    Problem,
    ProofPlan,
    ProofReading,
    ReportingChange,
)
from backstory.improvement.queries import proofs as known
from backstory.improvement.rules import proofs, states
from backstory.improvement.rules.proofs import WeekOf
from backstory.improvement.rules.weeks import monday_of
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.live.actions import record
from backstory.people.models import User

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class PlanFields:
    """What a person decides when freezing: the weeks of the baseline, the day of the fix, when it is judged, by how
    much it is meant to fall (0.5: to half), what it is divided by, and the kind of chart."""

    baseline_first: date
    baseline_last: date
    start_on: date
    ends_on: date
    series_id: int
    kind: str = "u"
    target: Decimal = Decimal("0.5")
    fix_id: int | None = None
    note_id: int | None = None
    reason: str = ""


@transaction.atomic
def freeze_plan(viewer: User, problem_id: int, fields: PlanFields) -> ProofPlan:
    """Write down for good how the fix is judged. A plan that follows another one needs a reason, which is logged."""
    problem = lock_for(viewer, problem_id)
    fix = problem.fixes.filter(pk=fields.fix_id).first() if fields.fix_id else None
    note = problem.notes.filter(pk=fields.note_id).first() if fields.note_id else None
    series = queries.exposure_series(viewer).filter(pk=fields.series_id).first()
    if series is None or (fields.fix_id and fix is None) or (fields.note_id and note is None):
        raise NotFound("There is no such series, fix or note.")
    first, last = monday_of(fields.baseline_first), monday_of(fields.baseline_last + timedelta(days=1)) - timedelta(1)
    proofs.check_dates(first, last, fields.start_on, fields.ends_on)
    if last >= queries.today():
        raise InvalidInput("The baseline has to lie in the past.", "baseline_last")
    _check_choice(fields)
    previous = note.plans.filter(superseded_by=None).first() if note else queries.current_plan(problem)
    if previous is not None and not fields.reason.strip():
        raise InvalidInput("Say why another plan is needed: the one before stays on record.", "reason")
    causes = queries.metric_causes(problem, note.cause_id if note else None)
    if not causes:
        raise InvalidInput("Choose the problem's causes first: their complaints are what is counted.", "causes")
    ids = [int(pk) for pk in causes]
    before = known.weeks(problem, ids, series, first, last)
    limits = proofs.freeze(fields.kind, before)
    earlier = known.weeks(problem, ids, series, first - known.EARLIER_WEEKS * WEEK, first - timedelta(days=1))
    plan = ProofPlan(
        problem=problem, fix=fix, note=note, series=series, metric={"causes": causes}, kind=fields.kind,
        baseline_first=first, baseline_last=last, start_on=fields.start_on, ends_on=fields.ends_on,
        target=fields.target, baseline=_rows(before), earlier=_rows(_known_part(earlier)),
        limits={"centre": limits.centre, "points": limits.points, "widened": limits.widened},
        frozen_by=viewer, frozen_on=queries.today(), supersedes=previous,
        reason=short(fields.reason, "reason", "the reason", 2_000),
    )  # fmt: skip
    plan.save()
    tell("proof.refrozen" if previous else "proof.frozen", problem, viewer, day=fields.start_on.isoformat())
    return plan


def _check_choice(fields: PlanFields) -> None:
    if fields.kind not in ProofPlan.Kind.values:
        raise InvalidInput("Choose a kind of chart.", "kind")
    if not Decimal("0.05") <= fields.target <= Decimal("0.95"):
        raise InvalidInput("Aim at 5 to 95 % of the old rate.", "target")


def _rows(weeks: Sequence[WeekOf]) -> list[list[str | int]]:
    return [[week.monday.isoformat(), week.count, week.exposure] for week in weeks]


def _known_part(weeks: Sequence[WeekOf]) -> list[WeekOf]:
    """From the first week with exposure on: before it, no complaint says nothing."""
    begun = next((number for number, week in enumerate(weeks) if week.exposure), len(weeks))
    return list(weeks[begun:])


@transaction.atomic
def add_series(viewer: User, name: str, unit: str, source: str, team_id: int | None) -> ExposureSeries:
    """A new series of exposure, of a team or of the whole desk."""
    policy.require_opening(viewer, team_id)
    if unit not in ExposureSeries.Unit.values or source not in ExposureSeries.Source.values:
        raise InvalidInput("Choose what is counted.", "unit")
    if source == ExposureSeries.Source.CONVERSATIONS and unit != ExposureSeries.Unit.CONTACTS:
        raise InvalidInput("Conversations are contacts.", "unit")
    title = required(name, "name", "the name", 100)
    row = ExposureSeries.objects.create(name=title, unit=unit, source=source, team_id=team_id)
    record("exposure.added", actor=viewer, team_id=team_id, subject=("exposure", row.pk), name=title)
    return row


@transaction.atomic
def enter_exposure(viewer: User, series_id: int, amounts: Sequence[tuple[date, int]]) -> int:
    """Enter or correct weeks of a series, each by any of its days; frozen plans keep what they were frozen with."""
    series = queries.exposure_series(viewer).filter(pk=series_id).first()
    if series is None:
        raise NotFound("There is no such series.")
    policy.require_opening(viewer, series.team_id)
    if series.source != ExposureSeries.Source.ENTERED:
        raise InvalidInput("This series is counted by the desk itself.", "series")
    for day, amount in amounts:
        if amount < 0:
            raise InvalidInput("Exposure is zero or more.", "amount")
        ExposureValue.objects.update_or_create(series=series, monday=monday_of(day), defaults={"amount": amount})
    record("exposure.entered", actor=viewer, team_id=series.team_id, subject=("exposure", series.pk), name=series.name)
    return len(amounts)


@transaction.atomic
def note_reporting(
    viewer: User, problem_id: int, *, day: date, kind: str, ease: str, channel: str = "", text: str = ""
) -> ReportingChange:
    """Something made complaining easier or harder."""
    problem = lock_for(viewer, problem_id)
    if kind not in ReportingChange.Kind.values or ease not in ReportingChange.Ease.values:
        raise InvalidInput("Choose what changed, and which way.", "kind")
    words = short(text, "text", "the words", 300)
    row = ReportingChange.objects.create(
        problem=problem, day=day, kind=kind, ease=ease, channel=channel.strip()[:20], text=words, by=viewer
    )
    tell("reporting.changed", problem, viewer, day=day.isoformat())
    return row


@transaction.atomic
def note_complaint_rate(
    viewer: User, problem_id: int, *, day: date, complained: int | None, asked: int | None, text: str = ""
) -> ComplaintRate:
    """Of so many asked who had the problem, so many complained."""
    problem = lock_for(viewer, problem_id)
    if complained is None or asked is None or not 0 <= complained <= asked or asked < 1:
        raise InvalidInput("Give how many were asked, and how many of them had complained.", "asked")
    words = short(text, "text", "the words", 300)
    row = ComplaintRate.objects.create(
        problem=problem, day=day, complained=complained, asked=asked, text=words, by=viewer
    )
    tell("reporting.measured", problem, viewer, complained=complained, asked=asked)
    return row


@transaction.atomic
def judge_plan(plan_id: int) -> ProofReading | None:
    """Look at a plan's figures today and keep what they say if it is news; a recurrence reopens the problem."""
    plan = ProofPlan.objects.select_related("problem", "series").get(pk=plan_id)
    problem = Problem.objects.select_for_update().get(pk=plan.problem_id)
    found = queries.proof(plan)
    if found.judgement is None:
        return None
    last = queries.last_reading(plan)
    is_back = found.recurrence is not None
    verdict = str(found.judgement.verdict)
    if last is None or (last.verdict, last.is_recurrence) != (verdict, is_back):
        last = _keep(plan, found, verdict, is_back)
        tell("proof.judged", problem, None, verdict=verdict.replace("_", " "))
    if found.recurrence and plan.note_id is None and problem.state == states.PROVEN:
        since = found.recurrence.monday.isoformat()
        enter_state(problem, states.REOPENED, f"It is back since the week of {since}: the chart gives a signal.", None)
    return last


def _keep(plan: ProofPlan, found: known.Proof, verdict: str, is_back: bool) -> ProofReading:
    assert found.judgement is not None
    judgement = found.judgement
    comparison = judgement.comparison
    numbers = {
        **judgement.numbers,
        "before": [comparison.before.count, comparison.before.exposure],
        "after": [comparison.after.count, comparison.after.exposure],
        "p_fewer": judgement.p_fewer,
        "p_more": judgement.p_more,
    }
    reasons = [str(reason) for reason in judgement.reasons]
    return ProofReading.objects.create(
        plan=plan, verdict=verdict, reasons=reasons, numbers=numbers, is_recurrence=is_back
    )
