"""The middle pane: what was said, what we read in it, what happened around it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from backstory.cases.models import Promise, Reading, ReplyReading, SensitiveReading
from backstory.conversations.models import Attachment, Conversation, Message
from backstory.conversations.queries import people
from backstory.conversations.recipients import written
from backstory.live.models import Event
from backstory.live.phrases import sentence
from backstory.web.panes.belonging import Origin, QuietLine
from backstory.web.panes.chips import Chip, chips, reply_chips, sensitive_chips
from backstory.web.panes.deliveries import DeliveryLine, line

ICONS = {
    "complaint": "flag",
    "conversation": "message",
    "cause": "sitemap",
    "severity": "alert-circle",
    "promise": "calendar-due",
    "remedy": "gift",
    "survey": "mood-smile",
    "summary": "clipboard-text",
    "backstory": "books",
    "action": "tool",
    "playbook": "checklist",
    "conduct": "hand-stop",
    "update": "send",
    "updates": "send",
    "code": "key",
    "links": "link",
}
# Said by the messages, their deliveries and offers themselves, or a matter for the audit trail only.
IMMATERIAL = frozenset({"there is no Date"})
"""What a parser notes and nobody needs to be told: nothing that is shown rests on it."""
QUIET = frozenset(
    {
        *("promise.suggested", "backstory.read", "conversation.split", "conversation.split_off"),
        *("conversation.merged", "conversation.merged_away"),
        *("conversation.message_kept", "conversation.message_doubted"),
    }
)


@dataclass(frozen=True)
class EventLine:
    """Something that happened between the messages."""

    id: int
    icon: str
    text: str
    at: datetime
    kind: str = "event"


@dataclass(frozen=True)
class EventRun:
    """Several events with no message between them, folded into one line."""

    lines: list[EventLine]
    kind: str = "run"

    @property
    def id(self) -> int:
        return self.lines[0].id

    @property
    def last(self) -> EventLine:
        return self.lines[-1]

    @property
    def at(self) -> datetime:
        return self.lines[0].at


@dataclass(frozen=True)
class MessageItem:
    """One message as it is shown."""

    id: int
    direction: str
    who: str
    label: str
    text: str
    at: datetime
    signature: str
    quoted: str
    problems: list[str]
    attachments: list[Attachment]
    original_url: str
    raw_id: int | None
    chips: list[Chip]
    is_read: bool
    delivery: DeliveryLine | None
    people: str  # to whom, where that is not plain
    offers: list[Promise]
    origin: Origin | None = None
    unproven: str = ""  # why the sender may be somebody else
    kind: str = "message"


Item = MessageItem | EventLine | EventRun | QuietLine


@dataclass(frozen=True)
class Around:
    """What is known beside the messages of one conversation."""

    readings: dict[int, Reading] = field(default_factory=dict)
    offers: dict[int, list[Promise]] = field(default_factory=dict)
    may_write: bool = False
    viewer_id: int = 0
    origins: dict[int, Origin] = field(default_factory=dict)
    lines: list[QuietLine] = field(default_factory=list)
    sensitive: dict[int, SensitiveReading] = field(default_factory=dict)  # for who may see them
    replies: dict[int, ReplyReading] = field(default_factory=dict)
    causes: dict[str, str] = field(default_factory=dict)  # their names by slug


def items(conversation: Conversation, messages: list[Message], events: Iterable[Event], around: Around) -> list[Item]:
    """Messages and events of a conversation in the order in which they happened."""
    received = (each.sender_address for each in messages if each.direction == Message.Direction.IN)
    known = next(received, "")
    lines: list[Item] = [_message(conversation, each, around, known) for each in messages]
    lines += [_event(event) for event in events if _is_shown(event)]
    lines += around.lines
    return _folded(sorted(lines, key=lambda line: line.at))


def _folded(lines: list[Item]) -> list[Item]:
    """Three events or more in a row become one line that opens."""
    folded: list[Item] = []
    for is_event, group in groupby(lines, key=lambda line: isinstance(line, EventLine)):
        run = list(group)
        events = [line for line in run if isinstance(line, EventLine)]
        folded += [EventRun(events)] if is_event and len(events) > 2 else run
    return folded


def _is_shown(event: Event) -> bool:
    return event.kind.partition(".")[0] in ICONS and event.kind not in QUIET


def _event(event: Event) -> EventLine:
    return EventLine(event.pk, ICONS[event.kind.partition(".")[0]], sentence(event), event.at)


def _message(conversation: Conversation, message: Message, around: Around, known: str) -> MessageItem:
    who = _who(conversation, message, known)
    delivery = getattr(message, "delivery", None)
    return MessageItem(
        id=message.pk,
        direction=message.direction,
        who=who,
        label=_("%(direction)s: %(who)s") % {"direction": message.get_direction_display(), "who": who},
        text=message.text,
        at=message.created_at,
        signature=message.signature if message.direction == Message.Direction.IN else "",
        quoted=message.quoted,
        problems=[str(problem) for problem in message.problems if problem not in IMMATERIAL],
        attachments=list(message.attachments.all()),
        original_url=reverse("web:original", args=[message.pk]) if message.html else "",
        raw_id=message.raw_id,
        chips=_chips(message, around),
        is_read=message.pk in around.readings or message.pk in around.replies,
        delivery=line(delivery, may_act=around.may_write, is_author=message.author_id == around.viewer_id)
        if delivery
        else None,
        people=_people(conversation, message),
        offers=around.offers.get(message.pk, []),
        origin=around.origins.get(message.pk),
        unproven=_unproven(message),
    )


def _unproven(message: Message) -> str:
    """A warning where the sender's domain disowns the letter. That it does not is no proof of who wrote it."""
    identity = message.raw.checks.get("identity", {}) if message.raw else {}
    if identity.get("verdict") != "failed":
        return ""
    found = ", ".join(f"{name.upper()} {identity[name]}" for name in ("spf", "dkim", "dmarc") if identity.get(name))
    return _("Somebody else may have written this: %(domain)s does not vouch for it (%(found)s).") % {
        "domain": identity.get("domain", ""),
        "found": found,
    }


def _chips(message: Message, around: Around) -> list[Chip]:
    """What was read in a message, the gravest first."""
    reading, sensitive = around.readings.get(message.pk), around.sensitive.get(message.pk)
    reply = around.replies.get(message.pk)
    return [
        *(chips(reading, message.text, around.causes) if reading else []),
        *(sensitive_chips(sensitive) if sensitive else []),
        *(reply_chips(reply) if reply else []),
    ]


def _who(conversation: Conversation, message: Message, known: str) -> str:
    """Whose words these are. Whoever joins a thread from another address (a partner, a stranger) never passes for the
    customer who began it: a name is only what its sender claims, so the address stands beside it."""
    if message.direction == Message.Direction.IN:
        if message.sender_address.casefold() != known.casefold():
            name, address = message.sender_name, message.sender_address
            return f"{name} <{address}>" if name else address
        return message.sender_name or conversation.customer.name or message.sender_address
    return message.author.name if message.author else message.sender_name or conversation.mailbox.name


def _people(conversation: Conversation, message: Message) -> str:
    """To whom a letter of ours went; who else stands in one of theirs."""
    if message.direction == Message.Direction.OUT:
        return _("to %(people)s") % {"people": written([*people(message.to), *people(message.cc)])}
    own = conversation.mailbox.address
    others = [one for one in people(message.cc) if one.email.casefold() != own.casefold()]
    return _("copy to %(people)s") % {"people": written(others)} if others else ""
