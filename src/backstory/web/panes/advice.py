"""The coach's advice on a draft, held against what the customer said since our last reply."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from backstory import coach
from backstory.cases import queries as cases
from backstory.cases.models import Complaint, Reading
from backstory.coach.advice import Advice, Context
from backstory.coach.questions import Question, suggest
from backstory.conversations import queries as conversations
from backstory.conversations.models import Conversation, Message
from backstory.people.models import User


@dataclass(frozen=True)
class StoredReading:
    """A stored reading in the shape the coach looks at; its offsets hold for the one message it is of."""

    asks: list[Any] | None
    harms: list[Any] | None
    intensity: Any
    severity: Any


def _stored(reading: Reading) -> StoredReading:
    data = reading.data
    return StoredReading(
        asks=[SimpleNamespace(**span) for span in data.get("asks") or []],
        harms=[SimpleNamespace(**span) for span in data.get("harms") or []],
        intensity=SimpleNamespace(**data["intensity"]) if data.get("intensity") else None,
        severity=SimpleNamespace(**data["severity"]) if data.get("severity") else None,
    )


def _is_of(reading: Reading, text: str, messages: list[Message]) -> bool:
    """Whether the offsets of a reading fit the text: they do when it is that one message."""
    return any(each.pk == reading.message_id and each.text == text for each in messages)


def _style(reading: Reading | None) -> str | None:
    style = (reading.data.get("style") or {}) if reading else {}
    if not style or style.get("abstain", True):
        return None
    return max(("driver", "expressive", "analytic", "amiable"), key=lambda name: style.get(name, 0))


LONGEST_LOOKED_AT = 8000
"""How many of the customer's latest characters questions are chosen by."""
LEVELS = ("blocker", "warning", "advice", "info")


def shown(found: Advice) -> dict[str, Any]:
    """The advice as the margin shows it: the gravest finding first, then the points that were missed."""
    plain = found.to_dict()
    plain["findings"].sort(key=lambda finding: (LEVELS.index(finding["level"]), finding["start"]))
    plain["points"].sort(key=lambda point: ("missed", "acknowledged", "answered").index(point["status"]))
    return plain


KNOWN_BY = {
    "stated_problem": "what_happened",
    "backstory": "stake",
    "affected": "affected",
    "matters_by": "by_when",
    "make_right": "make_right",
}
"""Which question each field of a backstory has answered."""


def questions(
    conversation: Conversation, messages: list[Message], readings: dict[int, Reading], complaint: Complaint | None
) -> list[Question]:
    """Open questions that fit what this customer has said, in their language, for their style and channel; what is
    recorded already is not asked again."""
    said = [message for message in messages if message.direction == Message.Direction.IN]
    latest = next((readings[message.pk] for message in reversed(said) if message.pk in readings), None)
    text = "\n\n".join(message.text for message in said)
    style = _style(latest)
    recorded = cases.recorded_fields(complaint) if complaint else frozenset()
    return suggest(
        text[-LONGEST_LOOKED_AT:],
        conversation.customer.language or "en",
        style,
        [KNOWN_BY[name] for name in recorded if name in KNOWN_BY],
        channel=conversation.channel,
        records=cases.question_records(),
    )


def advice(viewer: User, pk: int, draft: str) -> Advice:
    """What the coach says to this draft. Reads only; NotFound for a conversation the viewer may not see."""
    conversation = conversations.get_conversation(viewer, pk)
    messages = conversations.thread(conversation)
    text = conversations.unanswered_text(messages)
    readings = cases.readings_for(pk)
    latest = next((readings[each.pk] for each in reversed(messages) if each.pk in readings), None)
    fits = latest is not None and _is_of(latest, text, messages)
    wishes = conversations.coaching_wishes(viewer, conversation)
    context = Context(
        message=text,
        reading=_stored(latest) if latest and fits else None,
        channel=conversation.channel,
        style=_style(latest),
        dismissed=wishes.dismissed,
        adjusted=wishes.adjusted,
        regime=wishes.regime,
    )
    return coach.check(draft, context)
