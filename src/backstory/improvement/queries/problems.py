"""Problems, the complaints behind them, whom they hit and what they cost. Everything takes the viewer or a problem
that the viewer was given."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from backstory.cases.models import Complaint
from backstory.cases.queries import cause_tree
from backstory.cases.queries import complaints as visible_complaints
from backstory.conversations.models import Message
from backstory.improvement.models import Problem, ProblemComplaint
from backstory.improvement.rules.weeks import Week, fill
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.people import policy
from backstory.people.models import Team, User
from backstory.people.policy import Permission
from backstory.recovery.models import Remedy

Linked = ProblemComplaint.State
PROPOSED_SINCE = timedelta(days=180)
LONGEST_LIST = 200


def today() -> date:
    """The date on the desk's wall."""
    return clock.now().astimezone(ZoneInfo(settings.DESK_TIME_ZONE)).date()


def problems(viewer: User) -> QuerySet[Problem]:
    """The problems a viewer may know of: of the teams they have insight into, and of the whole desk."""
    rows = Problem.objects.select_related("team", "owner")
    if not policy.can(viewer, Permission.VIEW_INSIGHT):
        return rows.none()
    if policy.sees_all_teams(viewer, Permission.VIEW_INSIGHT):
        return rows
    return rows.filter(Q(team=None) | Q(team__in=policy.team_ids(viewer)))


def get_problem(viewer: User, pk: int) -> Problem:
    """One problem; NotFound for one of another team, as for none at all."""
    found = problems(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such problem.")
    return found


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A problem in the list with what tells how much it matters now."""

    problem: Problem
    complaints: int
    customers: int
    last_at: datetime | None
    proposed: int


def rows(viewer: User, state: str = "") -> list[ProblemRow]:
    """The problems with their counts, those with most complaints first."""
    found = problems(viewer).filter(state=state) if state else problems(viewer)
    mine = Q(complaint_links__state=Linked.LINKED)
    counted = found.annotate(
        complaint_count=Count("complaint_links", filter=mine, distinct=True),
        customer_count=Count("complaint_links__complaint__conversation__customer", filter=mine, distinct=True),
        last_at=Max("complaint_links__complaint__received_at", filter=mine),
    )
    return [
        ProblemRow(each, each.complaint_count, each.customer_count, each.last_at, proposals(viewer, each).count())
        for each in counted.order_by("-complaint_count", "-id")
    ]


def problem_teams(viewer: User) -> list[Team]:
    """The teams for which a viewer may open a problem."""
    teams = Team.objects.order_by("name")
    return [team for team in teams if policy.can(viewer, Permission.WORK_ON_PROBLEMS, team.pk)]


def possible_owners(team_id: int | None) -> list[User]:
    """Who can own a problem or a fix there: the team's people, or everybody for the whole desk's."""
    people = User.objects.filter(is_active=True).order_by("name")
    return list(people.filter(memberships__team=team_id) if team_id is not None else people)


def linkable(viewer: User, problem: Problem) -> QuerySet[Complaint]:
    """The complaints a viewer may link: those they see, of the problem's team if it has one."""
    rows = visible_complaints(viewer)
    return rows.filter(conversation__team=problem.team_id) if problem.team_id else rows


def _links(problem: Problem) -> QuerySet[Complaint]:
    """All complaints of the problem: for figures, which are the same for everybody."""
    return Complaint.objects.filter(problem_links__problem=problem, problem_links__state=Linked.LINKED)


def linked(viewer: User, problem: Problem) -> QuerySet[Complaint]:
    """The complaints of the problem that the viewer may see, newest first."""
    return linkable(viewer, problem).filter(pk__in=_links(problem).values("pk"))


def cause_ids_below(cause_ids: Iterable[int]) -> set[int]:
    """The causes with all causes below them."""
    wanted = set(cause_ids)
    for node in cause_tree():  # parents come before children
        if node.parent_id in wanted:
            wanted.add(node.id)
    return wanted


def proposals(viewer: User, problem: Problem) -> QuerySet[Complaint]:
    """Complaints of the problem's causes since half a year before it was opened that nobody has judged yet."""
    causes = cause_ids_below(problem.cause_links.values_list("cause_id", flat=True))
    since = problem.created_at - PROPOSED_SINCE
    judged = problem.complaint_links.values("complaint_id")
    return linkable(viewer, problem).filter(cause_id__in=causes, received_at__gte=since).exclude(pk__in=judged)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody affected, as a viewer may see them."""

    name: str
    conversation_id: int
    number: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Affected:
    """Whom the problem hit: how many in all, and those the viewer may know of."""

    customers: int
    complaints: int
    open_complaints: int
    first_at: datetime | None
    shown: list[Contact]
    hidden: int


def affected(viewer: User, problem: Problem) -> Affected:
    counts = _links(problem).aggregate(
        customers=Count("conversation__customer", distinct=True),
        complaints=Count("pk"),
        open_complaints=Count("pk", filter=Q(state=Complaint.State.OPEN)),
        first_at=Min("received_at"),
    )
    seen = linked(viewer, problem)
    fields = ("conversation__customer__name", "conversation_id", "number", "received_at")
    shown = [Contact(*values) for values in seen.values_list(*fields)[:LONGEST_LIST]]
    return Affected(**counts, shown=shown, hidden=counts["complaints"] - seen.count())


@dataclass(frozen=True, slots=True)
class Cost:
    """What the problem has cost so far: amounts given by currency, never added across; letters in and out."""

    remedies: list[tuple[str, int, Decimal]]
    letters_in: int
    letters_out: int


def cost(problem: Problem) -> Cost:
    given = Remedy.objects.filter(complaint__in=_links(problem), state=Remedy.State.GRANTED, amount__gt=0).order_by()
    sums = given.values_list("currency").annotate(count=Count("pk"), amount=Sum("amount")).order_by("currency")
    letters = Message.objects.filter(conversation__complaint__in=_links(problem)).aggregate(
        letters_in=Count("pk", filter=Q(direction=Message.Direction.IN)),
        letters_out=Count("pk", filter=Q(direction=Message.Direction.OUT, author__isnull=False)),
    )
    return Cost(remedies=list(sums), **letters)


def over_time(problem: Problem, weeks: int = 26) -> list[Week]:
    """Complaints of the problem per week of the desk's calendar, the latest last."""
    last = today()
    first = last - timedelta(days=last.weekday(), weeks=weeks - 1)
    zone = ZoneInfo(settings.DESK_TIME_ZONE)
    days = _links(problem).order_by().values_list(TruncDate("received_at", tzinfo=zone))
    counts: Counter[date] = Counter()
    for day, count in days.annotate(count=Count("pk")):
        counts[day] += count
    return fill(first, last, counts)
