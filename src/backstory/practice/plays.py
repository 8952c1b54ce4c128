"""Plays a scenario's own good and bad lines: the proof that good handling calms there and bad does not. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from backstory.practice import customer
from backstory.practice.customer import GOOD_ENDINGS, Exchange, State
from backstory.practice.debrief import Debrief, Played, debrief
from backstory.practice.scenarios import Problem, Scenario, ScenarioProblems, line_of, parse

SEEDS = (1, 2)
LEAST_CALMING = 25.0
GOOD_SCORE, BAD_SCORE = 75, 40


@dataclass(frozen=True)
class Play:
    """A whole conversation and what it teaches."""

    start: State
    exchanges: tuple[Exchange, ...]
    end: State
    debrief: Debrief


def play(scenario: Scenario, lines: Sequence[str], seed: int = 1) -> Play:
    """The agent says the lines one by one until the customer ends it."""
    start = state = customer.begin(scenario, seed)
    exchanges: list[Exchange] = []
    for line in lines:
        if state.ending:
            break
        exchanges.append(customer.answer(scenario, state, line, seed))
        state = exchanges[-1].state
    end = customer.stopped(state)
    taught = debrief(scenario, start.mood, [played(one) for one in exchanges], end.ending)
    return Play(start, tuple(exchanges), end, taught)


def played(exchange: Exchange) -> Played:
    """An exchange as it is kept, in plain JSON types but for the mood."""
    return Played(
        said=exchange.said,
        answer=exchange.answer,
        mood=exchange.state.mood,
        signals=tuple({"kind": one.kind, "quote": one.quote} for one in exchange.signals),
        steps=tuple(
            {"kind": one.kind, "arousal": one.arousal, "trust": one.trust, "note": one.note} for one in exchange.steps
        ),
        told=exchange.told,
        rewrites=tuple(_rewrites(exchange)),
    )


def _rewrites(exchange: Exchange) -> Iterator[dict[str, Any]]:
    for finding in exchange.advice["findings"]:
        if finding["rewrite"] and finding["quote"]:
            yield {"quote": finding["quote"], "rewrite": finding["rewrite"]}


def doubts(scenario: Scenario) -> list[tuple[str, str]]:
    """What speaks against a scenario: (`good` or `bad`, what is wrong with that play) for every seed tried."""
    found: list[tuple[str, str]] = []
    for seed in SEEDS:
        found += [("good", text) for text in _good_doubts(scenario, play(scenario, scenario.good, seed))]
        found += [("bad", text) for text in _bad_doubts(play(scenario, scenario.bad, seed))]
    return list(dict.fromkeys(found))


def _good_doubts(scenario: Scenario, good: Play) -> Iterator[str]:
    fell = good.start.mood.arousal - good.end.mood.arousal
    ended = good.end.ending
    if fell < LEAST_CALMING:
        yield f"the good play should calm by {LEAST_CALMING:.0f} points or more; it moves by {-fell:+.0f}"
    if ended not in GOOD_ENDINGS:
        yield f"the good play should end well (settled, or ended properly); it ends “{ended}”"
    untold = [fact.id for fact in scenario.deep if fact.id not in good.end.told]
    if untold and ended != "ended_properly":
        yield f"the good play never finds out: {', '.join(untold)}"
    if good.debrief.score < GOOD_SCORE:
        yield f"the good play should score {GOOD_SCORE} or more; it scores {good.debrief.score}"


def _bad_doubts(bad: Play) -> Iterator[str]:
    if bad.end.mood.arousal <= bad.start.mood.arousal:
        yield "the bad play should leave the customer more heated than they came"
    if bad.end.mood.trust >= bad.start.mood.trust:
        yield "the bad play should cost trust"
    if bad.end.ending in GOOD_ENDINGS:
        yield "the bad play should not end well"
    if bad.debrief.score > BAD_SCORE:
        yield f"the bad play should score {BAD_SCORE} or less; it scores {bad.debrief.score}"


def proven(source: str) -> Scenario:
    """The scenario of a YAML text whose own plays prove it; raises ScenarioProblems with the lines to mend."""
    scenario = parse(source)
    found = [Problem(line=line_of(source, field), message=f"{field}: {doubt}") for field, doubt in doubts(scenario)]
    if found:
        raise ScenarioProblems(found)
    return scenario
