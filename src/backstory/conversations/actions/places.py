"""Codes and short links that lead to the form."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from backstory.conversations import queries
from backstory.conversations.models import Mailbox, Place, PlaceDay
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.kernel.ids import token
from backstory.kernel.text import storable
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

CODE_LENGTH = 7
"""31 letters and figures without look-alikes, 27 thousand million codes: short to type, not to be found by trying."""


def _tell(kind: str, place: Place, viewer: User) -> None:
    record(f"place.{kind}", actor=viewer, team_id=place.mailbox.team_id, subject=("place", place.pk), label=place.label)


def _fill(viewer: User, place: Place, given: dict[str, str], mailbox_id: int) -> None:
    label = storable(given.get("label", "")).strip()[:120]
    if not label:
        raise InvalidInput("Say where the code will be: a shop, a product, a letter.", "label")
    if given.get("kind") not in Place.Kind.values:
        raise InvalidInput("Choose what carries the code.", "kind")
    mailbox = Mailbox.objects.filter(pk=mailbox_id, archived_at=None).first()
    if mailbox is None or not policy.can(viewer, Permission.MANAGE_PLACES, mailbox.team_id):
        raise InvalidInput("Choose who answers.", "mailbox")
    place.label, place.kind, place.mailbox = label, given["kind"], mailbox
    for name, most in (("topic", 200), ("product", 200), ("cause_hint", 80), ("language", 10)):
        setattr(place, name, storable(given.get(name, "")).strip()[:most])
    place.language = place.language or "en"


@transaction.atomic
def add_place(viewer: User, given: dict[str, str], mailbox_id: int) -> Place:
    """A new code for a place, product or letter: `label`, `kind`, and if wanted `topic`, `product`, `cause_hint`,
    `language`."""
    policy.require(viewer, Permission.MANAGE_PLACES)
    place = Place(made_by=viewer)
    _fill(viewer, place, given, mailbox_id)
    while True:
        place.code = token(CODE_LENGTH)
        try:
            with transaction.atomic():
                place.save()
        except IntegrityError:
            continue
        break
    _tell("added", place, viewer)
    return place


def _locked(viewer: User, pk: int) -> Place:
    seen = queries.get_place(viewer, pk)
    policy.require(viewer, Permission.MANAGE_PLACES, seen.mailbox.team_id)
    return Place.objects.select_for_update(of=("self",)).select_related("mailbox").get(pk=pk)


@transaction.atomic
def change_place(viewer: User, pk: int, given: dict[str, str], mailbox_id: int) -> Place:
    """Another label, topic or mailbox; the printed code stays what it is."""
    place = _locked(viewer, pk)
    _fill(viewer, place, given, mailbox_id)
    place.save()
    _tell("changed", place, viewer)
    return place


@transaction.atomic
def retire_place(viewer: User, pk: int, *, active: bool = False) -> Place:
    """Retire a code (or take it back into use). What is printed stays in the world: it still leads to the form."""
    place = _locked(viewer, pk)
    place.is_active = active
    place.save(update_fields=["is_active"])
    _tell("resumed" if active else "retired", place, viewer)
    return place


def count_scan(place_id: int) -> None:
    """One more scan today, on the desk's calendar. Nothing of whoever scanned is kept."""
    day = clock.now().astimezone(ZoneInfo(settings.DESK_TIME_ZONE)).date()
    if not Place.objects.filter(pk=place_id).exists():
        raise NotFound("There is no such place.")
    PlaceDay.objects.get_or_create(place_id=place_id, day=day)
    PlaceDay.objects.filter(place_id=place_id, day=day).update(scans=F("scans") + 1)
