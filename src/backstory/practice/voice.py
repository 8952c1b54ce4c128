"""How a simulated customer says what the mood model has decided. Pure.

A `Voice` words a `Speech`; it never decides. The default speaks from the grammar in `data/voice/`; any other voice (a
language model's, say) is held to the same facts by `faithful`, and where it strays the grammar speaks.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Protocol

import yaml

from backstory.language.replies import lexicon
from backstory.practice.rules import HOT, Mood
from backstory.practice.scenarios import Scenario

GRAMMAR = Path(__file__).parent / "data" / "voice"
LONGEST = 1200
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Speech:
    """What the customer is to say: a reaction, facts word for word, and what they push for. `hidden` stays unsaid."""

    scenario: Scenario
    mood: Mood
    reaction: str  # the signal reacted to, "" for none
    harmed: bool
    facts: tuple[str, ...] = ()
    line: str = ""  # a line of the grammar: curt, guarded, push_hot, …
    quote: str = ""  # the words held against the agent, for the line of memory
    closing: str = ""  # the customer's own words for this moment, instead of the rest
    hidden: tuple[str, ...] = ()


class Voice(Protocol):
    """Puts a speech into words. The same speech and the same random must give the same words."""

    def say(self, speech: Speech, random: Random) -> str: ...


@cache
def grammar(language: str) -> dict[str, Any]:
    """The customers' lines in a language."""
    raw: dict[str, Any] = yaml.safe_load((GRAMMAR / f"{language}.yaml").read_text(encoding="utf-8"))
    return raw


class GrammarVoice:
    """Speaks from the scenario and the grammar: no network, and the same seed gives the same words."""

    def say(self, speech: Speech, random: Random) -> str:
        lines = grammar(speech.scenario.language)
        if speech.closing:
            return speech.closing
        quiet = speech.scenario.behaviour == "silent"
        parts = [self._reaction(speech, lines, random, quiet), *speech.facts]
        if speech.quote:
            parts.append(random.choice(lines["lines"]["memory"]).format(quote=speech.quote))
        if speech.line and not (quiet and speech.line.startswith("push")):
            parts.append(random.choice(lines["lines"][speech.line]))
        parts.append(self._spice(speech, lines, random))
        spoken = " ".join(part for part in parts if part)
        return spoken or random.choice(lines["quiet"]["push"])

    def _reaction(self, speech: Speech, lines: dict[str, Any], random: Random, quiet: bool) -> str:
        if not speech.reaction:
            return ""
        if speech.reaction == "trap":
            return ""  # the scenario's own answer stands among the facts
        if quiet and not (speech.facts or speech.reaction in ("took_up", "acted_need", "acted_cause", "follow_up")):
            return str(random.choice(lines["quiet"]["harm" if speech.harmed else "calm"]))
        said = lines["reactions"][speech.reaction]
        return str(random.choice(said["hot" if speech.mood.arousal >= HOT else "cool"]))

    def _spice(self, speech: Speech, lines: dict[str, Any], random: Random) -> str:
        scenario = speech.scenario
        if scenario.digressions and not speech.harmed and random.random() < 0.5:
            return random.choice(scenario.digressions)
        known = lines["spice"].get(scenario.behaviour)
        heated = speech.mood.arousal >= (HOT if scenario.behaviour == "abusive" else 35)
        return str(random.choice(known)) if known and heated and random.random() < 0.4 else ""


class FaithfulVoice:
    """Another voice, held to the facts: what it says is taken only where it adds none and tells no secret."""

    def __init__(self, other: Voice) -> None:
        self.other, self.plain = other, GrammarVoice()

    def say(self, speech: Speech, random: Random) -> str:
        plain = self.plain.say(speech, random)
        proposed = self.other.say(speech, random).strip()
        return proposed if faithful(proposed, plain, speech) else plain


def faithful(proposed: str, plain: str, speech: Speech) -> bool:
    """Whether a wording says all that the plain one tells, no number besides, and nothing of what is still hidden."""
    language = speech.scenario.language
    if not 0 < len(proposed) <= LONGEST or set(_NUMBER.findall(proposed)) - set(_NUMBER.findall(plain)):
        return False
    said, allowed = lexicon.terms(proposed, language), lexicon.terms(f"{plain} {_known(speech)}", language)
    secret = frozenset(term for fact in speech.hidden for term in lexicon.terms(fact, language)) - allowed
    told = [lexicon.terms(fact, language) for fact in speech.facts]
    return not said & secret and all(len(said & terms) * 2 >= len(terms) for terms in told)


def _known(speech: Speech) -> str:
    scenario = speech.scenario
    return " ".join((*scenario.opening, scenario.demand, scenario.brief))
