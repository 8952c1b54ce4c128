"""What a team and an agent want of the coach, and what a team sets aside."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count

from backstory.conversations.models import Coaching, Conversation, Dismissal
from backstory.kernel import clock
from backstory.people import policy
from backstory.people.models import Team, User
from backstory.people.policy import Permission

COUNTED_DAYS = 90
LEAST_PEOPLE = 3
"""Dismissals are counted for a team only where at least so many of its people set the check aside."""
OFTEN = 3
"""After so many dismissals in the counted days a check speaks one level quieter to that agent."""


@dataclass(frozen=True)
class Wishes:
    """How the coach speaks to one agent in one conversation; shapes as `coach.Context` takes them."""

    dismissed: frozenset[str]
    adjusted: dict[str, int | None]
    regime: str | None


def coaching_wishes(viewer: User, conversation: Conversation) -> Wishes:
    """What the team set, made quieter where this agent keeps setting a check aside, and what is set aside here."""
    team = Coaching.objects.filter(team_id=conversation.team_id).first()
    adjusted: dict[str, int | None] = dict(team.adjusted) if team else {}
    for check_id in _set_aside_often(viewer):
        weight = adjusted.get(check_id, 0)
        if weight is not None:
            adjusted[check_id] = max(weight - 1, -1)
    here = Dismissal.objects.filter(user=viewer, conversation=conversation).values_list("key", flat=True)
    return Wishes(frozenset(here), adjusted, team.regime or None if team else None)


def _set_aside_often(viewer: User) -> list[str]:
    since = clock.now() - timedelta(days=COUNTED_DAYS)
    rows = Dismissal.objects.filter(user=viewer, created_at__gte=since).values("check_id").annotate(times=Count("id"))
    return [row["check_id"] for row in rows if row["times"] >= OFTEN]


def coached_teams(viewer: User) -> list[Team]:
    """The teams whose coaching the viewer may set."""
    return [team for team in Team.objects.order_by("name") if policy.can(viewer, Permission.EDIT_COACHING, team.pk)]


def coaching_of(viewer: User, team_id: int) -> Coaching:
    """A team's setting, a new one not yet stored where it has none. NotAllowed for a team one may not set."""
    policy.require(viewer, Permission.EDIT_COACHING, team_id)
    return Coaching.objects.filter(team_id=team_id).first() or Coaching(team_id=team_id)


def dismissals_of_team(viewer: User, team_id: int) -> dict[str, int]:
    """How often each check was set aside in the team of late; left out where too few people did, so that nobody is
    pointed at."""
    policy.require(viewer, Permission.EDIT_COACHING, team_id)
    since = clock.now() - timedelta(days=COUNTED_DAYS)
    found = Dismissal.objects.filter(conversation__team_id=team_id, created_at__gte=since)
    counted = found.values("check_id").annotate(times=Count("id"), people=Count("user", distinct=True))
    return {row["check_id"]: row["times"] for row in counted if row["people"] >= LEAST_PEOPLE}
