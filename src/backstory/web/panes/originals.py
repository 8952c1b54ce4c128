"""The ledger of originals and the quarantine as pages show them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backstory.conversations import queries as conversations
from backstory.conversations.models import Mailbox, RawMessage
from backstory.conversations.queries import WAITING, Asked
from backstory.kernel import files
from backstory.kernel.text import storable
from backstory.live import queries as live
from backstory.live.phrases import sentence
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

Decision, State = RawMessage.Decision, RawMessage.State
HEAD = 4000
"""Bytes of an original that are shown where nothing could be read of it."""
LOOKS: dict[str, tuple[str, str]] = {
    Decision.NEW: ("good", "message"),
    Decision.JOINED: ("good", "link"),
    Decision.FORWARDED: ("good", "send"),
    Decision.NOTE: ("info", "note"),
    Decision.DUPLICATE: ("plain", "copy"),
    Decision.BOUNCE: ("warn", "mail-opened"),
    Decision.DELAY: ("plain", "clock"),
    Decision.ABUSE_REPORT: ("warn", "flag"),
    Decision.AUTO_REPLY: ("plain", "calendar-due"),
    Decision.LOOP: ("plain", "refresh"),
    Decision.QUARANTINED: ("bad", "biohazard"),
    Decision.DELETED: ("plain", "trash"),
    WAITING: ("warn", "clock"),
}
"""Tone and icon of each decision."""
BASES = {
    "reply-address": gettext_noop("by the reply address"),
    "reference": gettext_noop("by the letter it answers"),
    "subject": gettext_noop("by subject and sender"),
    "empty": gettext_noop("empty"),
    "no-sender": gettext_noop("no sender"),
    "unreadable": gettext_noop("unreadable"),
    "too-large": gettext_noop("too large"),
    "fault": gettext_noop("fault of ours"),
    "deleted": gettext_noop("was deleted before"),
    "spam": gettext_noop("spam"),
    "virus": gettext_noop("virus"),
    "authentication": gettext_noop("sender not proven"),
}


@dataclass(frozen=True)
class Line:
    """One original in a list."""

    id: int
    at: datetime
    decision: str
    label: str
    tone: str
    icon: str
    basis: str
    confidence: float | None
    sender: str
    sender_name: str
    subject: str
    mailbox: str
    channel: str
    size: int
    reason: str
    attempts: int
    next_attempt_at: datetime | None
    repeats: int
    conversation_url: str
    excerpt: str


@dataclass(frozen=True)
class Happened:
    """One step in an original's life."""

    text: str
    at: datetime


@dataclass(frozen=True)
class Entry:
    """One original with everything that is known of it."""

    line: Line
    message_id: str
    recipients: list[str]
    sent: str
    files: list[str]
    problems: list[str]
    checks: list[tuple[str, str]]
    envelope: list[tuple[str, str]]
    sha256: str
    excerpt: str
    is_raw_excerpt: bool
    corrections: dict[str, Any]
    mailbox_id: int
    delivery_id: int | None
    deleted_by: str
    has_bytes: bool
    may_release: bool
    may_delete: bool
    mailboxes: list[Mailbox] = field(default_factory=list)
    history: list[Happened] = field(default_factory=list)


@dataclass(frozen=True)
class Tab:
    """One choice among the decisions."""

    key: str
    label: str
    number: int
    href: str
    is_current: bool


def line(raw: RawMessage) -> Line:
    """What a list shows of an original."""
    decision = raw.decision or WAITING
    tone, icon = LOOKS.get(decision, ("plain", "mail"))
    return Line(
        id=raw.pk,
        at=raw.created_at,
        decision=decision,
        label=_(raw.get_decision_display()) if raw.decision else _("Waiting to be read"),
        tone=tone,
        icon=icon,
        basis=_(BASES[raw.basis]) if raw.basis in BASES else raw.basis,
        confidence=raw.confidence,
        sender=raw.sender,
        sender_name=str(raw.summary.get("name", "")),
        subject=raw.subject,
        mailbox=raw.mailbox.name,
        channel=raw.get_channel_display(),
        size=raw.size,
        reason=raw.reason,
        attempts=raw.attempts,
        next_attempt_at=raw.next_attempt_at,
        repeats=raw.repeats,
        conversation_url=_conversation_url(raw),
        excerpt=str(raw.summary.get("excerpt", "")),
    )


