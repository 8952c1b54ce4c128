"""Places that a code leads to the form from."""

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from backstory.conversations.models import Place
from backstory.kernel.errors import NotFound
from backstory.kernel.text import storable
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission


def places(viewer: User) -> QuerySet[Place]:
    """The places whose complaints go to a team of the viewer's, or all; by label."""
    rows = Place.objects.select_related("mailbox__team", "made_by").order_by("label", "id")
    if policy.sees_all_teams(viewer, Permission.MANAGE_PLACES):
        return rows
    if not policy.can(viewer, Permission.MANAGE_PLACES):
        return rows.none()
    return rows.filter(mailbox__team_id__in=policy.team_ids(viewer))


def get_place(viewer: User, pk: int) -> Place:
    found = places(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such place.")
    return found


def place_by_code(code: str) -> Place | None:
    """The place of a code as somebody typed it, retired ones too; None for a code that was never given."""
    typed = storable(code).strip().lower()[:20]
    return Place.objects.select_related("mailbox").filter(code=typed).first() if typed else None


def place_link(place: Place) -> str:
    """The short link, as it is printed."""
    return f"{settings.BASE_URL}{reverse('portal:place', args=[place.code])}"
