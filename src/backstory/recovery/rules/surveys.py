"""When a customer may be asked how it was, what is asked, and what an answer means."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backstory.cases.playbooks.scales import SCALES
from backstory.kernel.errors import InvalidInput
from backstory.kernel.text import storable

LONGEST_COMMENT = 2000
ASK_WITHIN = timedelta(days=30)
"""After this long nobody remembers: a survey that could not go out by then is not sent at all."""
ASK_AGAIN_AFTER = timedelta(days=1)
SAME_MATTER_REST = timedelta(days=2)
"""The question after a second attempt is about the same matter: it need not wait until other questions may come."""
MOST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be asked; `kind` None leaves it to whoever is less specific, `none` asks nothing."""

    kind: str | None = None
    low: int | None = None


def chosen(*wishes: Wish, default: str = "csat") -> Wish:
    """What is asked: the first wish with a kind counts (playbook, mailbox, team), else the desk's default. Without a
    kind where nothing is to be asked."""
    found = next((wish for wish in wishes if wish.kind), Wish(default))
    scale = SCALES.get(found.kind or "")
    if scale is None:
        return Wish()
    return Wish(found.kind, scale.low if found.low is None else found.low)


def ensure_low_fits(kind: str, low: int | None) -> None:
    """Raises InvalidInput for a threshold off the scale, or so high that every answer would be a bad one."""
    scale = SCALES.get(kind)
    if low is not None and (scale is None or not scale.may_be_low(low)):
        raise InvalidInput("The low score lies on the scale, below its highest.", "low")


@dataclass(frozen=True)
class AfterClosing:
    """What decides whether the survey may go out now. `last_asked_at` is when the same person was last asked anything
    about another complaint, `last_asked_here` about this one."""

    is_open: bool
    closed_at: datetime | None
    due_at: datetime
    unfinished_actions: int
    unkept_promises: int
    unfinished_remedies: int = 0
    second_under_way: bool = False
    declined: bool = False
    last_asked_at: datetime | None = None
    last_asked_here: datetime | None = None
    rest: timedelta = timedelta(0)

    @property
    def is_fixed(self) -> bool:
        """Whether everything agreed, promised and granted is done: nobody is asked before the fix."""
        return not (self.unfinished_actions or self.unkept_promises or self.unfinished_remedies)


def may_ask(facts: AfterClosing, moment: datetime) -> bool:
    """A survey goes out when it is due, the complaint closed and everything agreed done (never before the fix), and
    only to who was not asked lately and wants to be asked."""
    if facts.is_open or facts.closed_at is None or not facts.is_fixed or facts.second_under_way or facts.declined:
        return False
    return facts.due_at <= moment <= facts.closed_at + ASK_WITHIN and is_rested(facts, moment)


def is_rested(facts: AfterClosing, moment: datetime) -> bool:
    """Whether the last question to this person was long enough ago."""
    if facts.last_asked_at is not None and moment - facts.last_asked_at < facts.rest:
        return False
    return facts.last_asked_here is None or moment - facts.last_asked_here >= min(facts.rest, SAME_MATTER_REST)


def is_expired(sent_at: datetime, lasts: timedelta, moment: datetime) -> bool:
    """Whether a question is so old that nobody answers it any more."""
    return moment - sent_at > lasts


def score(value: int, kind: str = "csat") -> int:
    """The value, if it is a score on the scale of its kind; else InvalidInput."""
    scale = SCALES[kind]
    if value not in scale.scores:
        raise InvalidInput(f"Please choose from {scale.lowest} to {scale.highest}.", "score")
    return value


def comment(text: str) -> str:
    """What may be kept of a free line: no more than 2000 characters, longer ones cut."""
    return storable(text).strip()[:LONGEST_COMMENT]
