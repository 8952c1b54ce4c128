"""Themes among the complaints that fit no cause, and what is looked through for them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.db.models.functions import Left

from backstory.cases.learning import first_messages
from backstory.cases.models import Complaint, Reading, Theme, ThemeMember, ThemeSearch
from backstory.cases.queries.complaints import complaints
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.language.themes import MOST
from backstory.people.models import User

LOOK_BACK = timedelta(days=365)
UNSURE = 0.5
"""A proposed cause below this probability does not fit."""
CATCH_ALL = "other"
SHOWN = 3
MOST_OTHERS = 1_000


@dataclass(frozen=True, slots=True)
class Loose:
    """A complaint that fits no cause, and what was written first."""

    complaint_id: int
    text: str


def loose_complaints() -> list[Loose]:
    """The newest complaints of the last year without a cause of their own: none, the one for all that is left, or one
    that only the reading proposes and is not sure of."""
    since = clock.now() - LOOK_BACK
    nobody = Q(cause_confirmed_by=None)
    rows = Complaint.objects.filter(nobody | Q(cause__slug=CATCH_ALL) | Q(cause=None), received_at__gt=since)
    found = rows.order_by("-received_at", "-id").values_list("conversation_id", "pk", "cause__slug")
    doubtful = {conversation: pk for conversation, pk, slug in found if not slug or slug == CATCH_ALL}
    proposed = {conversation: pk for conversation, pk, slug in found if slug and slug != CATCH_ALL}
    doubtful |= {conversation: proposed[conversation] for conversation in _unsure(proposed)}
    newest = sorted(doubtful, key=lambda conversation: -doubtful[conversation])[:MOST]
    return [Loose(doubtful[conversation], text) for _, conversation, text in first_messages(newest)]


def other_texts(loose: list[Loose]) -> list[str]:
    """First messages of the newest complaints that do fit: they show what words have to do with each other."""
    known = {one.complaint_id for one in loose}
    rows = Complaint.objects.order_by("-id").values_list("pk", "conversation_id")[: MOST_OTHERS + len(known)]
    fitting = [conversation for pk, conversation in rows if pk not in known]
    return [text for _, _, text in first_messages(fitting[:MOST_OTHERS])]


def _unsure(conversation_ids: Collection[int]) -> list[int]:
    """Of these conversations those whose first reading is not sure of its cause."""
    rows = Reading.objects.filter(conversation_id__in=conversation_ids, message__direction="in")
    firsts: dict[int, list[dict[str, float]]] = {}
    for pk, causes in rows.order_by("message_id").values_list("conversation_id", "data__cause"):
        firsts.setdefault(pk, causes or [])
    return [pk for pk, causes in firsts.items() if max((cause["p"] for cause in causes), default=0.0) < UNSURE]


def latest_search() -> ThemeSearch | None:
    """The search that was asked for last."""
    return ThemeSearch.objects.select_related("asked_by").first()


def searching() -> ThemeSearch | None:
    """The search that waits for a worker or is being done."""
    unfinished = (ThemeSearch.State.WAITING, ThemeSearch.State.RUNNING)
    return ThemeSearch.objects.filter(state__in=unfinished).first()


def due_searches() -> list[int]:
    """Searches whose wake-up or worker was lost."""
    moment = clock.now()
    silent = Q(state=ThemeSearch.State.RUNNING, claimed_until__lt=moment)
    unwoken = Q(state=ThemeSearch.State.WAITING, created_at__lt=moment - timedelta(minutes=2))
    return list(ThemeSearch.objects.filter(silent | unwoken).values_list("pk", flat=True))


def get_theme(pk: int) -> Theme:
    """One theme. Raises NotFound."""
    found = Theme.objects.select_related("cause", "merged_into").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such theme.")
    return found


def _rows() -> QuerySet[Theme]:
    rows = Theme.objects.select_related("cause", "merged_into", "decided_by")
    return rows.annotate(size=Count("members"), since=Min("members__complaint__received_at"))


@dataclass(frozen=True, slots=True)
class Example:
    """One complaint of a theme as its reader may see it."""

    number: str
    conversation_id: int
    opening: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ThemeShown:
    """A theme with its most typical complaints; `hidden` more are of teams that the reader does not see."""

    theme: Theme
    size: int
    since: datetime | None
    is_current: bool  # whether the latest search found it again
    examples: tuple[Example, ...]
    hidden: int


def themes(viewer: User) -> list[ThemeShown]:
    """The themes to be judged, the largest first."""
    rows = sorted(_rows().filter(state=Theme.State.OPEN), key=lambda row: (-_size(row), row.pk))
    seen = ThemeMember.objects.filter(complaint__in=complaints(viewer).order_by()).select_related("complaint")
    members = Prefetch("members", seen.annotate(opening=Left("complaint__conversation__subject", 120)), "seen")
    last = ThemeSearch.objects.filter(state=ThemeSearch.State.DONE).first()
    found = Theme.objects.filter(pk__in=[row.pk for row in rows]).prefetch_related(members).in_bulk()
    return [_shown(row, list(getattr(found[row.pk], "seen", ())), last) for row in rows]


def _size(row: Theme) -> int:
    size: int = getattr(row, "size", 0)  # annotated
    return size


def _shown(row: Theme, seen: list[ThemeMember], last: ThemeSearch | None) -> ThemeShown:
    size = _size(row)
    examples = tuple(
        Example(
            one.complaint.number, one.complaint.conversation_id, getattr(one, "opening", ""), one.complaint.received_at
        )
        for one in seen[:SHOWN]
    )
    current = last is not None and row.found_by_id == last.pk
    return ThemeShown(row, size, getattr(row, "since", None), current, examples, size - len(seen))


def decided_themes(limit: int = 30) -> list[Theme]:
    """The themes that a lead has judged, the latest first."""
    return list(_rows().exclude(state=Theme.State.OPEN).order_by("-decided_at", "-id")[:limit])
