"""What the steps of a playbook are judged by, and what comes of judging. Pure data."""

from dataclasses import dataclass
from datetime import datetime

MOST_WEIGHED = 4_000
"""Characters of one letter that are searched for proof: a page must not wait for an attached log."""
NO_ABUSE, ABUSIVE, HEAVY = 1, -1, -2
"""Levels of abuse as in ConvAbuse: from ABUSIVE down it counts, from HEAVY down it weighs."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message; `position` orders both sides' messages among each other. `abuse` is its level, 1 for none."""

    message_id: int
    text: str
    position: int
    at: datetime | None = None
    author: str = ""  # who of us wrote it
    abuse: int = NO_ABUSE


@dataclass(frozen=True, slots=True)
class ActionFact:
    serves: str  # need or cause
    text: str
    owner: str  # a name, "" for nobody
    done: bool
    agreed_at: datetime | None = None


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
class FollowUpFact:
    """Coming back to the customer: a call, a letter or a check; `held` says of a check whether the fix held."""

    kind: str
    state: str  # open, done, not_reached or skipped
    held: bool | None = None


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """A recorded decision about abusive contact: a warning, a hand-over, a pause or an ending."""

    kind: str
    state: str  # proposed, standing or lifted
    seconded: bool
    review_at: datetime | None
    message_id: int | None = None


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
    survey_highest: int = 5  # the best score of the question that was asked
    followups: tuple[FollowUpFact, ...] = ()
    received_at: datetime | None = None  # where every clock starts
    owner: str = ""
    decisions: tuple[DecisionFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing a step asks for: whether it is there and, if words prove it, which words of which message."""

    text: str
    done: bool
    quote: str = ""
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `guidance` says what to do next, "" when all is done.

    `how` and `phrases` are the playbook's own words on doing it well. A step that is not `entered` waits for what
    `entry` names; until then it is not missing.
    """

    key: str
    title: str
    done: bool
    evidence: tuple[Evidence, ...]
    guidance: str
    how: str = ""
    phrases: tuple[str, ...] = ()
    entered: bool = True
    entry: tuple[Evidence, ...] = ()
