"""What a lead can learn from the desk's own rows. Everything takes the viewer and a period, and counts only the
teams where the viewer may see insight; NotAllowed where there is none."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from backstory.cases.models import Complaint, Promise
from backstory.cases.queries import cause_tree
from backstory.conversations.models import Conversation, Message
from backstory.insight import rules
from backstory.insight.models import ReportSchedule
from backstory.insight.rules import Period, Step
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput
from backstory.measures.intervals import Share
from backstory.measures.pareto import ParetoRow, pareto
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.recovery.models import Remedy, Survey, SurveyKind

NO_CAUSE = "Cause not yet known"
LONGEST_LIST = 50

Chosen = int | Literal["none"] | None
"""A cause to look at (with all below it), `none` for complaints without one, None for every complaint."""


def desk_zone() -> ZoneInfo:
    return ZoneInfo(settings.DESK_TIME_ZONE)


def today() -> date:
    """The date on the desk's wall."""
    return clock.now().astimezone(desk_zone()).date()


def period_for(name: str, first: str = "", last: str = "") -> Period:
    """The period a reader chose: `4w`, `3m`, `6m`, or `custom` with two ISO dates; InvalidInput for any other."""
    if name != "custom":
        return rules.preset(name or rules.DEFAULT_PRESET, today(), desk_zone())
    return Period(_day(first, "from"), _day(last, "to"), desk_zone())


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("Give both dates of the period, such as 2026-03-31.", field) from None


def scope(viewer: User, conversation: str = "conversation") -> Q:
    """A filter for rows whose conversation belongs to a team this viewer has insight into."""
    policy.require(viewer, Permission.VIEW_INSIGHT)
    if policy.sees_all_teams(viewer, Permission.VIEW_INSIGHT):
        return Q()
    prefix = f"{conversation}__" if conversation else ""
    return Q(**{f"{prefix}team_id__in": policy.team_ids(viewer)})


def within(field: str, period: Period) -> Q:
    return Q(**{f"{field}__gte": period.start, f"{field}__lt": period.end})


def _received(viewer: User, period: Period) -> Q:
    return scope(viewer) & within("received_at", period)


def known_since(viewer: User) -> date | None:
    """The desk's first day on record in the viewer's teams; before it, no complaint does not mean no problem."""
    rows = Conversation.objects.filter(scope(viewer, ""))
    first = rows.aggregate(first=Min("created_at"))["first"]
    return first.astimezone(desk_zone()).date() if first else None


def _of_cause(chosen: Chosen) -> Q:
    if chosen is None:
        return Q()
    if chosen == "none":
        return Q(cause=None)
    parents = {node.id: node.parent_id for node in cause_tree()}
    return Q(cause_id__in=rules.descendants(parents, chosen))


def over_time(viewer: User, period: Period, step: Step, cause: Chosen = None) -> list[rules.TimeRow]:
    """Complaints received per week or month of the desk's calendar."""
    rows = Complaint.objects.filter(_received(viewer, period) & _of_cause(cause))
    days = rows.order_by().values_list(TruncDate("received_at", tzinfo=period.zone))
    counts = dict(days.annotate(count=Count("pk")))
    return rules.fill(rules.buckets(period, step), counts, known_since(viewer))


@dataclass(frozen=True)
class CauseLabel:
    """A cause as a chart names it; `id` is None for complaints whose cause nobody has named yet."""

    id: int | None
    name: str
    path: str


def by_cause(viewer: User, period: Period, *, top_level: bool = False) -> list[ParetoRow[CauseLabel]]:
    """Complaints received in the period by cause in Pareto order; rolled up to the tree's roots if asked."""
    rows = Complaint.objects.filter(_received(viewer, period)).order_by()
    counts = dict(rows.values_list("cause_id").annotate(count=Count("pk")))
    tree = cause_tree()
    if top_level:
        counts = _rolled_up(counts, {node.id: node.parent_id for node in tree})
    named = [CauseLabel(node.id, node.name, node.path) for node in tree if counts.get(node.id)]
    unnamed = [CauseLabel(None, NO_CAUSE, NO_CAUSE)] if counts.get(None) else []
    return pareto((label, counts[label.id]) for label in named + unnamed)


