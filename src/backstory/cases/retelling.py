"""Whether a customer had to tell again what they had told before, to somebody else or through another channel. Pure.

Being made to repeat the story is one of the named causes of frustration (repeat contact, ping-pong); nobody counts it.
A letter retells an earlier one if its writer says so, if it brings the same particulars again, or the same words.
The thresholds are our own judgement [G]: rather a retelling missed than one alleged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from backstory.cases.own_words import patterns, straight
from backstory.language.replies.lexicon import terms

Ground = Literal["says_so", "same_facts", "same_words"]
SHARED_FACTS = 2
SHARED_TERMS = 8
SHARED_SHARE = 0.5
TERMS_BESIDE_A_FACT = 3
"""An order number alone is a reference, not a story: some of the story has to come with it."""
ONE_TELLING = timedelta(hours=1)
"""The same letter to two addresses, or a second thought sent after the first, is one telling."""
IDENTIFYING = frozenset({"order", "account", "reference", "amount", "date", "product"})


@dataclass(frozen=True, slots=True)
class Telling:
    """One letter of a customer and who heard it: the id of who answered it first, or of who has it now; None for
    nobody yet. `facts` are plain forms of its particulars, such as `order 4711`."""

    message_id: int
    conversation_id: int
    channel: str
    at: datetime
    text: str
    language: str
    facts: frozenset[str]
    heard_by: int | None


@dataclass(frozen=True, slots=True)
class Retold:
    """What a letter repeats (None: something told by telephone, or before we were here), why we think so, and whether
    the first telling went to somebody or somewhere else."""

    earlier_id: int | None
    ground: Ground
    quote: str
    other_agent: bool
    other_channel: bool


def facts_of(found: Sequence[dict[str, object]]) -> frozenset[str]:
    """Particulars of a stored reading in plain form; names and phone numbers stand in every letter and tell nothing."""
    return frozenset(
        f"{fact['kind']} {str(fact.get('value') or fact['text']).casefold()}"
        for fact in found
        if fact["kind"] in IDENTIFYING
    )


def retold(new: Telling, earlier: Sequence[Telling]) -> Retold | None:
    """What the letter repeats; `earlier` are the same customer's, oldest first. None where it is told for the first
    time, or once more to the one who knows it."""
    before = [each for each in earlier if each.at <= new.at - ONE_TELLING]
    said = _says_so(new)
    if not before:
        return Retold(None, "says_so", said, False, False) if said and not earlier else None
    best = max(before, key=lambda each: (_weight(new, each), each.at))
    ground, quote = _ground(new, best, said)
    if ground is None:
        return None
    agent = None not in (best.heard_by, new.heard_by) and best.heard_by != new.heard_by
    channel = best.channel != new.channel
    if ground != "says_so" and not agent and not channel:
        return None
    return Retold(best.message_id, ground, quote, agent, channel)


def _weight(new: Telling, old: Telling) -> int:
    return 3 * len(new.facts & old.facts) + len(_shared(new, old))


def _shared(new: Telling, old: Telling) -> frozenset[str]:
    both = terms(new.text, new.language) & terms(old.text, old.language)
    return frozenset(term for term in both if not term.startswith("#") and not term.isdigit())


def _ground(new: Telling, old: Telling, said: str) -> tuple[Ground | None, str]:
    if said:
        return "says_so", said
    facts, words = new.facts & old.facts, _shared(new, old)
    if len(facts) >= SHARED_FACTS and len(words) >= TERMS_BESIDE_A_FACT:
        return "same_facts", ", ".join(sorted(facts))
    shorter = min(_size(new), _size(old))
    if len(words) >= SHARED_TERMS and len(words) >= SHARED_SHARE * shorter:
        return "same_words", ""
    return None, ""


def _size(telling: Telling) -> int:
    return sum(not term.startswith("#") for term in terms(telling.text, telling.language))


def _says_so(telling: Telling) -> str:
    pattern = patterns("told_before").get(telling.language)
    match = pattern.search(straight(telling.text)) if pattern else None
    return telling.text[slice(*match.span())] if match else ""
