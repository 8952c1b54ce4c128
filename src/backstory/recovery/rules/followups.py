"""Which follow-ups a complaint gets and when they are due. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from backstory.cases.playbooks.schema import FollowUpPlan
from backstory.kernel import calendars
from backstory.kernel.calendars import BusinessHours
from backstory.recovery.rules.second import Colleague

REMIND_BEFORE = timedelta(hours=24)
LONGEST_NOTE = 2000


def wanted(
    plans: Iterable[FollowUpPlan], counted_from: str, *, severity: int, causes: Sequence[str]
) -> list[FollowUpPlan]:
    """Those of a playbook that apply here; `causes` is the complaint's cause and those above it, by slug."""
    return [plan for plan in plans if plan.counted_from == counted_from and _applies(plan, severity, causes)]


def _applies(plan: FollowUpPlan, severity: int, causes: Sequence[str]) -> bool:
    if severity < (plan.when.severity_at_least or 0):
        return False
    return not plan.when.causes or any(slug in plan.when.causes for slug in causes)


def due_at(begun_at: datetime, after_days: int, hours: BusinessHours) -> datetime:
    """Closing time on the day so many days later, or on the next working day where the desk is closed on it."""
    day = hours.local(begun_at).date() + timedelta(days=after_days)
    return calendars.end_of_business_day(calendars.add_business_days(day, 0, hours), hours)


def keeper(team: Sequence[Colleague], wanted_id: int | None) -> int | None:
    """Who does it: the wanted one while they are there, else a lead, else whoever of the team has least to do; None
    for an empty team."""
    if wanted_id is not None and any(each.pk == wanted_id for each in team):
        return wanted_id
    free = min(team, key=lambda each: (not each.is_lead, each.under_way, each.pk), default=None)
    return free.pk if free else None
