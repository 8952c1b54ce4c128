"""The queue: what waits, for whom, and how urgent it is."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from backstory.cases import queries as cases
from backstory.cases.queries import Signal
from backstory.conversations import queries as conversations
from backstory.conversations.models import Conversation
from backstory.conversations.queries import QueueRow
from backstory.people.models import User

PAGE_SIZE = 30
VIEWS: dict[str, StrPromise] = {
    "mine": _("Mine"),
    "unassigned": _("Unassigned"),
    "open": _("All open"),
    "complaints": _("Complaints"),
    "waiting": _("Waiting"),
    "closed": _("Closed"),
    "all": _("All"),  # offered while searching
}
DEFAULT_VIEW = "open"
EMOTIONS: dict[str, StrPromise] = {
    "anger": _("Anger"),
    "disgust": _("Disgust"),
    "fear": _("Fear"),
    "joy": _("Joy"),
    "sadness": _("Sadness"),
    "surprise": _("Surprise"),
}


def emotion_icon(emotion: str) -> str:
    """The icon beside an emotion's name."""
    return {"anger": "flame", "joy": "mood-smile"}.get(emotion, "mood-sad")


@dataclass(frozen=True)
class Ask:
    """Which part of the queue is wanted: a view, a search, a page."""

    view: str = DEFAULT_VIEW
    search: str = ""
    page: int = 1

    @property
    def query(self) -> str:
        """The ask as a query string; empty for the plain queue."""
        parts = {"view": self.view if self.view != DEFAULT_VIEW else "", "q": self.search}
        parts["page"] = str(self.page) if self.page > 1 else ""
        return urlencode({name: value for name, value in parts.items() if value})

    def url(self, name: str = "web:queue", *args: int) -> str:
        """A page's address that keeps this ask."""
        return reverse(name, args=args) + (f"?{self.query}" if self.query else "")


@dataclass(frozen=True)
class Row:
    """One line of the queue as it is shown."""

    id: int
    url: str
    customer: str
    subject: str
    snippet: str
    at: datetime
    state: str
    assignee: str | None
    unread: bool
    number: str
    severity: int
    emotion: StrPromise | str
    emotion_icon: str
    promise_due: datetime | None


@dataclass(frozen=True)
class View:
    """One tab above the queue."""

    key: str
    label: StrPromise
    url: str
    count: int | None


@dataclass(frozen=True)
class Queue:
    """The left pane."""

    url: str
    title: StrPromise
    view: str
    q: str
    views: list[View]
    rows: list[Row]
    total: int
    page: int
    pages: int
    previous_url: str | None
    next_url: str | None
    selected: int | None


def _wanted(viewer: User, ask: Ask) -> QuerySet[Conversation]:
    if ask.view == "complaints":
        return conversations.queue(viewer, "all", ask.search).filter(complaint__state="open")
    return conversations.queue(viewer, ask.view, ask.search)


def _counts(viewer: User) -> dict[str, int]:
    """How much is in each view but the closed one, in one statement."""
    is_open = Q(state=Conversation.State.OPEN)
    counted = {
        "mine": Q(assignee=viewer),
        "unassigned": is_open & Q(assignee=None),
        "open": is_open,
        "waiting": Q(state=Conversation.State.WAITING),
        "complaints": Q(complaint__state="open"),
    }
    rows = conversations.visible(viewer).exclude(state=Conversation.State.CLOSED)
    return rows.aggregate(**{name: Count("pk", filter=which) for name, which in counted.items()})


def _row(row: QueueRow, signal: Signal, ask: Ask) -> Row:
    return Row(
        id=row.id,
        url=ask.url("web:conversation", row.id),
        customer=row.customer_name,
        subject=row.subject,
        snippet=row.snippet,
        at=row.last_message_at,
        state=row.state,
        assignee=row.assignee_name,
        unread=row.waiting_since is not None and row.state == Conversation.State.OPEN,
        number=signal.number,
        severity=signal.severity,
        emotion=EMOTIONS.get(signal.emotion, ""),
        emotion_icon=emotion_icon(signal.emotion),
        promise_due=signal.promise_due,
    )


def _rows(found: Page[Conversation], ask: Ask) -> list[Row]:
    rows = conversations.rows(found.object_list)  # type: ignore[arg-type]  # a slice of the query set
    signals = cases.signals([row.id for row in rows])
    return [_row(row, signals[row.id], ask) for row in rows]


def queue(viewer: User, ask: Ask, selected: int | None = None) -> Queue:
    """The left pane for this viewer, with the conversation that is open marked in it."""
    found = Paginator(_wanted(viewer, ask), PAGE_SIZE).get_page(ask.page)
    counts = _counts(viewer)
    here = Ask(ask.view, ask.search, found.number)
    return Queue(
        url=here.url(),
        title=VIEWS[ask.view],
        view=ask.view,
        q=ask.search,
        views=[
            View(key, label, Ask(key, ask.search).url(), counts.get(key))
            for key, label in VIEWS.items()
            if key != "all" or ask.search or ask.view == "all"
        ],
        rows=_rows(found, here),
        total=found.paginator.count,
        page=found.number,
        pages=found.paginator.num_pages,
        previous_url=Ask(ask.view, ask.search, found.number - 1).url() if found.has_previous() else None,
        next_url=Ask(ask.view, ask.search, found.number + 1).url() if found.has_next() else None,
        selected=selected,
    )
