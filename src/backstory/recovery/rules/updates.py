"""When a customer is written to about their open complaint, and when not. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from backstory.kernel.calendars import BusinessHours, add_business_days, end_of_business_day, next_business_moment
from backstory.kernel.errors import InvalidInput

QUIET = timedelta(minutes=15)
"""So long nothing more must have happened before a letter tells of it: several changes are one letter."""
LONGEST_COLLECTING = timedelta(hours=1)
GAP = timedelta(hours=4)
"""No two automatic updates of one complaint are closer together."""
UNANSWERED_DAYS = 1
"""Working days after which a customer's unanswered message stops automatic updates: an “all is well” from a machine
while a question lies there says that nobody reads. Then it is a person's turn."""
LATE_AFTER = timedelta(hours=1)
TRY_AGAIN = timedelta(hours=1)
MOST_ATTEMPTS = 5
MOST_DAYS = 60
DEFAULT_EVERY: Mapping[int, int] = {0: 10, 1: 5, 2: 5, 3: 2, 4: 1}
"""Working days between two letters, by severity [G]; ISO 10002 asks for status “at preset times” without a number."""

STAGES = {
    "complaint.opened": "acknowledged",
    "complaint.reopened": "reopened",
    "conversation.assigned": "cared_for",
    "action.added": "looking",
    "action.done": "step_done",
    "remedy.granted": "remedy_decided",
    "remedy.offered": "remedy_offered",
    "remedy.carried_out": "remedy_done",
    "promise.amended": "promise_moved",
}
"""Events that a customer is told of, and as what."""
WEIGHT = (
    "remedy_offered",
    "remedy_decided",
    "remedy_done",
    "reopened",
    "acknowledged",
    "promise_moved",
    "step_done",
    "cared_for",
    "looking",
)
"""Heaviest first: the order of the sentences in a letter, and what it is called by."""
SMALL = frozenset({"cared_for", "looking"})
"""What needs no letter of its own once a person has written: they said so better."""

Verdict = Literal["send", "move", "drop", "off", "unanswered", "unreachable"]
HELD = ("off", "unanswered", "unreachable")


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether a planned update goes out by itself now."""

    is_open: bool
    is_automatic: bool
    has_news: bool  # a changed update that still has something to tell, or a scheduled one
    stages: Collection[str]
    is_reachable: bool
    unanswered_since: datetime | None
    hours: BusinessHours


def verdict(facts: Facts, moment: datetime) -> Verdict:
    """What happens with an update that is due: sent, dropped, or held until a person decides."""
    if not facts.is_open or not facts.has_news:
        return "drop"
    if not facts.is_reachable:
        return "unreachable"
    if not facts.is_automatic:
        return "off"
    waits = facts.unanswered_since is not None and left_unanswered(facts.unanswered_since, moment, facts.hours)
    return "unanswered" if waits and "acknowledged" not in facts.stages else "send"


def left_unanswered(since: datetime, moment: datetime, hours: BusinessHours) -> bool:
    """Whether a message that nobody has answered has lain longer than to the end of the next working day."""
    day = add_business_days(hours.local(since).date(), UNANSWERED_DAYS, hours)
    return moment > end_of_business_day(day, hours)


def changed_due(
    first: datetime, latest: datetime, told: datetime | None, hours: BusinessHours, *, at_once: bool
) -> datetime:
    """When a letter about changes goes: after a quiet time, not soon after another one, in business hours.

    `at_once` is for the acknowledgement, which waits for no business hours.
    """
    due = min(latest + QUIET, first + LONGEST_COLLECTING)
    if told is not None:
        due = max(due, told + GAP)
    return due if at_once else next_business_moment(due, hours)


def scheduled(told: datetime, every: int, hours: BusinessHours) -> tuple[datetime, datetime]:
    """(when the next letter goes out, by when it is promised) `every` working days after the customer last heard."""
    day = add_business_days(hours.local(told).date(), every, hours)
    closing = end_of_business_day(day, hours)
    return min(hours.at(day, hours.open) + timedelta(hours=1), closing), closing


def is_late(due_at: datetime, promised_by: datetime | None, moment: datetime) -> bool:
    """Whether a planned update should have gone: its promised day is over, or it was due a while ago."""
    return moment > (promised_by or due_at + LATE_AFTER)


def weightiest(stages: Iterable[str]) -> str:
    """What an update with these changes is called by: the first of `WEIGHT`, "still" for none."""
    present = set(stages)
    return next((stage for stage in WEIGHT if stage in present), "still")


def every_for(severity: int, own: Mapping[str, int], playbook: int | None) -> int:
    """Working days between letters: as the desk says for this severity, else the playbook, else the default.

    A playbook may only shorten the default: what is dangerous is not written about less.
    """
    if str(severity) in own:
        return own[str(severity)]
    usual = DEFAULT_EVERY[severity]
    return usual if playbook is None else min(playbook, usual)


def days(value: int) -> int:
    """The value, if it is a number of working days (0 for never); else InvalidInput."""
    if not 0 <= value <= MOST_DAYS:
        raise InvalidInput(f"Give working days from 0 (never) to {MOST_DAYS}.", "every")
    return value
