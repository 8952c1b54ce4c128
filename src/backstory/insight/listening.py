"""How well we listened: who had to tell it twice, and which questions opened people up. Scoped as all of insight."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from backstory.cases.models import QuestionAsked, Retelling
from backstory.coach.questions import text_of
from backstory.conversations.models import Channel, Conversation, Message
from backstory.insight.queries import scope, within
from backstory.insight.rules import Period
from backstory.measures.intervals import Share
from backstory.people.models import User

NEWEST = 20


@dataclass(frozen=True)
class ToldAgainRow:
    """One team or channel: of its conversations in which customers wrote, those in which the story was told again."""

    name: str
    share: Share


@dataclass(frozen=True)
class Repeat:
    """One retelling, to look at it."""

    conversation_id: int
    customer: str
    subject: str
    ground: str


@dataclass(frozen=True)
class QuestionRow:
    """One question of ours: of those that were answered, how many opened up."""

    text: str
    asked: int
    opened: Share


@dataclass(frozen=True)
class Listening:
    """The section of the insight page."""

    told_again: Share
    teams: list[ToldAgainRow]
    channels: list[ToldAgainRow]
    newest: list[Repeat]
    questions: list[QuestionRow]


def listening(viewer: User, period: Period) -> Listening:
    """Counts conversations, not letters: who repeats the story three times in one had one bad experience with us."""
    rows = list(_conversations(viewer, period))
    return Listening(
        told_again=_share(rows),
        teams=_by(rows, 1),
        channels=_by(rows, 2),
        newest=newest(viewer, period),
        questions=questions(viewer, period),
    )


def _conversations(viewer: User, period: Period) -> Iterable[tuple[int, str, str, bool]]:
    """(id, team, channel, told again) of the conversations in which a customer wrote in the period."""
    wrote = Message.objects.filter(scope(viewer) & within("created_at", period), direction=Message.Direction.IN)
    repeated = frozenset(_retellings(viewer, period).values_list("conversation_id", flat=True))
    rows = Conversation.objects.filter(pk__in=wrote.order_by().values("conversation_id"))
    for pk, team, channel in rows.order_by().values_list("pk", "team__name", "channel"):
        yield pk, team, str(Channel(channel).label), pk in repeated


def _retellings(viewer: User, period: Period) -> QuerySet[Retelling]:
    return Retelling.objects.filter(scope(viewer) & within("message__created_at", period), denied_at=None)


def _share(rows: Iterable[tuple[int, str, str, bool]]) -> Share:
    told = [row[3] for row in rows]
    return Share(sum(told), len(told))


def _by(rows: list[tuple[int, str, str, bool]], column: int) -> list[ToldAgainRow]:
    names = sorted({str(row[column]) for row in rows})
    found = [ToldAgainRow(name, _share(row for row in rows if row[column] == name)) for name in names]
    return sorted(found, key=lambda row: -(row.share.value or 0))


def newest(viewer: User, period: Period) -> list[Repeat]:
    rows = (
        _retellings(viewer, period).select_related("conversation__customer").order_by("-message__created_at")[:NEWEST]
    )
    return [
        Repeat(row.conversation_id, row.conversation.customer.name, row.conversation.subject, row.get_ground_display())
        for row in rows[:NEWEST]
    ]


def questions(viewer: User, period: Period) -> list[QuestionRow]:
    """Our questions as they were asked in the period, those that opened up most surely first."""
    asked = QuestionAsked.objects.filter(scope(viewer) & within("message__created_at", period)).exclude(key="")
    counts = (
        asked.order_by()
        .values_list("key")
        .annotate(
            asked=Count("pk"),
            answered=Count("pk", filter=Q(opened__isnull=False)),
            opened=Count("pk", filter=Q(opened=True)),
        )
    )
    rows = [QuestionRow(text_of(key, "en"), total, Share(opened, answered)) for key, total, answered, opened in counts]
    return sorted(rows, key=lambda row: (-(row.opened.interval or (0.0, 0.0))[0], row.text))
