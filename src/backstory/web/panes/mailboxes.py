"""Mailboxes as their settings show them: how each one is, which ways there are, and what a test found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from backstory.channels.email import providers
from backstory.conversations import actions, queries
from backstory.conversations.models import Grant, Mailbox, MailboxTest
from backstory.conversations.queries import Health
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

STEP_MARKS: dict[str, tuple[str, str]] = {
    "running": ("info", "clock"),
    "good": ("good", "circle-check"),
    "bad": ("bad", "circle-x"),
    "note": ("plain", "info-circle"),
}
"""Tone and picture of a step by how it ended."""


@dataclass(frozen=True)
class Way:
    """One way in or out, to choose from."""

    value: str
    icon: str
    name: StrPromise
    words: StrPromise


WAYS_IN = (
    Way(
        Mailbox.Incoming.LISTENER,
        "inbox",
        gettext_lazy("From your mail server"),
        gettext_lazy("It hands letters over by SMTP or LMTP, at once."),
    ),
    Way(
        Mailbox.Incoming.IMAP,
        "lock",
        gettext_lazy("IMAP with a password"),
        gettext_lazy("The desk fetches letters from any mail server."),
    ),
    Way(
        Mailbox.Incoming.GRANT,
        "key",
        gettext_lazy("Google or Microsoft"),
        gettext_lazy("You consent once in the browser; no password is stored."),
    ),
    Way(
        Mailbox.Incoming.WEBHOOK,
        "world",
        gettext_lazy("A mail provider"),
        gettext_lazy("Mailgun, Postmark and others call the desk."),
    ),
)
WAYS_OUT = (
    Way(
        Mailbox.Outgoing.RELAY,
        "send",
        gettext_lazy("The desk's own mail server"),
        gettext_lazy("The one in the settings of this installation."),
    ),
    Way(
        Mailbox.Outgoing.SMTP,
        "lock",
        gettext_lazy("The mailbox's own server"),
        gettext_lazy("SMTP with user name and password."),
    ),
    Way(
        Mailbox.Outgoing.GRANT,
        "key",
        gettext_lazy("Google or Microsoft"),
        gettext_lazy("By the same consent as letters come in."),
    ),
    Way(
        Mailbox.Outgoing.PROVIDER,
        "world",
        gettext_lazy("A mail provider"),
        gettext_lazy("By its interface; it tells what became of each letter."),
    ),
)


@dataclass(frozen=True)
class Line:
    """One mailbox in the list, and at the head of its own page."""

    mailbox: Mailbox
    state: str
    tone: str
    icon: str
    way_in: StrPromise
    way_out: StrPromise
    last_letter_at: datetime | None
    unread: int
    quarantined: int
    leaving: int
    error: str
    may_manage: bool


def lines(viewer: User, *, archived: bool = False) -> list[Line]:
    """The mailboxes of the viewer's teams, or all."""
    rows = queries.manageable_mailboxes(viewer).filter(archived_at__isnull=not archived).select_related("team", "grant")
    return [_line(viewer, each) for each in queries.health(rows)]


def line(viewer: User, pk: int) -> Line:
    """One of them; raises NotFound."""
    mailbox = queries.get_mailbox(viewer, pk)
    found = queries.health(Mailbox.objects.filter(pk=mailbox.pk).select_related("team", "grant"))
    return _line(viewer, found[0])


def _line(viewer: User, health: Health) -> Line:
    mailbox = health.mailbox
    error = trouble(mailbox)
    state, tone, icon = _state(mailbox, error)
    return Line(
        mailbox=mailbox,
        state=state,
        tone=tone,
        icon=icon,
        way_in=next(way.name for way in WAYS_IN if way.value == mailbox.incoming),
        way_out=next(way.name for way in WAYS_OUT if way.value == mailbox.outgoing),
        last_letter_at=health.last_letter_at,
        unread=health.unread,
        quarantined=health.quarantined,
        leaving=health.leaving,
        error=error,
        may_manage=policy.can(viewer, Permission.MANAGE_MAILBOXES, mailbox.team_id),
    )


def trouble(mailbox: Mailbox) -> str:
    """What keeps letters from coming in or going out, in words; empty when nothing is known."""
    grant = consent(mailbox)
    uses_grant = mailbox.incoming == Mailbox.Incoming.GRANT or mailbox.outgoing == Mailbox.Outgoing.GRANT
    if uses_grant and grant is not None and grant.state == Grant.State.REFUSED:
        return _("A new consent is needed. %(reason)s") % {"reason": grant.error}
    return mailbox.last_error


def consent(mailbox: Mailbox) -> Grant | None:
    return getattr(mailbox, "grant", None)


def _state(mailbox: Mailbox, error: str) -> tuple[str, str, str]:
    if mailbox.archived_at is not None:
        return _("Archived"), "plain", "archive"
    if not mailbox.is_active:
        missing = actions.missing_to_start(mailbox)
        return (_("Not connected yet"), "warn", "clock") if missing else (_("Paused"), "warn", "hand-stop")
    return (_("In trouble"), "bad", "alert-triangle") if error else (_("At work"), "good", "circle-check")


@dataclass(frozen=True)
class Field:
    """One key of a provider in a form: never filled with what is stored."""

    name: str
    label: str
    secret: bool
    stored: bool
    value: str


@dataclass(frozen=True)
class ProviderPart:
    """What a form asks for one provider."""

    key: str
    label: str
    hint: str
    fields: list[Field]


def provider_parts(mailbox: Mailbox, typed: Mapping[str, str], *uses: str) -> list[ProviderPart]:
    """Every provider with the keys for these uses; what is no secret stands in its field."""
    stored = providers.keys_of(mailbox)
    return [
        ProviderPart(
            provider.key,
            provider.label,
            provider.hint,
            [
                Field(
                    f"{provider.key}.{key.name}",
                    key.label,
                    key.secret,
                    mailbox.provider == provider.key and key.name in stored,
                    typed.get(f"{provider.key}.{key.name}", _shown(mailbox, provider.key, key, stored)),
                )
                for key in provider.keys_for(*uses)
            ],
        )
        for provider in providers.PROVIDERS.values()
    ]


def _shown(mailbox: Mailbox, provider: str, key: providers.Key, stored: Mapping[str, str]) -> str:
    return "" if key.secret or mailbox.provider != provider else stored.get(key.name, "")


@dataclass(frozen=True)
class StepLine:
    name: str
    words: str
    tone: str
    icon: str
    running: bool


def steps(test: MailboxTest | None) -> list[StepLine]:
    """What a test found so far."""
    return [
        StepLine(step["step"], step["words"], *STEP_MARKS[step["state"]], step["state"] == "running")
        for step in (test.steps if test else [])
    ]
