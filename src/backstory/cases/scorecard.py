"""The scorecard of one agent's answers in one conversation: filled from what was written, corrected by people. Pure.

Each criterion is yes, no or does not apply, with the words it rests on. No sum and no rank: a scorecard is something
two people talk about. How far engine and people, and people among each other, agree is told by Cohen's kappa (1960).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from backstory.cases.trajectory import STRAINED
from backstory.kernel.errors import InvalidInput
from backstory.language.replies import evidence
from backstory.language.replies.draft import letter

SELF_FIRST = timedelta(days=7)
"""How long the lead waits for the agent's own view; after that the lead may go first."""
LONGEST_NOTE = 2_000
MOST_WEIGHED = 4_000
Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answer of the agent: what it answers, how strained that was (None: unknown), and how long it took."""

    message_id: int
    asked: str
    reply: str
    strain: float | None
    waited: timedelta | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a scorecard is filled from. Promises are those the agent made in this conversation."""

    exchanges: tuple[Exchange, ...]
    promises_kept: int
    promises_broken: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """`met` is None where the criterion does not apply or nothing can be told; `quote` stands in that message."""

    met: bool | None
    quote: str = ""
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the card: its key, what is asked, and how it is filled."""

    key: str
    text: str
    fill: Callable[[Facts], Verdict]


def filled(facts: Facts) -> dict[str, Verdict]:
    """Every criterion with what the engine says of it, in the card's order."""
    return {each.key: each.fill(facts) for each in CRITERIA}


def _said_back(facts: Facts) -> Verdict:
    return _some(facts, lambda each: evidence.restates(each.asked[:MOST_WEIGHED], each.reply[:MOST_WEIGHED]))


def _met_the_feeling(facts: Facts) -> Verdict:
    """Only where a letter was strained: a calm customer needs no naming of feelings."""
    strained = [each for each in facts.exchanges if each.strain is not None and each.strain >= STRAINED]
    if not strained:
        return Verdict(None)
    return _some(Facts(tuple(strained), 0, 0, facts.closed), lambda each: evidence.names_emotion(each.reply))


def _asked(facts: Facts) -> Verdict:
    return _some(facts, lambda each: next(iter(evidence.open_questions(each.reply[:MOST_WEIGHED])), None))


def _no_rule(facts: Facts) -> Verdict:
    return _none(facts, evidence.quotes_rule)


def _no_argument(facts: Facts) -> Verdict:
    return _none(facts, evidence.rebuts)


def _choice(facts: Facts) -> Verdict:
    return _some(facts, lambda each: _first(each.reply, "option"))


def _in_time(facts: Facts) -> Verdict:
    """Every answer within a day and a half of the letter, nights and weekends counted."""
    waits = [(each.waited, each.message_id) for each in facts.exchanges if each.waited is not None]
    if not waits:
        return Verdict(None)
    longest, message_id = max(waits)
    return Verdict(longest <= timedelta(hours=36), f"{longest.total_seconds() / 3600:.0f} h", message_id)


def _kept(facts: Facts) -> Verdict:
    if not facts.promises_kept + facts.promises_broken:
        return Verdict(None)
    return Verdict(not facts.promises_broken, f"{facts.promises_kept}/{facts.promises_kept + facts.promises_broken}")


def _some(facts: Facts, find: Callable[[Exchange], str | None]) -> Verdict:
    if not facts.exchanges:
        return Verdict(None)
    for each in facts.exchanges:
        quote = find(each)
        if quote:
            return Verdict(True, quote.strip(), each.message_id)
    return Verdict(False)


def _none(facts: Facts, find: Callable[[str], str | None]) -> Verdict:
    if not facts.exchanges:
        return Verdict(None)
    for each in facts.exchanges:
        quote = find(each.reply[:MOST_WEIGHED])
        if quote:
            return Verdict(False, quote.strip(), each.message_id)
    return Verdict(True)


def _first(reply: str, name: str) -> str | None:
    match = letter(reply).first(name)
    return match.group() if match else None


CRITERIA: tuple[Criterion, ...] = (
    Criterion("said_back", "The problem was said back in the customer's words", _said_back),
    Criterion("met_feeling", "The feeling was met before the fix", _met_the_feeling),
    Criterion("asked", "An open question was asked", _asked),
    Criterion("no_rule", "No rule was held against the customer", _no_rule),
    Criterion("no_argument", "The customer was not contradicted", _no_argument),
    Criterion("choice", "A choice was offered", _choice),
    Criterion("in_time", "Every answer came in time", _in_time),
    Criterion("kept_word", "Promises were kept", _kept),
)
KEYS = tuple(each.key for each in CRITERIA)
ANSWERS: Mapping[str, bool | None] = {"yes": True, "no": False, "na": None}


def judged(answers: Mapping[str, str]) -> dict[str, bool | None]:
    """A person's card from what they chose; InvalidInput names the first criterion that is missing or unknown."""
    for key in KEYS:
        if answers.get(key) not in ANSWERS:
            raise InvalidInput("Say yes, no or does not apply for every line.", key)
    return {key: ANSWERS[answers[key]] for key in KEYS}


def may_lead_begin(asked_at: datetime, self_done: bool, now: datetime) -> bool:
    """Self-review before lead review; an agent who does not come to it holds nobody up for ever."""
    return self_done or now - asked_at >= SELF_FIRST


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two raters on one criterion: `pairs` they both judged, the share on which they agree, and Cohen's kappa (-1 to 1;
    0 is chance) with its 95 % interval; None where chance alone would agree always, or there are no pairs."""

    pairs: int
    observed: float | None
    kappa: float | None
    interval: tuple[float, float] | None


def agreement(pairs: Sequence[tuple[bool | None, bool | None]]) -> Agreement:
    """Over yes, no and does not apply. Interval by the large-sample error sqrt(po(1-po)/(n(1-pe)^2)) (Cohen 1960)."""
    n = len(pairs)
    if not n:
        return Agreement(0, None, None, None)
    observed = sum(first == second for first, second in pairs) / n
    left, right = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    expected = sum(left[value] * right[value] for value in left) / n**2
    if expected >= 1:
        return Agreement(n, observed, None, None)
    kappa = (observed - expected) / (1 - expected)
    error = sqrt(observed * (1 - observed) / (n * (1 - expected) ** 2))
    return Agreement(n, observed, kappa, (max(-1.0, kappa - Z95 * error), min(1.0, kappa + Z95 * error)))
