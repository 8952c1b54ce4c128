"""When a customer may be asked how it was, and what an answer means."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backstory.kernel.errors import InvalidInput
from backstory.kernel.text import storable

BAD_SCORE = 2
BEST_SCORE = 5
LONGEST_COMMENT = 2000
ASK_WITHIN = timedelta(days=30)
"""After this long nobody remembers: a survey that could not go out by then is not sent at all."""
ASK_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class AfterClosing:
    """What decides whether the survey may go out now."""

    is_open: bool
    closed_at: datetime | None
    due_at: datetime
    unfinished_actions: int
    unkept_promises: int


def may_ask(facts: AfterClosing, moment: datetime) -> bool:
    """A survey goes out when it is due, the complaint closed and everything agreed done: never before the
    fix."""
    if facts.is_open or facts.closed_at is None or facts.unfinished_actions or facts.unkept_promises:
        return False
    return facts.due_at <= moment <= facts.closed_at + ASK_WITHIN


def score(value: int) -> int:
    """The value, if it is a score from 1 (bad) to 5 (good); else InvalidInput."""
    if not 1 <= value <= BEST_SCORE:
        raise InvalidInput("Please choose from 1 to 5.", "score")
    return value


def is_bad(value: int) -> bool:
    """Whether a score says that the matter is not settled."""
    return value <= BAD_SCORE


def comment(text: str) -> str:
    """What may be kept of a free line: no more than 2000 characters, longer ones cut."""
    return storable(text).strip()[:LONGEST_COMMENT]
