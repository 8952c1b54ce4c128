"""What comes from where: complaints by the place whose code was scanned.

Kept apart from how often something happens: a new code makes complaining easier, so complaints from it tell of
reporting, and only those that came without a code compare with what was before.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Sum

from backstory.cases.models import Complaint
from backstory.conversations.models import Conversation, Place, PlaceDay
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """One place in a period; `place_id` None stands for all that came without a code. `forms` are conversations begun
    from there, `complaints` those that became complaints. `share` of the scans after which the form was sent, None
    without scans; above 1 where a form was sent later from a page kept open, so it is capped."""

    place_id: int | None
    label: str
    kind: str
    since: datetime | None
    scans: int
    forms: int
    complaints: int

    @property
    def share(self) -> float | None:
        return min(self.forms / self.scans, 1.0) if self.scans else None


def complaints_by_place(
    start: datetime, end: datetime, *, viewer: User | None = None, cause_id: int | None = None
) -> list[PlaceCount]:
    """Scans, forms and complaints per place with `start` <= received < `end`, and a last row for no place.

    With a viewer only of the teams whose insight they may see; with a cause only its complaints (scans and forms have
    none and count all the same). `since` is when the code was made: before it nothing can have come from it.
    """
    complaints = Complaint.objects.filter(received_at__gte=start, received_at__lt=end)
    begun = Conversation.objects.filter(created_at__gte=start, created_at__lt=end, merged_into=None)
    places = Place.objects.order_by("label", "id")
    if viewer is not None and not policy.sees_all_teams(viewer, Permission.VIEW_INSIGHT):
        teams = policy.team_ids(viewer)
        complaints = complaints.filter(conversation__team_id__in=teams)
        begun = begun.filter(team_id__in=teams)
        places = places.filter(mailbox__team_id__in=teams)
    if cause_id is not None:
        complaints = complaints.filter(cause_id=cause_id)
    found = dict(complaints.order_by().values_list("conversation__place").annotate(number=Count("pk")))
    forms = dict(begun.exclude(place=None).order_by().values_list("place").annotate(number=Count("pk")))
    scans = _scans(start, end)
    rows = [
        PlaceCount(
            row.pk,
            row.label,
            row.kind,
            row.created_at,
            scans.get(row.pk, 0),
            forms.get(row.pk, 0),
            found.get(row.pk, 0),
        )
        for row in places
    ]
    return [*rows, PlaceCount(None, "", "", None, 0, 0, found.get(None, 0))]


def _scans(start: datetime, end: datetime) -> dict[int, int]:
    """Scans are counted by whole days of the desk's calendar."""
    zone = ZoneInfo(settings.DESK_TIME_ZONE)
    days = PlaceDay.objects.filter(day__gte=start.astimezone(zone).date(), day__lte=end.astimezone(zone).date())
    return dict(days.order_by().values_list("place").annotate(number=Sum("scans")))
