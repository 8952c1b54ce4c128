"""CARE: connect, ask, resolve, ensure. Which steps are done follows from what really happened; nobody ticks
them.

The expansion of the four letters and the evidence asked for are our own reading [G]; it follows the case of
the landlord who listened. Pure: facts in, steps out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

from backstory.language.replies import evidence as words

Key = Literal["connect", "ask", "resolve", "ensure"]
MOST_WEIGHED = 4_000
"""Characters of one letter that are searched for proof: a page must not wait for an attached log."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message; `position` orders both sides' messages among each other."""

    message_id: int
    text: str
    position: int


@dataclass(frozen=True, slots=True)
class ActionFact:
    serves: str  # need or cause
    text: str
    owner: str  # a name, "" for nobody
    done: bool


@dataclass(frozen=True, slots=True)
class RemedyFact:
    label: str
    state: str  # requested, granted or declined


@dataclass(frozen=True, slots=True)
class PromiseFact:
    quote: str
    message_id: int
    state: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CareFacts:
    """Everything the steps are judged by. `recorded` names the backstory fields that are filled, not their
    content."""

    received: tuple[Letter, ...]
    sent: tuple[Letter, ...]
    recorded: frozenset[str]
    summary_message_id: int | None
    confirmed: bool
    actions: tuple[ActionFact, ...]
    promises: tuple[PromiseFact, ...]
    cause: str  # the confirmed cause's name, "" for none
    now: datetime
    remedies: tuple[RemedyFact, ...] = ()
    survey_sent: bool = False
    survey_score: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing a step asks for: whether it is there and, if words prove it, which words of which message."""

    text: str
    done: bool
    quote: str = ""
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of CARE; `guidance` says what to do next, "" when all is done."""

    key: Key
    title: str
    done: bool
    evidence: tuple[Evidence, ...]
    guidance: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    evidence: Evidence
    advice: str


def care(facts: CareFacts) -> list[Step]:
    """The four steps in order, each with its evidence and advice for the first thing that is missing."""
    return [
        _step("connect", "Connect", _connect(facts)),
        _step("ask", "Ask", _ask(facts)),
        _step("resolve", "Resolve", _resolve(facts)),
        _step("ensure", "Ensure", _ensure(facts)),
    ]


def _step(key: Key, title: str, wanted: list[_Wanted]) -> Step:
    missing = [item.advice for item in wanted if not item.evidence.done]
    evidence = tuple(item.evidence for item in wanted)
    return Step(key, title, not missing, evidence, missing[0] if missing else "")


def _connect(facts: CareFacts) -> list[_Wanted]:
    return [
        _Wanted(
            _first_said(facts, "The problem was said back in the customer's own words", _restated),
            "Say back what happened in the customer's own words before anything else.",
        ),
        _Wanted(
            _first_said(facts, "The feeling was named", _named_emotion),
            "Name the feeling you hear: “that must have been frightening”.",
        ),
        _Wanted(
            _not_said(facts, "No rule was held against the customer", _quoted_rule),
            "Your latest reply quotes a rule. Write again without it: what can you do?",
        ),
        _Wanted(
            _not_said(facts, "The customer was not contradicted", _rebuttal),
            "Your latest reply argues. Write again: agree with what is true in what they say.",
        ),
    ]


def _ask(facts: CareFacts) -> list[_Wanted]:
    named = {
        "stated_problem": ("The stated problem is recorded", "Record what the customer says the problem is."),
        "backstory": ("The backstory is recorded", "Ask what this means in their life, and record it."),
        "need": ("The need behind it is recorded", "Record what they need: safety, respect, being believed."),
    }
    fields = [_Wanted(Evidence(text, name in facts.recorded), advice) for name, (text, advice) in named.items()]
    asked = _first_said(facts, "An open question was asked", _open_question)
    confirmed = Evidence("The customer confirmed the summary", facts.confirmed, message_id=facts.summary_message_id)
    if facts.summary_message_id is None:
        advice = "Send the summary of what you heard and ask whether it is right."
    else:
        advice = "The summary is sent: note the customer's answer when it comes."
    return [
        _Wanted(asked, "Ask an open question: “what did that mean for you?”"),
        *fields,
        _Wanted(confirmed, advice),
    ]


