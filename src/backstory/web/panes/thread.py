"""The middle pane: what was said, what we read in it, what happened around it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backstory.cases.models import Promise, Reading
from backstory.cases.taxonomy import DEFAULT_CAUSES
from backstory.conversations.models import Attachment, Conversation, Message
from backstory.conversations.queries import people
from backstory.conversations.recipients import written
from backstory.live.models import Event
from backstory.live.phrases import sentence
from backstory.web.panes.deliveries import DeliveryLine, line
from backstory.web.panes.queue import EMOTIONS, emotion_icon

Spans = list[list[int]]
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
}
# Said by the messages, their deliveries and offers themselves, or a matter for the audit trail only.
IMMATERIAL = frozenset({"there is no Date"})
"""What a parser notes and nobody needs to be told: nothing that is shown rests on it."""
QUIET = frozenset({"promise.suggested", "backstory.read"})
EMOTION_TONES = {"anger": "bad", "joy": "good"}
SEVERITIES = (
    gettext_noop("No harm"),
    gettext_noop("Minor"),
    gettext_noop("Moderate"),
    gettext_noop("Serious"),
    gettext_noop("Critical"),
)

CAUSES = {cause.slug: cause.name for cause in DEFAULT_CAUSES}
LIKELY_CAUSE = 0.3
"""Below this probability a cause is a guess among many, and not shown."""
STYLES = {
    "driver": (gettext_noop("Driver"), gettext_noop("Wants results: what will be done, by when.")),
    "expressive": (gettext_noop("Expressive"), gettext_noop("Wants to be heard: take up what was felt.")),
    "analytic": (gettext_noop("Analytic"), gettext_noop("Wants facts: reasons, figures and order.")),
    "amiable": (gettext_noop("Amiable"), gettext_noop("Wants a relation: be warm, ask, reassure.")),
}
TELLING = 0.25
"""The share of the strongest evidence's weight that other evidence needs, to be worth a reader's eye."""


@dataclass(frozen=True)
class Chip:
    """One verdict about a message, with the character spans it rests on (JSON for the highlighter, or "")."""

    text: str
    tone: str
    icon: str
    spans: str
    title: str = ""


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
    delivery: DeliveryLine | None
    people: str  # to whom, where that is not plain
    offers: list[Promise]
    kind: str = "message"


Item = MessageItem | EventLine | EventRun


@dataclass(frozen=True)
class Around:
    """What is known beside the messages of one conversation."""

    readings: dict[int, Reading] = field(default_factory=dict)
    offers: dict[int, list[Promise]] = field(default_factory=dict)
    may_write: bool = False
    viewer_id: int = 0


def items(conversation: Conversation, messages: list[Message], events: Iterable[Event], around: Around) -> list[Item]:
    """Messages and events of a conversation in the order in which they happened."""
    received = (each.sender_address for each in messages if each.direction == Message.Direction.IN)
    known = next(received, "")
    lines: list[Item] = [_message(conversation, each, around, known) for each in messages]
    lines += [_event(event) for event in events if _is_shown(event)]
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
    reading = around.readings.get(message.pk)
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
        chips=chips(reading, message.text) if reading else [],
        delivery=line(delivery, may_act=around.may_write, is_author=message.author_id == around.viewer_id)
        if delivery
        else None,
        people=_people(conversation, message),
        offers=around.offers.get(message.pk, []),
    )


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


def chips(reading: Reading, text: str) -> list[Chip]:
    """The verdicts of one reading of a text, the gravest first, each with its evidence."""
    data: dict[str, Any] = reading.data
    return [
        *_verdicts(reading, data, text),
        *_quoted(data, "asks", _("Asks"), "hand-stop", "info"),
        *_quoted(data, "harms", _("Harm"), "alert-triangle", "warn"),
        *_threats(data),
        *_cause(reading, data),
        *_style(data),
        *_gap(data),
    ]


def _verdicts(reading: Reading, data: dict[str, Any], text: str) -> list[Chip]:
    evidence = data.get("evidence") or {}
    found = [_complaint(reading, evidence, data), _emotion(reading, evidence)]
    found += [_severity(reading, evidence, data, text), _urgency(evidence, data, text)]
    return [chip for chip in found if chip is not None]


def _complaint(reading: Reading, evidence: dict[str, Any], data: dict[str, Any]) -> Chip | None:
    if not reading.is_complaint:
        return None
    text = _("Complaint %(p)d %%") % {"p": round(reading.complaint_p * 100)}
    return _chip(text, "bad", "flag", _weighed(evidence.get("complaint") or data.get("harms")))


def _emotion(reading: Reading, evidence: dict[str, Any]) -> Chip | None:
    if reading.emotion not in EMOTIONS:
        return None
    strength = (_("faint"), _("mild"), _("clear"), _("strong"))[min(round(reading.intensity), 3)]
    spans = _weighed(evidence.get("ekman") or evidence.get("intensity"))
    tone = EMOTION_TONES.get(reading.emotion, "warn")
    return _chip(f"{EMOTIONS[reading.emotion]} · {strength}", tone, emotion_icon(reading.emotion), spans)


def _severity(reading: Reading, evidence: dict[str, Any], data: dict[str, Any], text: str) -> Chip | None:
    if reading.severity < 2:
        return None
    why = (data.get("severity") or {}).get("why") or ""
    label = f"{_(SEVERITIES[reading.severity])}{' · ' + _('safety') if reading.safety else ''}"
    spans = _weighed(evidence.get("severity")) or _found(text, why)
    return _chip(label, "bad" if reading.severity > 2 else "warn", "alert-circle", spans, why)


def _urgency(evidence: dict[str, Any], data: dict[str, Any], text: str) -> Chip | None:
    urgency = data.get("urgency") or {}
    if urgency.get("level", 0) < 2:
        return None
    by_when = urgency.get("by_when") or ""
    return _chip(_("Urgent"), "warn", "clock", _weighed(evidence.get("urgency")) or _found(text, by_when), by_when)


def _found(text: str, words: str) -> Spans:
    """Where quoted words stand in the text; nowhere for none."""
    at = text.find(words) if words else -1
    return [] if at < 0 else [[at, at + len(words)]]


def _chip(text: str, tone: str, icon: str, spans: Spans, title: str = "") -> Chip:
    return Chip(text, tone, icon, json.dumps(spans) if spans else "", title)


def _weighed(evidence: list[dict[str, Any]] | None) -> Spans:
    """The spans that speak for a verdict, without those that hardly count."""
    weighed = [(part.get("weight", 1), part["start"], part["end"]) for part in evidence or []]
    least = max((weight for weight, _start, _end in weighed), default=0) * TELLING
    return [[start, end] for weight, start, end in weighed if weight > 0 and weight >= least]


def _quoted(data: dict[str, Any], key: str, label: str, icon: str, tone: str) -> list[Chip]:
    spans = data.get(key) or []
    if not spans:
        return []
    text = label if len(spans) == 1 else f"{label} ({len(spans)})"
    title = "\n".join(span["text"] for span in spans)
    return [_chip(text, tone, icon, [[span["start"], span["end"]] for span in spans], title)]


def _cause(reading: Reading, data: dict[str, Any]) -> list[Chip]:
    """The likeliest cause of a complaint; a person confirms it in the panel."""
    likely = (data.get("cause") or [{}])[0]
    name = CAUSES.get(likely.get("label", ""))
    if name is None or not reading.is_complaint or likely["p"] < LIKELY_CAUSE:
        return []
    spans = _weighed((data.get("evidence") or {}).get("cause"))
    why = _("Likely cause: %(p)d %%") % {"p": round(likely["p"] * 100)}
    return [_chip(_(name), "plain", "sitemap", spans, why)]


def _style(data: dict[str, Any]) -> list[Chip]:
    """How this customer likes to be talked with, where the words say enough."""
    style = data.get("style") or {}
    if style.get("abstain", True):
        return []
    likely = max(STYLES, key=lambda name: style.get(name, 0))
    name, advice = STYLES[likely]
    text = _("%(style)s style") % {"style": _(name)}
    return [_chip(text, "plain", "user-circle", _weighed((data.get("evidence") or {}).get("style")), _(advice))]


def _threats(data: dict[str, Any]) -> list[Chip]:
    spans = [span for found in (data.get("threats") or {}).values() for span in found]
    return _quoted({"threats": spans}, "threats", _("Says they may go further"), "speakerphone", "warn")


def _gap(data: dict[str, Any]) -> list[Chip]:
    gap = data.get("gap") or {}
    if gap.get("score", 0) < 0.5:
        return []
    sides = [side for side in (gap.get("reaction"), gap.get("matter")) if side]
    spans = [[side["start"], side["end"]] for side in sides]
    why = _("The reaction is larger than the matter: ask.")
    return [_chip(_("There may be more behind it"), "info", "books", spans, why)]
