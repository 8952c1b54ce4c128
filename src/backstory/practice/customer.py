"""The simulated customer: what an agent says goes in, what the customer answers and feels comes out. Pure.

Everything follows from the scenario, the seed and the agent's words: the same three give the same conversation. The
mood moves by `rules.move`; facts are told only where an open question reaches them and the mood allows.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from random import Random
from typing import Any, Literal

from backstory.practice import rules
from backstory.practice.hearing import Heard, Question, Signal, hear, mentions
from backstory.practice.rules import EFFECTS, Mood, Step
from backstory.practice.scenarios import Fact, Scenario
from backstory.practice.voice import GrammarVoice, Speech

MOST_TURNS = 14
MOST_FACTS = 2
LONGEST_TOLD = 4000
LONGEST_GRUDGE = 60
JITTER = 3
"""The seed moves the first arousal by at most so many points."""

Ending = Literal["", "settled", "left", "gave_up", "ended_properly", "ended_badly", "out_of_time", "stopped"]
GOOD_ENDINGS = frozenset({"settled", "ended_properly"})


@dataclass(frozen=True)
class State:
    """All that the customer remembers. `told` and `confided` hold ids of facts; `seen` counts signals so far."""

    mood: Mood
    spoken: str
    turn: int = 0
    seen: Mapping[str, int] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    confided: tuple[str, ...] = ()
    grudge: str = ""
    abusive: bool = False
    warned: bool = False
    settled: int = 0  # messages since all was settled and the customer said so
    ending: Ending = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "State":
        values = {**raw, "mood": Mood(**raw["mood"]), "told": tuple(raw["told"]), "confided": tuple(raw["confided"])}
        return cls(**values)


@dataclass(frozen=True)
class Exchange:
    """One message of the agent and what came of it."""

    said: str
    answer: str
    state: State
    signals: tuple[Signal, ...]
    steps: tuple[Step, ...]
    told: tuple[str, ...]
    advice: Mapping[str, Any]
    speech: Speech  # what the answer puts into words


@dataclass(frozen=True)
class _Told:
    """What the customer lets out: facts, or the grammar's line for why not."""

    facts: tuple[Fact, ...] = ()
    line: str = ""


@dataclass(frozen=True)
class _Taken:
    """How one message was taken."""

    signals: tuple[Signal, ...]
    steps: tuple[Step, ...]
    told: _Told


def begin(scenario: Scenario, seed: int) -> State:
    """The customer as they come in, the opening being spoken."""
    random = Random(f"{seed}:{scenario.id}:begin")
    arousal = min(scenario.start.arousal + random.randint(-JITTER, JITTER), rules.LEAVES_AT - 1)
    mood = Mood(max(arousal, 0.0), scenario.start.trust)
    return State(mood, random.choice(scenario.opening), abusive=scenario.behaviour == "abusive")


def answer(scenario: Scenario, state: State, said: str, seed: int) -> Exchange:
    """How the customer takes what the agent says. The state must not have ended."""
    random = Random(f"{seed}:{scenario.id}:{state.turn}")
    confided = tuple(fact for fact in scenario.facts if fact.id in state.confided)
    heard = hear(said, state.spoken, scenario, confided)
    signals = tuple(_in_place(scenario, state, heard))
    moved = rules.move(state.mood, [signal.kind for signal in signals], scenario.style, state.seen)
    told = _let_out(scenario, state, heard, signals, moved.mood)
    after = _after(scenario, state, signals, moved.mood, told)
    speech = _speech(scenario, state, after, _Taken(signals, moved.steps, told))
    words = GrammarVoice().say(speech, random)
    spoken = f"{state.spoken}\n{words}"[-LONGEST_TOLD:]
    advice = heard.advice.to_dict()
    ids = tuple(fact.id for fact in told.facts)
    return Exchange(said, words, replace(after, spoken=spoken), signals, moved.steps, ids, advice, speech)


def stopped(state: State) -> State:
    """The agent has ended the conversation: settled if the customer had said so."""
    return state if state.ending else replace(state, ending="settled" if state.settled else "stopped")


def _in_place(scenario: Scenario, state: State, heard: Heard) -> list[Signal]:
    """The signals as they count in this conversation: what was told before, and whether a limit was due."""
    found = [signal for signal in heard.signals if signal.kind not in ("limit", "warning", "ending")]
    if not set(state.told) & {fact.id for fact in scenario.deep}:
        found = [replace(one, kind="acted") if one.kind == "acted_need" else one for one in found]
    found += _limits(scenario, state, heard)
    again = next((question for question in heard.questions if _is_repeated(question, state, scenario)), None)
    if again:
        found.append(Signal("asked_again", again.text))
    return found


def _limits(scenario: Scenario, state: State, heard: Heard) -> list[Signal]:
    drawn = heard.quote("limit") or heard.quote("warning")
    ended = heard.quote("ending")
    if ended and not (state.warned and scenario.behaviour == "abusive"):
        return [Signal("threatened", ended)]
    if scenario.behaviour == "abusive":
        if ended or drawn:
            return [Signal("ended", ended) if ended else Signal("limit", drawn)]
        return [Signal("no_limit", "")] if state.abusive else []
    return [Signal("limit_unfair", drawn)] if drawn and scenario.behaviour != "intimidating" else []


