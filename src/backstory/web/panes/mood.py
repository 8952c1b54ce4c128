"""The small line beside the messages: how strained the customer's letters were, and what we did before that changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backstory.cases.models import Promise, Reading
from backstory.cases.trajectory import Heard, Point, Said, Trajectory, trajectory
from backstory.conversations.models import Conversation, Message

WIDTH, HEIGHT, MARGIN = 240, 56, 6
FEWEST = 2
"""One letter is a mood, not a course."""
ENDINGS = {
    "recovered": (gettext_noop("Settled by their last letter"), "good"),
    "not_recovered": (gettext_noop("Not settled by their last letter"), "bad"),
    "unknown": (gettext_noop("They have not written since our answer"), "plain"),
    "calm": (gettext_noop("Calm throughout"), "good"),
}
DEEDS = {
    "restated": gettext_noop("said the problem back"),
    "named_feeling": gettext_noop("named the feeling"),
    "asked": gettext_noop("asked an open question"),
    "apologised": gettext_noop("apologised"),
    "offered": gettext_noop("offered a choice"),
    "quoted_rule": gettext_noop("quoted a rule"),
    "argued": gettext_noop("argued"),
    "made_wait": gettext_noop("let them wait for more than two days"),
    "broke_promise": gettext_noop("broke a promise"),
}
TURNS = {
    "first": gettext_noop("Their first letter"),
    "fell": gettext_noop("Calmer, after we"),
    "rose": gettext_noop("More strained, after we"),
    "held": gettext_noop("Much as before, after we"),
}
BARE = {
    "fell": gettext_noop("Calmer"),
    "rose": gettext_noop("More strained"),
    "held": gettext_noop("Much as before"),
}


@dataclass(frozen=True)
class Mark:
    """One letter: its place in the picture, and in words what is seen there."""

    message_id: int
    at: datetime
    x: float
    y: float
    strain: float
    tone: str
    text: str
    why: str


@dataclass(frozen=True)
class Mood:
    """The picture: marks from left to right, the line through them, and how it ended."""

    marks: list[Mark]
    line: str
    ending: str
    tone: str
    width: int = WIDTH
    height: int = HEIGHT


def mood(
    conversation: Conversation, messages: Iterable[Message], readings: dict[int, Reading], promises: Iterable[Promise]
) -> Mood | None:
    """None while there are fewer than two letters that could be read."""
    messages = list(messages)
    heard = [
        Heard(each.pk, each.created_at, each.text, readings[each.pk].data)
        for each in messages
        if each.direction == Message.Direction.IN and each.pk in readings
    ]
    said = [
        Said(each.pk, each.created_at, each.text)
        for each in messages
        if each.direction == Message.Direction.OUT and each.author_id
    ]
    broken = [each.decided_at for each in promises if each.state == Promise.State.BROKEN and each.decided_at]
    found = trajectory(heard, said, closed=conversation.state == Conversation.State.CLOSED, broken=broken)
    return drawn(found) if len(found.points) >= FEWEST else None


def drawn(found: Trajectory) -> Mood:
    step = (WIDTH - 2 * MARGIN) / (len(found.points) - 1)
    marks = [_mark(point, MARGIN + place * step) for place, point in enumerate(found.points)]
    text, tone = ENDINGS[found.ending]
    return Mood(marks, " ".join(f"{mark.x},{mark.y}" for mark in marks), _(text), tone)


def _mark(point: Point, x: float) -> Mark:
    y = MARGIN + (1 - point.strain) * (HEIGHT - 2 * MARGIN)
    tone = {"fell": "good", "rose": "bad"}.get(point.turn, "plain")
    return Mark(point.message_id, point.at, round(x, 1), round(y, 1), point.strain, tone, _told(point), point.why)


def _told(point: Point) -> str:
    deeds = [_(DEEDS[deed.act]) for deed in point.deeds]
    if point.turn == "first" or not deeds:
        return _(BARE.get(point.turn, TURNS["first"]))
    unique = list(dict.fromkeys(deeds))
    listed = (
        unique[0]
        if len(unique) == 1
        else _("%(some)s and %(last)s")
        % {
            "some": ", ".join(unique[:-1]),
            "last": unique[-1],
        }
    )
    return f"{_(TURNS[point.turn])} {listed}"
