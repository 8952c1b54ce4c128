"""What carries a remedy out in another system, as types. Pure: no database, no Django.

A connector is asked two things. `carry_out(order)` moves the money (or sends the goods); `look_up(order)` only asks
what became of it. Both answer with an `Outcome` and never raise for what the other side does: an answer that cannot be
understood is an outcome too.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from backstory.kernel.errors import BackstoryError
from backstory.kernel.money import Money


class State(StrEnum):
    """What the other side is known to have done."""

    DONE = "done"
    PENDING = "pending"  # taken on, not finished
    REFUSED = "refused"  # said no: nothing moved
    ABSENT = "absent"  # nothing is there: it was never reached, or knows of nothing
    UNKNOWN = "unknown"  # perhaps it moved, perhaps not


class Misconfigured(BackstoryError):
    """A connector's settings cannot be used; says in words what to change."""

    status = 422

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Order:
    """One thing to be carried out. `key` is the same for every attempt; `recipient` is what the other system knows the
    customer's payment or account by; `kind` the kind of remedy; `case` the complaint's number."""

    key: str
    money: Money
    recipient: str
    kind: str
    case: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was asked and answered: SHA-256 of the request without its secret, HTTP status, the answer's text."""

    request_digest: str = ""
    status: int | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a connector found out.

    `reference` is the other side's own; `words` say for a person what happened; `money` is what the other side says it
    moved (None where it does not say); `movements` is how many it has under this key; `retry_after` seconds it asks us
    to wait; `hopeless` means that trying again helps only after somebody has changed something.
    """

    state: State
    reference: str = ""
    words: str = ""
    money: Money | None = None
    movements: int = 1
    recipient: str | None = None
    retry_after: float | None = None
    hopeless: bool = False
    evidence: Evidence = Evidence()


class Connector(Protocol):
    """Carries remedies out in one other system."""

    honours_keys: bool
    """Whether the other side promises to act once for one key, however often it is asked."""
    key_hours: float
    """For how long after the first attempt it keeps that promise."""
    can_look_up: bool
    """Whether `look_up` can tell anything."""

    def carry_out(self, order: Order) -> Outcome: ...

    def look_up(self, order: Order) -> Outcome: ...

    def check(self) -> list[tuple[str, bool, str]]:
        """Harmless questions for the test button: what was tried, whether it went well, and words."""
        ...


def contradiction(order: Order, outcome: Outcome) -> str:
    """In what an answer that speaks of a movement differs from what was ordered, in words; empty where in nothing."""
    if outcome.state not in {State.DONE, State.PENDING}:
        return ""
    if outcome.movements > 1:
        return f"The other side has {outcome.movements} movements for this one remedy."
    if outcome.money is not None and outcome.money != order.money:
        return f"The other side says {outcome.money} where {order.money} was asked."
    if outcome.recipient is not None and outcome.recipient != order.recipient:
        return "The other side names another payment than the one that was asked."
    return ""


def believed(order: Order, outcome: Outcome) -> Outcome:
    """The outcome as it may be believed: one that contradicts the order is unknown, and no try mends it."""
    words = contradiction(order, outcome)
    return replace(outcome, state=State.UNKNOWN, words=words, hopeless=True) if words else outcome