def _is_repeated(question: Question, state: State, scenario: Scenario) -> bool:
    """An open question for nothing but what was told, and that shows no knowledge of it."""
    known = [fact for fact in question.reaches if fact.id in state.told]
    if not known or len(known) < len(question.reaches) or not question.is_open:
        return False
    return not any(mentions(fact.about, question.text) for fact in known)


def _let_out(scenario: Scenario, state: State, heard: Heard, signals: tuple[Signal, ...], mood: Mood) -> _Told:
    if any(EFFECTS[signal.kind].hard for signal in signals):
        return _Told()
    facts: list[Fact] = []
    line = ""
    for question in heard.questions:
        for fact in question.reaches:
            if fact.id in state.told or fact in facts:
                continue
            if fact.deep and not question.is_open:
                line = "curt"
            elif mood.arousal > fact.below or mood.trust < fact.trust:
                line = "guarded"
            else:
                facts.append(fact)
    return _Told(tuple(facts[:MOST_FACTS]), "" if facts else line)


def _after(scenario: Scenario, state: State, signals: tuple[Signal, ...], mood: Mood, told: _Told) -> State:
    kinds = {signal.kind for signal in signals}
    seen = dict(Counter(state.seen) + Counter(kinds))
    worst = max((one for one in signals if EFFECTS[one.kind].harms), key=_weight, default=None)
    after = replace(
        state,
        mood=mood,
        turn=state.turn + 1,
        seen=seen,
        told=(*state.told, *(fact.id for fact in told.facts)),
        confided=tuple(fact.id for fact in told.facts if fact.deep),
        grudge=_short(worst.quote) if worst and worst.quote else state.grudge,
        abusive=state.abusive and seen.get("limit", 0) < scenario.limits,
        warned=state.warned or "limit" in kinds,
    )
    after = replace(after, settled=state.settled + 1 if _is_settled(after) else 0)
    return replace(after, ending=_ending(after, state, scenario, signals))


def _weight(signal: Signal) -> float:
    return EFFECTS[signal.kind].arousal


def _short(words: str) -> str:
    flat = " ".join(words.split()).rstrip(".!")
    return flat if len(flat) <= LONGEST_GRUDGE else flat[:LONGEST_GRUDGE].rsplit(" ", 1)[0] + " …"


def _is_settled(state: State) -> bool:
    done = all(state.seen.get(kind) for kind in ("acted_need", "acted_cause", "dated"))
    return done and state.mood.arousal <= rules.SETTLES_AT and not state.abusive


def _ending(after: State, before: State, scenario: Scenario, signals: tuple[Signal, ...]) -> Ending:
    if any(one.kind == "ended" for one in signals):
        return "ended_properly"
    if after.seen.get("threatened"):
        return "ended_badly"
    if after.mood.arousal >= rules.LEAVES_AT and after.turn > 1:
        return "left"
    if after.mood.trust <= rules.GIVES_UP_AT and after.turn > 1:
        return "gave_up"
    if after.settled > (1 if after.seen.get("follow_up") else 2):
        return "settled"
    return "out_of_time" if after.turn >= MOST_TURNS else ""


_CLOSING_LINES = {"left": "leaves", "gave_up": "gives_up", "out_of_time": "out_of_time", "ended_badly": "leaves"}


def _speech(scenario: Scenario, before: State, after: State, taken: _Taken) -> Speech:
    harmed = any(EFFECTS[one.kind].harms for one in taken.signals)
    hidden = tuple(fact.says for fact in scenario.facts if fact.id not in after.told)
    speech = Speech(scenario, after.mood, _reaction(taken.steps, harmed), harmed, hidden=hidden)
    if after.ending == "settled":
        return replace(speech, reaction="", line="bye_warm" if "follow_up" in after.seen else "bye")
    if after.ending == "ended_properly":
        return replace(speech, reaction="", line="ended")
    if after.ending:
        return replace(speech, line=_CLOSING_LINES[after.ending])
    if after.settled and not before.settled:
        return replace(speech, closing=scenario.settled)
    trap = _trap_answer(scenario, taken.signals)
    facts = (*trap, *(fact.says for fact in taken.told.facts))
    quote = before.grudge if harmed and before.grudge and not facts else ""
    line = taken.told.line or ("" if facts else _push(after))
    return replace(speech, facts=facts, quote=quote, line=line)


def _reaction(steps: tuple[Step, ...], harmed: bool) -> str:
    """The signal that is spoken to: the worst harm, else what did most good, else what came too early."""
    known = [step for step in steps if step.kind in EFFECTS]
    if harmed:
        return max((one for one in known if EFFECTS[one.kind].harms), key=lambda one: one.arousal).kind
    best = min(known, key=lambda one: one.arousal, default=None)
    if best is None or best.arousal < 0:
        return best.kind if best else ""
    return "premature"


def _trap_answer(scenario: Scenario, signals: tuple[Signal, ...]) -> tuple[str, ...]:
    quote = next((signal.quote for signal in signals if signal.kind == "trap"), "")
    return tuple(trap.says for trap in scenario.traps if quote and mentions(trap.words, quote))[:1]


def _push(state: State) -> str:
    """What the customer asks for next, where they have nothing to tell."""
    if state.mood.band in ("furious", "angry"):
        return "push_hot"
    if not (state.seen.get("acted_need") or state.seen.get("acted_cause")):
        return "push_warm"
    missing = {"nudge_need": "acted_need", "nudge_cause": "acted_cause", "nudge_date": "dated"}
    return next((line for line, kind in missing.items() if not state.seen.get(kind)), "push_warm")
