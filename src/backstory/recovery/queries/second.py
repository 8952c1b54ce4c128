"""Second attempts: whose, why, by when, and what came of them."""

from django.db.models import Count, Q, QuerySet

from backstory.cases.models import Complaint
from backstory.conversations.queries import visible
from backstory.kernel.errors import NotFound
from backstory.people.models import Role, User
from backstory.recovery.models import SecondRecovery
from backstory.recovery.rules import Colleague

State = SecondRecovery.State


def second_recoveries(viewer: User) -> QuerySet[SecondRecovery]:
    """Those in conversations that the viewer may see, soonest due first."""
    rows = SecondRecovery.objects.select_related(
        "complaint__conversation__customer", "complaint__conversation__team", "owner", "before", "survey", "followup"
    )
    return rows.filter(complaint__conversation__in=visible(viewer)).order_by("due_at", "id")


def get_second_recovery(viewer: User, pk: int) -> SecondRecovery:
    found = second_recoveries(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such second recovery.")
    return found


def second_recoveries_of(complaint: Complaint) -> list[SecondRecovery]:
    """Of a complaint that the caller may know of, the newest first."""
    rows = complaint.second_recoveries.select_related(
        "owner", "before", "survey", "followup", "complaint__conversation__team"
    )
    return list(rows.order_by("-created_at", "-id"))


def second_candidates(team_id: int) -> list[Colleague]:
    """The active people of a team with how many second attempts each has under way."""
    busy = Count("second_recoveries", filter=Q(second_recoveries__state=State.OPEN))
    rows = User.objects.filter(memberships__team=team_id, is_active=True).annotate(busy=busy)
    return [Colleague(pk, role == Role.LEAD, count) for pk, role, count in rows.values_list("pk", "role", "busy")]


def second_outcomes(rows: QuerySet[SecondRecovery]) -> dict[str, int]:
    """How many of these that are done ended in each outcome."""
    counted = rows.filter(state=State.DONE).order_by().values_list("outcome").annotate(count=Count("pk"))
    return {value: dict(counted).get(value, 0) for value in SecondRecovery.Outcome.values}
