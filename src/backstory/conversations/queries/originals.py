"""Reading the originals: what arrived, byte by byte, and what was decided about it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from backstory.conversations.models import Mailbox, RawMessage
from backstory.conversations.queries.threads import visible
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

State = RawMessage.State
WAITING = "waiting"
SEARCHED = {
    "from": "sender__icontains",
    "to": "recipients__icontains",
    "subject": "subject__icontains",
    "id": "message_id__icontains",
    "sha256": "sha256__startswith",
}
"""What may stand before a colon in a search, and the column it looks in."""
_TERM = re.compile(r'(?:(?P<field>from|to|subject|id|sha256):)?(?:"(?P<phrase>[^"]*)"|(?P<word>\S+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for among the originals: words, a decision (or `waiting`), a mailbox, days on the desk's clock."""

    words: str = ""
    decision: str = ""
    mailbox_id: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """What arrived on one day on the desk's clock and where it is now; `without_message` must be 0."""

    day: date
    arrived: int
    accepted: int
    kept: int
    quarantined: int
    waiting: int
    deleted: int
    without_message: int

    @property
    def is_balanced(self) -> bool:
        """Whether everything that arrived is somewhere, and everything accepted is a message."""
        somewhere = self.accepted + self.kept + self.quarantined + self.waiting + self.deleted
        return somewhere == self.arrived and not self.without_message


def originals(viewer: User, asked: Asked) -> QuerySet[RawMessage]:
    """The originals that fit, newest first, for administrators."""
    rows = _matching(viewer, asked)
    if asked.decision == WAITING:
        rows = rows.filter(state=State.RECEIVED)
    elif asked.decision:
        rows = rows.filter(decision=asked.decision)
    around = ("mailbox", "conversation", "delivery", "deleted_by", "message")
    return rows.select_related(*around).order_by("-created_at", "-id")


def decision_counts(viewer: User, asked: Asked) -> dict[str, int]:
    """How many originals fit by decision, those not yet decided as `waiting`, whatever decision is asked for."""
    counted = _matching(viewer, asked).order_by().values_list("decision").annotate(number=Count("pk"))
    return {decision or WAITING: number for decision, number in counted}


def days(viewer: User, number: int = 14) -> list[Day]:
    """What arrived on each of the latest days with mail, newest first: every original is in exactly one column."""
    policy.require(viewer, Permission.VIEW_QUARANTINE)
    zone = ZoneInfo(settings.DESK_TIME_ZONE)
    first = _midnight(clock.now().astimezone(zone).date() - timedelta(days=number - 1))
    rows = RawMessage.objects.filter(created_at__gte=first).annotate(day=TruncDate("created_at", tzinfo=zone))
    counted = (
        rows.order_by()
        .values("day")
        .annotate(
            arrived=Count("pk"),
            accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
            kept=Count("pk", filter=Q(state=State.IGNORED)),
            quarantined=Count("pk", filter=Q(state=State.QUARANTINED)),
            waiting=Count("pk", filter=Q(state=State.RECEIVED)),
            deleted=Count("pk", filter=Q(state=State.DELETED)),
            without_message=Count("pk", filter=Q(state=State.ACCEPTED, message=None)),
        )
    )
    return [Day(**row) for row in counted.order_by("-day")]


def quarantined(viewer: User) -> QuerySet[RawMessage]:
    """Originals that became no message: in quarantine, or kept with a decision."""
    policy.require(viewer, Permission.VIEW_QUARANTINE)
    return (
        RawMessage.objects.select_related("mailbox")
        .filter(state__in=[State.QUARANTINED, State.IGNORED])
        .order_by("-created_at")
    )


def get_raw(viewer: User, pk: int) -> RawMessage:
    """The stored original; for administrators, and for whoever may see the conversation it is about."""
    raw = RawMessage.objects.select_related("mailbox", "conversation", "delivery", "deleted_by").filter(pk=pk).first()
    if raw and policy.can(viewer, Permission.VIEW_QUARANTINE):
        return raw
    if raw and visible(viewer).filter(Q(pk=raw.conversation_id) | Q(messages__raw=raw)).exists():
        return raw
    raise NotFound("There is no such original.")


def quiet_originals(conversation_ids: Iterable[int]) -> list[RawMessage]:
    """What came for conversations the viewer was given and is told of in a line only: automatic answers, reports."""
    told = [RawMessage.Decision.AUTO_REPLY, RawMessage.Decision.DELAY, RawMessage.Decision.ABUSE_REPORT]
    return list(RawMessage.objects.filter(conversation__in=conversation_ids, decision__in=told).order_by("id"))


def mailboxes(viewer: User) -> list[Mailbox]:
    """The mailboxes an original can be looked for in, or moved to."""
    policy.require(viewer, Permission.VIEW_QUARANTINE)
    return list(Mailbox.objects.order_by("name"))


def due_raw(moment: datetime, limit: int = 500) -> list[int]:
    """Originals still waiting to be understood, oldest first."""
    waiting = RawMessage.objects.filter(state=State.RECEIVED)
    due = waiting.filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=moment))
    return list(due.order_by("id").values_list("id", flat=True)[:limit])


def _matching(viewer: User, asked: Asked) -> QuerySet[RawMessage]:
    policy.require(viewer, Permission.VIEW_QUARANTINE)
    rows = RawMessage.objects.filter(_words(asked.words))
    if asked.mailbox_id is not None:
        rows = rows.filter(mailbox_id=asked.mailbox_id)
    if asked.since is not None:
        rows = rows.filter(created_at__gte=_midnight(asked.since))
    if asked.until is not None:
        rows = rows.filter(created_at__lt=_midnight(asked.until + timedelta(days=1)))
    return rows


def _words(words: str) -> Q:
    """Every term has to be found: in the field it names, or in any."""
    found = Q()
    for term in list(_TERM.finditer(words))[:20]:
        text = term["phrase"] if term["phrase"] is not None else term["word"]
        text = text.strip("<>").lower() if term["field"] in {"id", "sha256", None} else text
        fields = [SEARCHED[term["field"].lower()]] if term["field"] else list(SEARCHED.values())
        anywhere = Q()
        for field in fields:
            anywhere |= Q(**{field: text})
        found &= anywhere
    return found


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(settings.DESK_TIME_ZONE))