def _rolled_up(counts: dict[int | None, int], parents: dict[int, int | None]) -> dict[int | None, int]:
    rolled: Counter[int | None] = Counter()
    for pk, count in counts.items():
        rolled[None if pk is None else rules.top_of(parents, pk)] += count
    return dict(rolled)


@dataclass(frozen=True)
class ComplaintRow:
    """One complaint behind a figure, enough to find it by."""

    number: str
    conversation_id: int
    customer: str
    subject: str
    state: str
    received_at: datetime


def complaints(viewer: User, period: Period, cause: Chosen = None, limit: int = LONGEST_LIST) -> list[ComplaintRow]:
    """The newest complaints behind the figures of a period."""
    rows = Complaint.objects.filter(_received(viewer, period) & _of_cause(cause))
    fields = ("number", "conversation_id", "conversation__customer__name", "conversation__subject", "state")
    newest = rows.order_by("-received_at", "-pk").values_list(*fields, "received_at")[:limit]
    return [ComplaintRow(*values) for values in newest]


@dataclass(frozen=True)
class Workload:
    """Complaints received and closed in the period, and those open at this moment whenever received."""

    received: int
    closed: int
    open_now: int


def workload(viewer: User, period: Period) -> Workload:
    rows = Complaint.objects.filter(scope(viewer))
    counts = rows.aggregate(
        received=Count("pk", filter=within("received_at", period)),
        closed=Count("pk", filter=within("closed_at", period) & Q(state=Complaint.State.CLOSED)),
        open_now=Count("pk", filter=Q(state=Complaint.State.OPEN)),
    )
    return Workload(**counts)


@dataclass(frozen=True)
class PromisesKept:
    """Promises that were settled in the period, and the open ones whose time has passed by now."""

    kept: int
    broken: int
    overdue: int

    @property
    def share(self) -> Share:
        return Share(self.kept, self.kept + self.broken)


def promises(viewer: User, period: Period) -> PromisesKept:
    settled = within("decided_at", period)
    late = Q(state=Promise.State.OPEN, due_at__lt=clock.now())
    counts = Promise.objects.filter(scope(viewer)).aggregate(
        kept=Count("pk", filter=settled & Q(state=Promise.State.KEPT)),
        broken=Count("pk", filter=settled & Q(state=Promise.State.BROKEN)),
        overdue=Count("pk", filter=late),
    )
    return PromisesKept(**counts)


def promises_by_team(viewer: User, period: Period) -> list[tuple[str, Share]]:
    """Of the promises settled in the period the share kept, for each team that settled any."""
    return _kept_by(viewer, period, "conversation__team__name", "")


def promises_by_cause(viewer: User, period: Period) -> list[tuple[str, Share]]:
    """The same by the cause of the complaint in whose conversation it was made."""
    return _kept_by(viewer, period, "conversation__complaint__cause__name", NO_CAUSE)


def _kept_by(viewer: User, period: Period, field: str, nameless: str) -> list[tuple[str, Share]]:
    settled = Promise.objects.filter(
        scope(viewer), within("decided_at", period), state__in=[Promise.State.KEPT, Promise.State.BROKEN]
    )
    counted = (
        settled.order_by()
        .values_list(field)
        .annotate(kept=Count("pk", filter=Q(state=Promise.State.KEPT)), settled=Count("pk"))
    )
    found = [(name or nameless, Share(kept, total)) for name, kept, total in counted]
    return sorted(found, key=lambda row: (-row[1].total, row[0]))


def first_response(viewer: User, period: Period) -> rules.FirstResponse:
    """Of the conversations begun in the period: from the customer's first message to the first answer by a person."""
    said = Q(messages__direction=Message.Direction.IN)
    answered = Q(messages__direction=Message.Direction.OUT, messages__author__isnull=False)
    rows = Conversation.objects.filter(scope(viewer, "") & within("created_at", period)).order_by()
    pairs: Sequence[tuple[datetime | None, datetime | None]] = list(
        rows.annotate(
            said=Min("messages__created_at", filter=said),
            answered=Min("messages__created_at", filter=answered),
        ).values_list("said", "answered")
    )
    return rules.first_response(pairs)


