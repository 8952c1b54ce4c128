"""What a conversation's pages say of how its messages came to be in it, and what is offered where that is doubtful."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backstory.conversations import queries as conversations
from backstory.conversations.models import Conversation, Message, Participant, RawMessage, ThreadMove
from backstory.conversations.rules import snippet
from backstory.people import policy
from backstory.people.models import AddressTrouble, User
from backstory.people.policy import Permission
from backstory.people.queries import troubles
from backstory.people.rules import normalise_email
from backstory.web.formats import percent

Decision, Direction = RawMessage.Decision, Message.Direction
PARTS = {
    Participant.Kind.OTHER_ADDRESS: gettext_noop("another address of the customer"),
    Participant.Kind.COPIED: gettext_noop("was copied in; not the customer"),
    Participant.Kind.COLLEAGUE: gettext_noop("says to work here"),
    Participant.Kind.UNKNOWN: gettext_noop("not known in this conversation"),
}
QUIET_LINES = {
    Decision.AUTO_REPLY: (gettext_noop("%(who)s answered automatically: %(subject)s"), "calendar-due"),
    Decision.DELAY: (gettext_noop("A mail server says that a letter is late: %(subject)s"), "clock"),
    Decision.ABUSE_REPORT: (gettext_noop("A reader has called a letter of ours unwanted: %(subject)s"), "flag"),
}


@dataclass(frozen=True)
class Button:
    """A step on offer: a form with one button."""

    label: str
    url: str
    fields: dict[str, str] = field(default_factory=dict)
    is_primary: bool = False
    key: str = ""
    is_link: bool = False  # a page to go to
    inserts: str = ""  # words for the reply instead of a form


@dataclass(frozen=True)
class Notice:
    """Something a person should decide or know before they answer."""

    id: str
    tone: str
    icon: str
    text: str
    buttons: list[Button] = field(default_factory=list)


@dataclass(frozen=True)
class Origin:
    """How a message came into its thread, where that is worth a word, and whether it may be split off."""

    text: str = ""
    may_split: bool = False
    was_kept: bool = False


@dataclass(frozen=True)
class QuietLine:
    """Something between the messages with a place to look at it, such as an absence notice or a merge."""

    id: str
    icon: str
    text: str
    at: datetime
    href: str
    link: str
    excerpt: str = ""
    undo: str = ""
    kind: str = "quiet"


@dataclass(frozen=True)
class Belonging:
    """All of it, for one conversation and one viewer."""

    notices: list[Notice]
    origins: dict[int, Origin]
    lines: list[QuietLine]
    may_move: bool
    merged_ids: list[int]


def belonging(viewer: User, conversation: Conversation, messages: list[Message]) -> Belonging:
    may_move = policy.can(viewer, Permission.MOVE_MESSAGES, conversation.team_id)
    moves = conversations.moves_of(conversation)
    parts = {each.address: Participant.Kind(each.kind) for each in conversation.participants.all()}
    received = sum(message.direction == Direction.IN for message in messages)
    quiet = conversations.quiet_originals([conversation.pk])
    return Belonging(
        notices=[*_doubts(messages, may_move), *_undeliverable(viewer, conversation, messages)],
        origins={each.pk: _origin(each, parts, may_move and received > 1) for each in messages},
        lines=[*(_quiet(raw) for raw in quiet), *(_moved(viewer, conversation, move, may_move) for move in moves)],
        may_move=may_move,
        merged_ids=[move.source_id for move in moves if move.kind == ThreadMove.Kind.MERGE],
    )


def _doubts(messages: list[Message], may_move: bool) -> list[Notice]:
    doubtful = [each for each in messages if each.doubt and not each.doubt_answer]
    return [_doubt(each, may_move, "" if number else "s") for number, each in enumerate(doubtful)]


def _doubt(message: Message, may_move: bool, key: str) -> Notice:
    who = message.sender_name or message.sender_address
    said = {"who": who, "subject": message.subject or snippet(message.text)[:60], "sure": _sure(message)}
    if message.doubt == Message.Doubt.HIJACK:
        text = _("%(who)s answered an earlier letter, but about “%(subject)s”. Is it another matter?") % said
    else:
        text = _("“%(subject)s” from %(who)s joined by subject and sender, %(sure)s sure. Not the same matter?") % said
    split, keep = reverse("web:split_message", args=[message.pk]), reverse("web:keep_message", args=[message.pk])
    buttons = [Button(_("Split into its own conversation"), split, key=key), Button(_("Keep here"), keep)]
    return Notice(f"doubt-{message.pk}", "warn", "help", text, buttons if may_move else [])


def _sure(message: Message) -> str:
    confidence = message.raw.confidence if message.raw else None
    return percent(confidence) if confidence is not None else "?"


def _undeliverable(viewer: User, conversation: Conversation, messages: list[Message]) -> list[Notice]:
    """What is wrong with letters to whoever a reply would go to."""
    received = [message for message in messages if message.direction == Direction.IN]
    written = {normalise_email(each["email"]) for message in messages for each in message.to if each.get("email")}
    addresses = {normalise_email(message.answer_address) for message in received} | written
    found = [row for rows in troubles(addresses - {""}).values() for row in rows]
    may_clear = policy.can(viewer, Permission.REPLY, conversation.team_id)
    return [_trouble(row, conversation, may_clear) for row in found]


def _trouble(row: AddressTrouble, conversation: Conversation, may_clear: bool) -> Notice:
    said = {
        "address": row.value,
        "reason": row.reason or _("no reason given"),
        "day": row.created_at.date().isoformat(),
    }
    if row.kind == AddressTrouble.Kind.UNWANTED:
        text = _("%(address)s has called our letters unwanted (%(reason)s, %(day)s).") % said
    else:
        text = _("Letters to %(address)s come back for good (%(reason)s, since %(day)s).") % said
    fields = {"address": row.value, "conversation": str(conversation.pk)}
    clear = Button(_("It works again"), reverse("web:clear_troubles"), fields)
    return Notice(f"trouble-{row.pk}", "bad", "alert-triangle", text, [clear] if may_clear else [])


def _origin(message: Message, parts: dict[str, Participant.Kind], may_split: bool) -> Origin:
    words = [_came(message)]
    part = parts.get(normalise_email(message.sender_address)) if message.direction == Direction.IN else None
    words += [_(PARTS[part])] if part else []
    return Origin(
        text=" · ".join(word for word in words if word),
        may_split=may_split and message.direction == Direction.IN,
        was_kept=message.doubt_answer == "kept",
    )


def _came(message: Message) -> str:
    raw = message.raw
    if message.direction == Direction.NOTE and message.author_id is None and message.sender_address:
        return _("by e-mail from %(address)s: that it was them is not proven") % {"address": message.sender_address}
    if raw and raw.decision == Decision.FORWARDED:
        by = str(raw.summary.get("name") or raw.sender)
        return _("passed on by %(who)s, %(sure)s sure who wrote it") % {"who": by, "sure": _sure(message)}
    if raw and raw.basis == "subject":
        return _("joined by subject and sender, %(sure)s sure") % {"sure": _sure(message)}
    return ""


def _quiet(raw: RawMessage) -> QuietLine:
    text, icon = QUIET_LINES[Decision(raw.decision)]
    who = str(raw.summary.get("name") or raw.sender)
    return QuietLine(
        id=f"original-{raw.pk}",
        icon=icon,
        text=_(text) % {"who": who, "subject": raw.subject or _("No subject")},
        at=raw.created_at,
        href=reverse("web:original_entry", args=[raw.pk]),
        link=_("On record"),
        excerpt=str(raw.summary.get("excerpt", "")) if raw.decision == Decision.AUTO_REPLY else "",
    )


def _moved(viewer: User, conversation: Conversation, move: ThreadMove, may_move: bool) -> QuietLine:
    is_here = move.target_id == conversation.pk
    other = move.source if is_here else move.target
    may_see = policy.can(viewer, Permission.VIEW_CONVERSATIONS, other.team_id)
    said = {
        "who": move.user.name if move.user else _("Somebody"),
        "subject": (other.subject or _("No subject")) if may_see else _("another conversation"),
    }
    if move.kind == ThreadMove.Kind.MERGE:
        text = _("%(who)s merged “%(subject)s” into this conversation.") % said
    elif is_here:
        text = _("%(who)s split this off from “%(subject)s”.") % said
    else:
        text = _("%(who)s split “%(subject)s” off into its own conversation.") % said
    leads = may_see and move.kind == ThreadMove.Kind.SPLIT
    return QuietLine(
        id=f"move-{move.pk}",
        icon="sitemap",
        text=text,
        at=move.created_at,
        href=reverse("web:conversation", args=[other.pk]) if leads else "",
        link=_("Open it"),
        undo=reverse("web:undo_move", args=[move.pk]) if may_move else "",
    )
