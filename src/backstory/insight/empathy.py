"""Where empathy was needed, shown and missed, and whether people had settled in the end: of teams, never of one agent.

A letter needs empathy from a certain strain on (`cases.trajectory`); it was shown if the first answer by a person names
a feeling, says the matter back or is warm (reaction or interpretation of at least 1, Sharma et al. 2020, as stored when
the answer was read). What was missed comes with real examples, to talk about and never to count against somebody.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from backstory.cases.models import Reading, ReplyReading
from backstory.cases.trajectory import SETTLED, STRAINED
from backstory.conversations.models import Conversation, Message
from backstory.insight.queries import scope, within
from backstory.insight.rules import Period
from backstory.measures.intervals import Share
from backstory.people.models import User

EXAMPLES = 3
EXCERPT = 240


@dataclass(frozen=True)
class Example:
    """A strained letter and the answer that did not meet it."""

    conversation_id: int
    message_id: int
    customer: str
    letter: str
    answer: str
    strain: float
    rose: bool


@dataclass(frozen=True)
class Met:
    """One strained letter with its first answer by a person."""

    team: str
    shown: bool
    example: Example


@dataclass(frozen=True)
class TeamEmpathy:
    """Of the strained letters that were answered, those met with empathy; of strained conversations that are closed,
    those whose last letter had settled."""

    name: str
    shown: Share
    recovered: Share


@dataclass(frozen=True)
class Empathy:
    """The section of the insight page."""

    shown: Share
    recovered: Share
    teams: list[TeamEmpathy] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)


@dataclass(frozen=True)
class _Letter:
    conversation_id: int
    message_id: int
    at: datetime
    strain: float


def empathy(viewer: User, period: Period) -> Empathy:
    """Of conversations in which a customer wrote in the period. Reads stored figures only: nothing is read anew."""
    letters = _letters(viewer, period)
    by_conversation = {key: list(rows) for key, rows in groupby(letters, key=lambda each: each.conversation_id)}
    strained = {pk: rows for pk, rows in by_conversation.items() if max(row.strain for row in rows) >= STRAINED}
    teams = dict(Conversation.objects.filter(pk__in=strained).values_list("pk", "team__name"))
    closed = frozenset(
        Conversation.objects.filter(pk__in=strained, state=Conversation.State.CLOSED).values_list("pk", flat=True)
    )
    met = list(_met(strained, teams))
    settled = {pk: rows[-1].strain <= SETTLED for pk, rows in strained.items() if pk in closed}
    names = sorted(set(teams.values()))
    return Empathy(
        shown=_share(each.shown for each in met),
        recovered=_share(settled.values()),
        teams=[
            TeamEmpathy(
                name,
                _share(each.shown for each in met if each.team == name),
                _share(done for pk, done in settled.items() if teams[pk] == name),
            )
            for name in names
        ],
        examples=_worst(each.example for each in met if not each.shown),
    )


def _share(told: Iterable[bool]) -> Share:
    values = list(told)
    return Share(sum(values), len(values))


def _worst(examples: Iterable[Example]) -> list[Example]:
    """Those after which strain rose first, then the most strained."""
    return sorted(examples, key=lambda each: (not each.rose, -each.strain, each.message_id))[:EXAMPLES]


def _letters(viewer: User, period: Period) -> list[_Letter]:
    rows = Reading.objects.filter(scope(viewer) & within("message__created_at", period), strain__isnull=False)
    rows = rows.order_by("conversation_id", "message__created_at", "message_id")
    fields = rows.values_list("conversation_id", "message_id", "message__created_at", "strain")
    return [_Letter(pk, message, at, strain or 0.0) for pk, message, at, strain in fields]


def _met(strained: dict[int, list[_Letter]], teams: dict[int, str]) -> Iterator[Met]:
    answers = _answers(strained)
    texts = _excerpts(strained, answers)
    empathies = dict(
        ReplyReading.objects.filter(message__conversation_id__in=strained).values_list("message_id", "data")
    )
    for pk, letters in strained.items():
        for place, letter in enumerate(letters):
            answer = next((found for found, at in answers.get(pk, []) if at > letter.at), None)
            if letter.strain < STRAINED or answer is None or answer not in empathies:
                continue
            reply = (empathies[answer].get("reply") or {}) if empathies[answer] else {}
            after = next((each for each in letters[place + 1 :]), None)
            rose = after is not None and after.strain > letter.strain
            customer, text = texts[letter.message_id]
            example = Example(pk, letter.message_id, customer, text, texts[answer][1], letter.strain, rose)
            yield Met(teams[pk], max(reply.get("reaction", 0), reply.get("interpretation", 0)) > 0, example)


def _answers(strained: Iterable[int]) -> dict[int, list[tuple[int, datetime]]]:
    """conversation -> (id, moment) of what people of ours wrote there, oldest first."""
    rows = Message.objects.filter(
        conversation_id__in=list(strained), direction=Message.Direction.OUT, author__isnull=False
    ).order_by("conversation_id", "created_at", "id")
    found: dict[int, list[tuple[int, datetime]]] = {}
    for conversation_id, pk, at in rows.values_list("conversation_id", "pk", "created_at"):
        found.setdefault(conversation_id, []).append((pk, at))
    return found


def _excerpts(
    strained: dict[int, list[_Letter]], answers: dict[int, list[tuple[int, datetime]]]
) -> dict[int, tuple[str, str]]:
    """message id -> the customer's name and the beginning of what was written."""
    wanted = {each.message_id for letters in strained.values() for each in letters}
    wanted |= {pk for rows in answers.values() for pk, _ in rows}
    rows = Message.objects.filter(pk__in=wanted).values_list("pk", "conversation__customer__name", "text")
    return {pk: (name, text[:EXCERPT]) for pk, name, text in rows}