def _resolve(facts: CareFacts) -> list[_Wanted]:
    undecided = [remedy for remedy in facts.remedies if remedy.state == "requested"]
    quote = "; ".join(f"{remedy.label}: {remedy.state}" for remedy in facts.remedies)
    if undecided:
        advice = "A remedy waits for approval: ask for the decision."
    else:
        advice = "Offer something, if only an apology in person: words alone rarely mend it."
    return [
        _Wanted(
            _owned(facts, "need", "Somebody does something for the need, by a date"),
            "Add a step for the person: who does what for them, by when?",
        ),
        _Wanted(
            _owned(facts, "cause", "Somebody does something about the cause, by a date"),
            "Add a step for the cause: who mends it, by when?",
        ),
        _Wanted(
            Evidence("The remedy is decided by somebody who may", bool(facts.remedies) and not undecided, quote),
            advice,
        ),
    ]


def _ensure(facts: CareFacts) -> list[_Wanted]:
    mended = bool(facts.actions) and all(action.done for action in facts.actions)
    asked = "Satisfaction was asked"
    if facts.survey_score is not None:
        asked += f": {facts.survey_score} of 5"
    return [
        _Wanted(_promises_kept(facts), "Keep what was promised, or tell the customer before it is late."),
        _Wanted(Evidence("Every agreed step is done", mended), "Finish the agreed steps."),
        _Wanted(
            Evidence(asked, facts.survey_sent),
            "Close when all is done: the question goes out by itself, never before the fix.",
        ),
        _Wanted(Evidence("The root cause is linked", bool(facts.cause), facts.cause), "Confirm the root cause."),
    ]


def _owned(facts: CareFacts, serves: str, text: str) -> Evidence:
    found = next((action for action in facts.actions if action.serves == serves and action.owner), None)
    return Evidence(text, found is not None, f"{found.owner}: {found.text}" if found else "")


def _promises_kept(facts: CareFacts) -> Evidence:
    """Done when we have answered at all and every promise that counts was kept."""
    counting = [row for row in facts.promises if row.state in ("open", "broken", "kept")]
    unkept = [row for row in counting if row.state != "kept"]
    if unkept:
        worst = min(unkept, key=lambda row: row.state != "broken")
        text = "A promise was broken" if worst.state == "broken" else "A promise is still to be kept"
        return Evidence(text, False, worst.quote, worst.message_id)
    text = "Every promise was kept" if counting else "Nothing promised is open"
    return Evidence(text, bool(facts.sent))


def _first_said(facts: CareFacts, text: str, find: Callable[[str, str], str | None]) -> Evidence:
    """The first of our replies in which `find(said, reply)` quotes something; `said` is how the matter began and
    what the customer had written since the reply before."""
    answered = -1
    for reply in facts.sent:
        before = [letter for letter in facts.received if letter.position < reply.position]
        fresh = [letter for letter in before if letter.position > answered or letter is before[0]]
        said = "\n\n".join(letter.text[:MOST_WEIGHED] for letter in fresh)[: 2 * MOST_WEIGHED]
        quote = find(said, reply.text[:MOST_WEIGHED])
        if quote:
            return Evidence(text, True, quote, reply.message_id)
        answered = reply.position
    return Evidence(text, False)


def _not_said(facts: CareFacts, text: str, find: Callable[[str], str | None]) -> Evidence:
    """Judged by the latest reply: a slip can be made good by the next letter."""
    if not facts.sent:
        return Evidence(text, False)
    latest = facts.sent[-1]
    quote = find(latest.text[:MOST_WEIGHED]) or ""
    return Evidence(text, not quote, quote, latest.message_id)


# Letters never change, and a page asks about the same ones each time something happens in their conversation.
@lru_cache(maxsize=2048)
def _restated(said: str, reply: str) -> str | None:
    return words.restates(said, reply)


@lru_cache(maxsize=2048)
def _named_emotion(_: str, reply: str) -> str | None:
    return words.names_emotion(reply)


@lru_cache(maxsize=2048)
def _open_question(_: str, reply: str) -> str | None:
    return next(iter(words.open_questions(reply)), None)


_quoted_rule = lru_cache(maxsize=2048)(words.quotes_rule)
_rebuttal = lru_cache(maxsize=2048)(words.rebuts)
