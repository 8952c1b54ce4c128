"""What was frozen, what is known since, and what it says. Callers have checked that the viewer may see the problem."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from backstory.cases.models import Complaint
from backstory.conversations.models import Conversation
from backstory.improvement.models import (
    ComplaintRate,
    ExposureSeries,
    Problem,
    ProofPlan,
    ProofReading,
    ReportingChange,
)
from backstory.improvement.queries.problems import cause_ids_below, today
from backstory.improvement.rules import proofs
from backstory.improvement.rules.proofs import Drawn, Recurrence, WeekOf
from backstory.improvement.rules.weeks import fill
from backstory.measures.control_charts import Baseline, Kind
from backstory.measures.cusum import Cusum
from backstory.measures.intervals import Share
from backstory.measures.verdict import Ease, Judgement, Reporting
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

WEEK = timedelta(days=7)
EARLIER_WEEKS = 26


def exposure_series(viewer: User) -> QuerySet[ExposureSeries]:
    """The series a viewer may use: those of their teams and of the whole desk."""
    rows = ExposureSeries.objects.select_related("team").order_by("name", "id")
    if policy.sees_all_teams(viewer, Permission.VIEW_INSIGHT):
        return rows
    return rows.filter(Q(team=None) | Q(team__in=policy.team_ids(viewer)))


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(settings.DESK_TIME_ZONE)
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


def _by_day(rows: "QuerySet[Complaint] | QuerySet[Conversation]", field: str) -> Counter[date]:
    zone = ZoneInfo(settings.DESK_TIME_ZONE)
    days = rows.order_by().values_list(TruncDate(field, tzinfo=zone)).annotate(count=Count("pk", distinct=True))
    return Counter(dict(days))


def counted(problem: Problem, cause_ids: Collection[int]) -> QuerySet[Complaint]:
    """The complaints a metric counts: those with one of the causes, of the problem's team if it has one."""
    rows = Complaint.objects.filter(Q(cause__in=cause_ids) | Q(issues__cause__in=cause_ids)).distinct()
    return rows.filter(conversation__team=problem.team_id) if problem.team_id else rows


def exposure(series: ExposureSeries, first: date, last: date) -> dict[date, int]:
    """The exposure of each week by its Monday; a week nobody entered is missing."""
    if series.source == ExposureSeries.Source.ENTERED:
        rows = series.values.filter(monday__gte=first, monday__lte=last)
        return dict(rows.values_list("monday", "amount"))
    start, end = _moments(first, last)
    begun = Conversation.objects.filter(created_at__gte=start, created_at__lt=end)
    mine = begun.filter(team=series.team_id) if series.team_id else begun
    return {week.monday: week.count for week in fill(first, last, _by_day(mine, "created_at"))}


def weeks(
    problem: Problem, cause_ids: Collection[int], series: ExposureSeries, first: date, last: date
) -> list[WeekOf]:
    """Complaints and exposure of the whole weeks from the Monday `first` to the Sunday `last`."""
    if last < first:
        return []
    start, end = _moments(first, last)
    rows = counted(problem, cause_ids).filter(received_at__gte=start, received_at__lt=end)
    known = exposure(series, first, last)
    complaints = fill(first, last, _by_day(rows, "received_at"))
    return [WeekOf(week.monday, week.count, known.get(week.monday, 0)) for week in complaints if week.whole]


def metric_causes(problem: Problem, cause_id: int | None = None) -> dict[str, str]:
    """The causes a new plan would count, with all below them, by id: those of the problem, or one alone."""
    from backstory.cases.queries import cause_tree

    chosen = [cause_id] if cause_id is not None else list(problem.cause_links.values_list("cause_id", flat=True))
    wanted = cause_ids_below(chosen)
    return {str(node.id): node.path for node in cause_tree() if node.id in wanted}


def current_plan(problem: Problem) -> ProofPlan | None:
    """The plan by which the problem's fix is judged now; plans of notes are their own."""
    rows = problem.plans.select_related("series", "fix", "frozen_by").filter(note=None, superseded_by=None)
    return rows.first()


def plans(problem: Problem) -> list[ProofPlan]:
    """All plans of the problem, those of its notes too, the newest first."""
    return list(problem.plans.select_related("series", "fix", "note", "frozen_by", "superseded_by"))


def plans_to_judge() -> list[ProofPlan]:
    """The plans that stand, of all problems: what the daily sweep looks at."""
    rows = ProofPlan.objects.select_related("problem", "series").filter(superseded_by=None)
    return list(rows.order_by("id"))


def last_reading(plan: ProofPlan) -> ProofReading | None:
    return plan.readings.last()


def baseline_of(plan: ProofPlan) -> Baseline:
    """The frozen limits."""
    return Baseline(Kind(plan.kind), plan.limits["centre"], plan.limits["points"], plan.limits["widened"])


