"""The one reading the API has of its own: the event log as a feed."""

from datetime import timedelta

from django.db.models import Max, QuerySet

from backstory.kernel import clock
from backstory.live.models import Event
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

SETTLED_AFTER = timedelta(seconds=2)
"""On PostgreSQL ids may become visible out of order: by then every transaction that took a lower id has ended."""


def _visible(viewer: User) -> QuerySet[Event]:
    settled = Event.objects.filter(at__lte=clock.now() - SETTLED_AFTER)
    if policy.sees_all_teams(viewer, Permission.VIEW_CONVERSATIONS):
        return settled.filter(team_id__isnull=False)
    return settled.filter(team_id__in=policy.team_ids(viewer))


def events_after(viewer: User, after: int, limit: int) -> list[Event]:
    """Settled events of the viewer's teams with an id above `after`, oldest first."""
    return list(_visible(viewer).filter(pk__gt=after).order_by("pk")[:limit])


def newest_event(viewer: User) -> int:
    """The id to begin at for whoever wants only what comes from now on."""
    return _visible(viewer).aggregate(newest=Max("pk"))["newest"] or 0
