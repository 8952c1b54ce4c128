"""How much people decide themselves, read from what was offered."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Q

from backstory.conversations.queries import visible
from backstory.measures.intervals import Share
from backstory.people import policy
from backstory.people.models import Role, User
from backstory.people.policy import Permission
from backstory.recovery.models import Remedy
from backstory.recovery.rules import empowerment
from backstory.recovery.rules.empowerment import Empowerment, Offered


@dataclass(frozen=True)
class Empowered:
    """Of the remedies offered in a period: who decided them and how long they waited; and exceptions to policy."""

    everybody: Empowerment
    by_team: list[Empowerment]
    by_role: list[Empowerment]
    exceptions: Share


def empowered(viewer: User, since: datetime, until: datetime) -> Empowered:
    """Figures of what the viewer may see, from `since` up to but not including `until`."""
    policy.require(viewer, Permission.VIEW_INSIGHT)
    here = Remedy.objects.filter(
        complaint__conversation__in=visible(viewer), created_at__gte=since, created_at__lt=until
    )
    names = ("complaint__conversation__team__name", "offered_by__role", "requested_at", "decided_at")
    teams, roles = [], []
    labels = dict(Role.choices)
    for team, role, requested_at, decided_at in here.values_list(*names):
        waited = decided_at - requested_at if requested_at and decided_at else None
        one = Offered(team, requested_at is None, waited)
        teams.append(one)
        roles.append(replace(one, group=str(labels.get(role, role or "?"))))
    counted = here.aggregate(all=Count("pk"), exceptions=Count("pk", filter=Q(is_exception=True)))
    return Empowered(
        empowerment.measure("", teams),
        empowerment.by_group(teams),
        empowerment.by_group(roles),
        Share(counted["exceptions"], counted["all"]),
    )
