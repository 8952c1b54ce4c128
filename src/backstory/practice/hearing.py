"""What a simulated customer hears in an agent's words: signals with the words they rest on. Pure.

Harm is the coach's findings; understanding, asking and acting are told by the same words that the coach and the promise
ledger go by. `data/words/<language>.yaml` adds what only role-play asks: which question, a limit, a way back.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from backstory import coach
from backstory.coach.advice import Advice, Context
from backstory.kernel.calendars import BusinessHours
from backstory.language import promises
from backstory.language.replies import evidence, letter, lexicon
from backstory.language.replies.draft import Letter, Sentence
from backstory.language.text import fold
from backstory.practice.scenarios import Fact, Scenario

WORDS = Path(__file__).parent / "data" / "words"
# Only whether a promise is dated matters, not when it falls due: any moment will do.
_ANY_MOMENT, _ANY_HOURS = datetime(2026, 1, 6, 9, tzinfo=UTC), BusinessHours()

FROM_COACH = {
    "blame": "blame",
    "insult": "insult",
    "rebuttal": "rebuttal",
    "invalidation": "invalidated",
    "calm_down": "talked_down",
    "rule_quoted": "rule",
    "cannot_be_done": "refused",
    "non_apology": "non_apology",
    "banned_phrase": "banned",
    "asks_again": "asked_again",
    "rushing": "rushed",
    "vague_time": "vague",
    "no_owner": "nobody",
    "dictatorial_tone": "ordered",
    "questions_data": "doubted",
    "survey_before_fix": "survey",
    "shouting": "shouted",
    "emotional_reply": "gushed",
    "no_clear_stand": "hedged",
}
"""What the coach's findings are to a customer; its other advice is about letters and moves nobody in a conversation."""
SPOKEN_CHECKS = frozenset({*FROM_COACH, "acknowledge_first"})
"""What the coach says about a letter as a whole (every point answered, a warm close) does not fit one line of talk."""


@dataclass(frozen=True)
class Signal:
    """One thing the customer reacts to, and the agent's words it rests on ("" where something is missing)."""

    kind: str
    quote: str


@dataclass(frozen=True)
class Question:
    """A question of the agent: whether it leaves room, and the facts of the story that it reaches."""

    text: str
    is_open: bool
    reaches: tuple[Fact, ...]


@dataclass(frozen=True)
class Heard:
    """All that the customer hears in one message."""

    signals: tuple[Signal, ...]
    questions: tuple[Question, ...]
    advice: Advice

    @cached_property
    def kinds(self) -> frozenset[str]:
        return frozenset(signal.kind for signal in self.signals)

    def quote(self, kind: str) -> str:
        return next((signal.quote for signal in self.signals if signal.kind == kind), "")


@cache
def words(language: str) -> dict[str, Any]:
    """The word patterns of a language, compiled: `intents` by name, the others by their own."""
    raw = yaml.safe_load((WORDS / f"{language}.yaml").read_text(encoding="utf-8"))
    intents = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in raw.pop("intents").items()}
    return {"intents": intents, **{name: re.compile(pattern, re.IGNORECASE) for name, pattern in raw.items()}}


