"""What a finished role-play teaches: the mood's curve, where it turned and on which words, what was missed. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backstory.practice.customer import GOOD_ENDINGS, Ending
from backstory.practice.rules import EFFECTS, Mood
from backstory.practice.scenarios import Fact, Scenario

TURNING = 8.0
"""From so many points of arousal in one message on, a message is a turning point."""
MOST_LINES = 5
HARMS_OF_CONNECT = frozenset(
    {"rule", "rebuttal", "blame", "insult", "invalidated", "talked_down", "trap", "non_apology"}
)


@dataclass(frozen=True)
class Played:
    """One message as it was kept: what was said, how it was taken, the mood after it."""

    said: str
    answer: str
    mood: Mood
    signals: tuple[Mapping[str, str], ...]  # kind, quote
    steps: tuple[Mapping[str, Any], ...]  # kind, arousal, trust, note
    told: tuple[str, ...]
    rewrites: tuple[Mapping[str, str], ...] = ()  # quote, rewrite: the coach's own wordings


@dataclass(frozen=True)
class TurningPoint:
    """A message that moved the mood: its number from 1, by how much, and the words with what they did."""

    number: int
    change: float
    causes: tuple[tuple[str, str, float], ...]  # what it was, the words, points of arousal


@dataclass(frozen=True)
class Missed:
    """Something that stayed unsaid or undone, and words that would have done it."""

    what: str
    line: str


@dataclass(frozen=True)
class Better:
    """Words that heated, why (with the source), and what could stand there instead."""

    number: int
    quote: str
    why: str
    source: str
    line: str


@dataclass(frozen=True)
class Item:
    """One piece of evidence for a step of CARE, with the words that show it ("" where there is none to quote)."""

    name: str
    shown: bool
    quote: str = ""


@dataclass(frozen=True)
class CareStep:
    """A step of CARE: the share of its evidence that was shown, in whole percent."""

    name: str
    items: tuple[Item, ...]

    @property
    def percent(self) -> int:
        return round(100 * sum(item.shown for item in self.items) / len(self.items))


@dataclass(frozen=True)
class Debrief:
    """All that is told after a session. `curve` holds the mood at the start and after every message."""

    curve: tuple[Mood, ...]
    turning_points: tuple[TurningPoint, ...]
    missed: tuple[Missed, ...]
    better: tuple[Better, ...]
    care: tuple[CareStep, ...]
    score: int  # 0 to 100, the mean of the four steps of CARE
    ending: Ending


def debrief(scenario: Scenario, start: Mood, played: Sequence[Played], ending: Ending) -> Debrief:
    """What the session teaches; for one without any message everything was missed."""
    steps = care(scenario, start, played, ending)
    return Debrief(
        curve=(start, *(one.mood for one in played)),
        turning_points=tuple(_turning_points(start, played)),
        missed=tuple(_missed(scenario, played, ending)),
        better=tuple(_better(scenario, played))[:MOST_LINES],
        care=steps,
        score=round(sum(step.percent for step in steps) / len(steps)),
        ending=ending,
    )


@dataclass(frozen=True)
class _Evidence:
    """The first words in the session for each signal."""

    quotes: Mapping[str, str]

    def item(self, name: str, kind: str) -> Item:
        return Item(name, kind in self.quotes, self.quotes.get(kind, ""))


def care(scenario: Scenario, start: Mood, played: Sequence[Played], ending: Ending) -> tuple[CareStep, ...]:
    """The evidence for each step, read off what happened and never ticked (`cases/rules.py` has the desk's own)."""
    quotes: dict[str, str] = {}
    for signal in (signal for one in played for signal in one.signals):
        quotes.setdefault(signal["kind"], signal["quote"])
    found = _Evidence(quotes)
    told = {fact for one in played for fact in one.told}
    return (
        CareStep("connect", tuple(_connected(scenario, found, bool(played)))),
        CareStep("ask", tuple(_asked(scenario, found, told, ending))),
        CareStep("resolve", tuple(_resolved(found, ending))),
        CareStep("ensure", tuple(_ensured(found, start, played, ending))),
    )


def _connected(scenario: Scenario, found: _Evidence, spoke: bool) -> Iterator[Item]:
    yield found.item("The problem told back in their words", "heard")
    yield found.item("The feeling named", "validated")
    harm = next((kind for kind in found.quotes if kind in HARMS_OF_CONNECT), None)
    yield Item("No rule, no blame, no argument", spoke and harm is None, found.quotes[harm] if harm else "")
    if scenario.behaviour == "abusive":
        yield found.item("A limit set before going on", "limit")


def _asked(scenario: Scenario, found: _Evidence, told: set[str], ending: Ending) -> Iterator[Item]:
    yield found.item("An open question asked", "asked")
    if ending == "ended_properly":  # not every contact can be saved: nobody is marked down for what stayed unsaid
        return
    yield Item("What lay behind it was told", all(fact.id in told for fact in scenario.deep))
    yield found.item("What was confided was taken up", "took_up")


def _resolved(found: _Evidence, ending: Ending) -> Iterator[Item]:
    if ending == "ended_properly":
        yield found.item("The contact was ended after a warning", "ended")
        return
    yield found.item("A step for the person's need", "acted_need")
    yield found.item("A step for the cause", "acted_cause")
    yield found.item("A day or an hour named", "dated")


def _ensured(found: _Evidence, start: Mood, played: Sequence[Played], ending: Ending) -> Iterator[Item]:
    last = played[-1].mood if played else start
    yield found.item("A way back, or a promise to check", "follow_up")
    yield Item("Left calmer than they came", last.arousal < start.arousal - TURNING)
    yield Item("Ended well", ending in GOOD_ENDINGS)


def _turning_points(start: Mood, played: Sequence[Played]) -> Iterator[TurningPoint]:
    before = start
    for number, one in enumerate(played, start=1):
        change = round(one.mood.arousal - before.arousal, 1)
        if abs(change) >= TURNING:
            yield TurningPoint(number, change, tuple(_causes(one, change)))
        before = one.mood


def _causes(one: Played, change: float) -> Iterator[tuple[str, str, float]]:
    quotes = {signal["kind"]: signal["quote"] for signal in one.signals}
    steps = [step for step in one.steps if step["arousal"] * change > 0 and step["kind"] in EFFECTS]
    for step in sorted(steps, key=lambda step: -abs(step["arousal"]))[:3]:
        yield EFFECTS[step["kind"]].title, quotes.get(step["kind"], ""), step["arousal"]


def _missed(scenario: Scenario, played: Sequence[Played], ending: Ending) -> Iterator[Missed]:
    told = {fact for one in played for fact in one.told}
    seen = {signal["kind"] for one in played for signal in one.signals}
    if scenario.behaviour == "abusive" and "limit" not in seen:
        yield Missed("No limit was set while the insults went on.", scenario.good[0])
    for fact in _first_deep(scenario):
        if fact.id not in told and ending != "ended_properly":
            yield Missed(fact.says, fact.question)
    if "acted_need" not in seen and ending != "ended_properly":
        yield Missed("Nothing was done for the person's need.", scenario.serve_need.line)
    if "acted_cause" not in seen and ending != "ended_properly":
        yield Missed("Nothing was done about the cause.", scenario.serve_cause.line)
    if "follow_up" not in seen:
        yield Missed("No way back was left, and no check promised.", scenario.good[-1])


def _first_deep(scenario: Scenario) -> list[Fact]:
    return sorted(scenario.facts, key=lambda fact: not fact.deep)


def _better(scenario: Scenario, played: Sequence[Played]) -> Iterator[Better]:
    """For each harmful stretch the coach's rewrite where there is one, else the line of the good play at that place."""
    for number, one in enumerate(played, start=1):
        rewrites = {row["quote"].strip(): row["rewrite"] for row in one.rewrites if row["rewrite"]}
        offered: set[str] = set()
        for signal in sorted(one.signals, key=lambda signal: -EFFECTS[signal["kind"]].arousal):
            effect = EFFECTS[signal["kind"]]
            line = rewrites.get(signal["quote"]) or scenario.good[min(number, len(scenario.good)) - 1]
            if effect.harms and signal["quote"] and line not in offered:
                offered.add(line)
                yield Better(number, signal["quote"], effect.title, effect.source, line)