def _conversation_url(raw: RawMessage) -> str:
    if raw.conversation_id is None:
        return ""
    url = reverse("web:conversation", args=[raw.conversation_id])
    message = getattr(raw, "message", None)
    return f"{url}#message-{message.pk}" if message else url


def entry(viewer: User, pk: int) -> Entry:
    """One original for somebody who may see it; NotFound for others."""
    raw = conversations.get_raw(viewer, pk)
    set_aside = raw.state in (State.QUARANTINED, State.IGNORED)
    may_release = set_aside and policy.can(viewer, Permission.RELEASE_ORIGINALS)
    excerpt, is_raw = _excerpt(raw)
    return Entry(
        line=line(raw),
        message_id=raw.message_id,
        recipients=raw.recipients.split(),
        sent=str(raw.summary.get("date", "")),
        files=[str(name) for name in raw.summary.get("files", [])],
        problems=[str(problem) for problem in raw.summary.get("problems", [])],
        checks=[(name, _verdict(found)) for name, found in raw.checks.items()],
        envelope=[(name, _verdict(value)) for name, value in raw.envelope.items() if value],
        sha256=raw.sha256,
        excerpt=excerpt,
        is_raw_excerpt=is_raw,
        corrections=raw.corrections,
        mailbox_id=raw.mailbox_id,
        delivery_id=raw.delivery_id,
        deleted_by=raw.deleted_by.name if raw.deleted_by else "",
        has_bytes=raw.state != State.DELETED,
        may_release=may_release,
        may_delete=set_aside and policy.can(viewer, Permission.DELETE_ORIGINALS),
        mailboxes=conversations.mailboxes(viewer) if may_release else [],
        history=[Happened(sentence(event), event.at) for event in live.about("raw", raw.pk)],
    )


def _verdict(found: Any) -> str:
    """A verdict in one line, whatever shape a check gives it."""
    if isinstance(found, dict):
        return ", ".join(f"{name}: {_verdict(value)}" for name, value in found.items())
    if isinstance(found, list):
        return ", ".join(_verdict(value) for value in found)
    return str(found)


def _excerpt(raw: RawMessage) -> tuple[str, bool]:
    """The beginning of what was read, else of the bytes themselves (True), as plain text."""
    read = str(raw.summary.get("excerpt", ""))
    if read or raw.state in (State.ACCEPTED, State.DELETED):
        return read, False
    source = storable(files.head(raw.path, HEAD).decode("utf-8", "replace")).replace("\r\n", "\n")
    return "".join(sign for sign in source if sign in "\n\t" or sign.isprintable()), True


def tabs(asked: Asked, counts: dict[str, int], query: dict[str, str]) -> list[Tab]:
    """The decisions there are originals of, with how many fit the rest of what is asked."""
    labels = {WAITING: _("Waiting to be read"), **{value: _(label) for value, label in Decision.choices}}
    shown = [key for key in labels if counts.get(key) or key == asked.decision]
    kept = {name: value for name, value in query.items() if name not in ("decision", "page")}
    every = Tab("", _("All"), sum(counts.values()), f"?{urlencode(kept)}", not asked.decision)
    return [every] + [
        Tab(key, labels[key], counts.get(key, 0), f"?{urlencode({**kept, 'decision': key})}", key == asked.decision)
        for key in shown
    ]


def asked_of(request: HttpRequest) -> Asked:
    """What the page's address asks for; what is no choice is left out."""
    given = request.GET
    decision = given.get("decision", "")
    mailbox = given.get("mailbox", "")
    return Asked(
        words=storable(given.get("q", "")).strip()[:500],
        decision=decision if decision in (WAITING, *Decision.values) else "",
        mailbox_id=int(mailbox) if mailbox.isascii() and mailbox.isdigit() and len(mailbox) < 10 else None,
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 9000 else None
