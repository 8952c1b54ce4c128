"""How a conversation felt: the customer's strain from letter to letter, what we did before it fell or rose, and whether
it had settled in the end. Pure.

Strain is 0 to 1: how strong the feeling is (0 to 3, as in BRIGHTER) times how ill it is (valence -1 to 1, turned to
1 to 0). It is a reading of letters, not of people; thresholds are our own judgement [G]. What stands between two
letters came before the change; whether it caused it nobody knows, and the words say "after", never "because".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from backstory.language.replies import evidence
from backstory.language.replies.draft import letter

Act = Literal[
    "restated", "named_feeling", "asked", "apologised", "offered", "quoted_rule", "argued", "made_wait", "broke_promise"
]
Turn = Literal["fell", "rose", "held", "first"]
Ending = Literal["recovered", "not_recovered", "unknown", "calm"]
TURN = 0.15
"""By how much strain has to change to be told; less is the engine's own noise between two letters of one mood."""
STRAINED = 0.35
"""From here on a letter needs empathy: strong feeling and ill."""
SETTLED = 0.2
LONG_WAIT = timedelta(hours=48)
LONGEST_QUOTE = 160
MOST_WEIGHED = 4_000
HELPFUL: frozenset[Act] = frozenset({"restated", "named_feeling", "asked", "apologised", "offered"})


@dataclass(frozen=True, slots=True)
class Heard:
    """One letter of the customer with its stored reading."""

    message_id: int
    at: datetime
    text: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """One letter of ours."""

    message_id: int
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Deed:
    """Something we did between two letters of the customer; `quote` are our words for it, "" where there are none."""

    act: Act
    quote: str = ""
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One letter on the line. `why` are the words its strain rests on; `deeds` what we did since the letter before."""

    message_id: int
    at: datetime
    strain: float
    emotion: str
    why: str
    turn: Turn
    change: float
    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The whole line and how it ended; `peak` is the most strained letter."""

    points: tuple[Point, ...]
    ending: Ending

    @property
    def peak(self) -> Point | None:
        return max(self.points, key=lambda point: point.strain, default=None)


def strain_of(data: Mapping[str, Any]) -> float | None:
    """0 calm to 1 as strained as can be; None where the engine withholds intensity or valence."""
    intensity, valence = (data.get("intensity") or {}).get("overall"), data.get("valence")
    if intensity is None or valence is None:
        return None
    strength, ill = min(max(float(intensity) / 3, 0.0), 1.0), (1 - min(max(float(valence), -1.0), 1.0)) / 2
    return round(strength * ill, 3)


def trajectory(
    heard: Iterable[Heard], said: Sequence[Said], *, closed: bool, broken: Sequence[datetime] = ()
) -> Trajectory:
    """The line through the letters, oldest first. `broken` are the moments at which promises to them were broken."""
    points: list[Point] = []
    before: Heard | None = None
    for each in sorted(heard, key=lambda one: one.at):
        strain = strain_of(each.data)
        if strain is None:
            continue
        deeds = tuple(_between(before, each, said, broken)) if before else ()
        points.append(_point(each, strain, points[-1] if points else None, deeds))
        before = each
    return Trajectory(tuple(points), _ending(points, said, closed))


def _point(heard: Heard, strain: float, last: Point | None, deeds: tuple[Deed, ...]) -> Point:
    change = round(strain - last.strain, 3) if last else 0.0
    turn: Turn = "first" if last is None else "rose" if change >= TURN else "fell" if change <= -TURN else "held"
    ekman = heard.data.get("ekman") or {}
    emotion = max(ekman, key=lambda name: ekman[name]) if ekman else ""
    return Point(heard.message_id, heard.at, strain, emotion, _why(heard), turn, change, deeds)


def _why(heard: Heard) -> str:
    """The customer's weightiest words for how it feels, as the reading gives its evidence."""
    found = heard.data.get("evidence") or {}
    spans = [span for name in ("intensity", "ekman") for span in found.get(name) or [] if span["weight"] > 0]
    best = max(spans, key=lambda span: span["weight"], default=None)
    return heard.text[best["start"] : best["end"]][:LONGEST_QUOTE] if best else ""


def _between(before: Heard, now: Heard, said: Sequence[Said], broken: Sequence[datetime]) -> Iterator[Deed]:
    answers = [each for each in said if before.at < each.at < now.at]
    for answer in answers:
        yield from _deeds(before.text[:MOST_WEIGHED], answer.text[:MOST_WEIGHED], answer.message_id)
    answered_at = answers[0].at if answers else now.at
    if answered_at - before.at > LONG_WAIT:
        yield Deed("made_wait")
    if any(before.at < moment < now.at for moment in broken):
        yield Deed("broke_promise")


# Letters never change, and a page asks for the same ones each time something happens in their conversation.
@lru_cache(maxsize=2048)
def _deeds(asked: str, reply: str, message_id: int) -> tuple[Deed, ...]:
    found: list[tuple[Act, str | None]] = [
        ("restated", evidence.restates(asked, reply)),
        ("named_feeling", evidence.names_emotion(reply)),
        ("asked", next(iter(evidence.open_questions(reply)), None)),
        ("apologised", _first(reply, "apology")),
        ("offered", _first(reply, "option")),
        ("quoted_rule", evidence.quotes_rule(reply)),
        ("argued", evidence.rebuts(reply)),
    ]
    return tuple(Deed(act, quote.strip()[:LONGEST_QUOTE], message_id) for act, quote in found if quote)


def _first(reply: str, name: str) -> str | None:
    match = letter(reply).first(name)
    return match.group() if match else None


def _ending(points: Sequence[Point], said: Sequence[Said], closed: bool) -> Ending:
    """Whether it settled: by the last letter, where there was strain at all. Silence after our answer tells nothing."""
    if not points:
        return "unknown"
    if max(point.strain for point in points) < STRAINED:
        return "calm"
    last = points[-1]
    if last.strain <= SETTLED:
        return "recovered"
    silent = any(each.at > last.at for each in said)
    return "unknown" if silent and not closed else "not_recovered"


def needed_empathy(point: Point) -> bool:
    """Whether a letter is one that an answer has to meet with empathy before anything else."""
    return point.strain >= STRAINED