def satisfaction(viewer: User, period: Period) -> rules.Satisfaction:
    """Of the satisfaction surveys (1 to 5) sent in the period: how many were answered, and how."""
    here = scope(viewer, "complaint__conversation") & within("sent_at", period)
    rows = Survey.objects.filter(here, kind=SurveyKind.CSAT).order_by().values_list("score").annotate(count=Count("pk"))
    scores = dict(rows)
    asked = sum(scores.values())
    scores.pop(None, None)
    return rules.satisfaction(asked, scores)


@dataclass(frozen=True)
class RemedyRow:
    """Remedies of one kind and currency granted in the period; amounts of different currencies are never added."""

    kind: str
    label: str
    currency: str
    count: int
    amount: Decimal


def remedies(viewer: User, period: Period) -> list[RemedyRow]:
    here = scope(viewer, "complaint__conversation") & within("decided_at", period)
    rows = Remedy.objects.filter(here, state=Remedy.State.GRANTED).order_by("kind", "currency")
    totals = rows.values_list("kind", "currency").annotate(count=Count("pk"), amount=Sum("amount"))
    labels = dict(Remedy.Kind.choices)
    return [
        RemedyRow(kind, str(labels.get(kind, kind)), currency, count, amount)
        for kind, currency, count, amount in totals
    ]


@dataclass(frozen=True)
class Overview:
    """All that the insight page shows, in a dozen SQL statements, whatever the number of complaints."""

    period: Period
    step: Step
    time: list[rules.TimeRow]
    causes: list[ParetoRow[CauseLabel]]
    complaints: list[ComplaintRow]
    workload: Workload
    promises: PromisesKept
    first_response: rules.FirstResponse
    satisfaction: rules.Satisfaction
    remedies: list[RemedyRow]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all to show."""
        known = any(row.count is not None for row in self.time)
        return not known and not self.workload.open_now


def overview(viewer: User, period: Period, step: Step = "week", cause: Chosen = None) -> Overview:
    return Overview(
        period=period,
        step=step,
        time=over_time(viewer, period, step, cause),
        causes=by_cause(viewer, period),
        complaints=complaints(viewer, period, cause),
        workload=workload(viewer, period),
        promises=promises(viewer, period),
        first_response=first_response(viewer, period),
        satisfaction=satisfaction(viewer, period),
        remedies=remedies(viewer, period),
    )


def schedules(viewer: User) -> QuerySet[ReportSchedule]:
    """The reports by mail that the viewer made or gets; an administrator sees all that go out."""
    policy.require(viewer, Permission.VIEW_INSIGHT)
    rows = ReportSchedule.objects.filter(ended_at=None).order_by("pk")
    if policy.can(viewer, Permission.ADMINISTER):
        return rows
    return rows.filter(Q(made_by=viewer) | Exists(_receives(viewer)))


def _receives(viewer: User) -> QuerySet[Any]:
    return ReportSchedule.recipients.through.objects.filter(reportschedule_id=OuterRef("pk"), user_id=viewer.pk)


def may_end(viewer: User, schedule: ReportSchedule) -> bool:
    """Whether the viewer ends it for everybody, and not for themself only."""
    return schedule.made_by_id == viewer.pk or policy.can(viewer, Permission.ADMINISTER)


def possible_recipients(viewer: User) -> list[User]:
    """Whoever may see insight and works with the viewer; for administrators, at the whole desk."""
    rows = User.objects.filter(is_active=True).order_by("name", "pk")
    if not policy.sees_all_teams(viewer, Permission.VIEW_INSIGHT):
        rows = rows.filter(Q(pk=viewer.pk) | Q(memberships__team_id__in=policy.team_ids(viewer))).distinct()
    return [user for user in rows if policy.can(user, Permission.VIEW_INSIGHT)]


def due_schedules(moment: datetime) -> list[ReportSchedule]:
    return list(ReportSchedule.objects.filter(ended_at=None, next_at__lte=moment).order_by("next_at")[:100])