@cache
def mention(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Finds any of the phrases in folded text; each matches from the start of a word on (“famil” finds “family”)."""
    return re.compile("|".join(rf"\b{re.escape(fold(one))}" for one in phrases))


def mentions(phrases: Iterable[str], text: str) -> bool:
    return bool(mention(tuple(phrases)).search(fold(lexicon.straight(text))))


def advise(said: str, told: str, style: str, language: str) -> Advice:
    """The coach on one line of talk."""
    advice = coach.check(said, Context(message=told, channel="chat", style=style, language=language))
    return replace(advice, findings=tuple(one for one in advice.findings if one.id in SPOKEN_CHECKS))


def hear(said: str, told: str, scenario: Scenario, confided: tuple[Fact, ...] = ()) -> Heard:
    """What the customer hears in `said`, an answer to `told`; `confided` is what they have just opened up about."""
    advice = advise(said, told, scenario.style, scenario.language)
    ear = _Ear(letter(said, scenario.language), told, scenario, advice)
    signals = [*ear.harms(), *ear.warmth(), *ear.work(), *ear.limits()]
    signals += ear.took_up(confided, acted=any(one.kind == "acted_need" for one in signals))
    questions = tuple(ear.questions())
    if any(question.is_open for question in questions):
        signals.append(Signal("asked", next(one.text for one in questions if one.is_open)))
    if not signals and not questions:
        signals.append(Signal("said_nothing", said.strip()[:200]))
    return Heard(tuple(_once(signals)), questions, advice)


def _once(signals: list[Signal]) -> Iterator[Signal]:
    seen: set[str] = set()
    for signal in signals:
        if signal.kind not in seen:
            seen.add(signal.kind)
            yield signal


@dataclass(frozen=True)
class _Ear:
    draft: Letter
    told: str
    scenario: Scenario
    advice: Advice

    @cached_property
    def _known(self) -> dict[str, Any]:
        return words(self.scenario.language)

    def _has(self, name: str, sentence: Sentence) -> bool:
        return lexicon.has(name, self.scenario.language, sentence.text)

    @cached_property
    def _harmed(self) -> frozenset[int]:
        """Where the sentences begin that hold a harm: nothing warm is heard in those."""
        places = [one.start for one in self.advice.findings if one.id in FROM_COACH and one.end > one.start]
        spoiled = {s.start for s in self.draft.sentences for place in places if s.start <= place < s.end}
        return frozenset(spoiled | {one.start for one in self.draft.sentences if self._trap(one)})

    @cached_property
    def _clean(self) -> tuple[Sentence, ...]:
        return tuple(one for one in self.draft.sentences if one.start not in self._harmed)

    def _trap(self, sentence: Sentence) -> bool:
        return any(mentions(trap.words, sentence.text) for trap in self.scenario.traps)

    def harms(self) -> Iterator[Signal]:
        for finding in self.advice.findings:
            if finding.id in FROM_COACH:
                yield Signal(FROM_COACH[finding.id], finding.quote.strip())
        for one in self.draft.sentences:
            if self._trap(one):
                yield Signal("trap", one.text)

    def warmth(self) -> Iterator[Signal]:
        clean = " ".join(one.text for one in self._clean)
        told = evidence.restates(self.told, clean, self.scenario.language)
        if told:
            yield Signal("heard", told)
        for one in self._clean:
            if self._has("apology", one) and "apologised" not in self._harmed_kinds:
                yield Signal("apologised", one.text)
            if self._names_feeling(one) or self._has("understand", one):
                yield Signal("validated", one.text)

    @cached_property
    def _harmed_kinds(self) -> frozenset[str]:
        return frozenset({"apologised"} if any(one.id == "non_apology" for one in self.advice.findings) else ())

    def _names_feeling(self, sentence: Sentence) -> bool:
        named = lexicon.pattern("emotion", self.scenario.language).search(sentence.text)
        if not named:
            return False
        lead = sentence.text[max(0, named.start() - 24) : named.start()]
        return not lexicon.has("own_feeling", self.scenario.language, lead)

    def work(self) -> Iterator[Signal]:
        """Steps: promised by the agent or the company, or done already."""
        for one in self._clean:
            step = not one.asks and (self._promised(one) or self._has("done", one) or self._grants_help(one))
            if step:
                yield from self._step(one)
            if self._has("option", one) and (one.asks or step):
                yield Signal("options", one.text)
            if self._known["reason"].search(one.text) and not one.asks:
                yield Signal("explained", one.text)
            if self._known["follow_up"].search(one.text) and not one.asks:
                yield Signal("follow_up", one.text)

    def _grants_help(self, sentence: Sentence) -> bool:
        """Something is done that this customer needs, though nobody says “I will” (“Our plumber fits a tank today”)."""
        serves = (*self.scenario.serve_need.words, *self.scenario.serve_cause.words)
        if not mentions(serves, sentence.text) or self._has("understand", sentence) or self._names_feeling(sentence):
            return False
        does = self._has("grant", sentence) or self._has("fix", sentence)
        return does and not (self._has("refusal", sentence) or self._has("deferred", sentence))

    def _promised(self, sentence: Sentence) -> bool:
        return any(sentence.start <= one.start < sentence.end for one in self._promises)

    @cached_property
    def _promises(self) -> list[promises.Promise]:
        found = promises.find(self.draft.plain, _ANY_MOMENT, _ANY_HOURS)
        return [one for one in found if one.by != "customer"]

    def _step(self, sentence: Sentence) -> Iterator[Signal]:
        serves = {"acted_need": self.scenario.serve_need, "acted_cause": self.scenario.serve_cause}
        kinds = [kind for kind, remedy in serves.items() if mentions(remedy.words, sentence.text)]
        for kind in kinds or ["acted"]:
            yield Signal(kind, sentence.text)
        due = any(one.due for one in self._promises if sentence.start <= one.start < sentence.end)
        if due or self._has("specific_time", sentence):
            yield Signal("dated", sentence.text)

    def limits(self) -> Iterator[Signal]:
        for name in ("limit", "warning", "ending"):
            found = self._known[name].search(self.draft.plain)
            if found:
                yield Signal(name, found.group())

    def took_up(self, confided: tuple[Fact, ...], acted: bool) -> Iterator[Signal]:
        """Whether what was confided is in the answer: two of its words, or one that it is known by. To act on it is
        not to pass it over."""
        if not confided:
            return
        for one in self._clean:
            terms = lexicon.terms(one.text, self.scenario.language)
            for fact in confided:
                shared = terms & lexicon.terms(fact.says, self.scenario.language)
                if len(shared) >= 2 or (shared and mentions(fact.about, one.text)):
                    yield Signal("took_up", one.text)
                    return
        if not acted:
            yield Signal("passed_over", "")

    def questions(self) -> Iterator[Question]:
        """Questions in sentences that hold no harm, with the facts they reach."""
        language = self.scenario.language
        for one in self._clean:
            invites = lexicon.has("invitation", "any", one.text)
            if one.asks or invites:
                is_open = evidence.is_open(one, language)
                yield Question(one.text, is_open, tuple(self._reached(one.text)))

    def _reached(self, question: str) -> Iterator[Fact]:
        intents = {name for name, pattern in self._known["intents"].items() if pattern.search(question)}
        for fact in self.scenario.facts:
            if intents & set(fact.intents) or mentions(fact.about, question):
                yield fact