def frozen_weeks(rows: Iterable[tuple[str, int, int]]) -> list[WeekOf]:
    return [WeekOf(date.fromisoformat(monday), count, amount) for monday, count, amount in rows]


@dataclass(frozen=True, slots=True)
class Proof:
    """All that is known of a plan today."""

    plan: ProofPlan
    before: list[WeekOf]
    after: list[WeekOf]  # up to the agreed end: what the verdict rests on
    later: list[WeekOf]  # since then: where it would come back
    judgement: Judgement | None
    points: list[Drawn]
    fall: Cusum | None
    reporting: Reporting
    is_end: bool
    weeks_needed: int | None
    unknown_weeks: int  # since the fix, of which nobody entered the exposure
    recurrence: Recurrence | None


def proof(plan: ProofPlan) -> Proof:
    """Weeks since the fix held against what was frozen."""
    now = today()
    first, last = proofs.first_week_after(plan.start_on), now - timedelta(days=now.weekday() + 1)
    cause_ids = [int(pk) for pk in plan.metric["causes"]]
    since = weeks(plan.problem, cause_ids, plan.series, first, last)
    before, earlier = frozen_weeks(plan.baseline), frozen_weeks(plan.earlier)
    after = [week for week in since if week.monday + WEEK - timedelta(days=1) <= plan.ends_on]
    later = [week for week in since if week not in after]
    known = reporting(plan, after)
    is_end, target = now > plan.ends_on, float(plan.target)
    judgement = proofs.verdict(before, after, earlier, known, target=target, is_end=is_end)
    is_reduced = judgement is not None and judgement.verdict == "reduced"
    return Proof(
        plan=plan,
        before=before,
        after=after,
        later=later,
        judgement=judgement,
        points=proofs.drawn(baseline_of(plan), [*before, *since]),
        fall=proofs.fall(before, since, target),
        reporting=known,
        is_end=is_end,
        weeks_needed=proofs.weeks_needed(judgement, before) if judgement else None,
        unknown_weeks=sum(1 for week in since if not week.exposure),
        recurrence=proofs.recurrence(before, after, later) if is_reduced else None,
    )


def reporting(plan: ProofPlan, after: Sequence[WeekOf]) -> Reporting:
    """How readily people complain since the baseline began, as far as it was entered or measured."""
    changes = list(plan.problem.reporting_changes.filter(day__gte=plan.baseline_first, day__lte=today()))
    eases = {change.ease for change in changes}
    channels = {change.channel for change in changes if change.channel}
    new_ways = 0
    if channels and after:
        start, end = _moments(after[0].monday, after[-1].monday + timedelta(days=6))
        cause_ids = [int(pk) for pk in plan.metric["causes"]]
        rows = counted(plan.problem, cause_ids).filter(received_at__gte=start, received_at__lt=end)
        new_ways = rows.filter(conversation__channel__in=channels).count()
    rates = plan.problem.complaint_rates
    return Reporting(
        ease=_ease(eases),
        before=_share(rates.filter(day__lt=plan.start_on)),
        after=_share(rates.filter(day__gte=plan.start_on)),
        new_ways=new_ways,
    )


def _ease(eases: set[str]) -> Ease:
    if not eases:
        return Ease.SAME
    return Ease(eases.pop()) if len(eases) == 1 else Ease.UNKNOWN


def _share(rows: QuerySet[ComplaintRate]) -> Share | None:
    sums = rows.aggregate(complained=Sum("complained"), asked=Sum("asked"))
    return Share(sums["complained"], sums["asked"]) if sums["asked"] else None


def changes_of_reporting(problem: Problem) -> tuple[list[ReportingChange], list[ComplaintRate]]:
    return list(problem.reporting_changes.all()), list(problem.complaint_rates.all())


@dataclass(frozen=True, slots=True)
class ProofFacts:
    """What the steps of a problem need to know of its proof."""

    plan: ProofPlan | None = None
    verdict: str = ""

    @property
    def has_plan(self) -> bool:
        return self.plan is not None


def proof_facts(problem: Problem) -> ProofFacts:
    """The plan that stands, and its latest verdict."""
    plan = current_plan(problem)
    last = last_reading(plan) if plan else None
    return ProofFacts(plan, last.verdict if last else "")


def verdict_today(plan: ProofPlan) -> str:
    """What the plan's figures say at this moment; "" where it is too early to say anything."""
    judgement = proof(plan).judgement
    return str(judgement.verdict) if judgement else ""


def returns_to_tell() -> list[int]:
    """Problems that came back by themselves and whose owners have not been told."""
    return list(Problem.objects.filter(return_to_tell=True).values_list("pk", flat=True))


def problem_of_owner(problem_id: int) -> Problem | None:
    """The problem, where it has an owner who still works here."""
    return Problem.objects.select_related("owner").filter(pk=problem_id, owner__is_active=True).first()
