"""Decisions about making amends, pure: who may grant how much, and when a customer may be asked how it
was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from backstory.kernel.errors import InvalidInput
from backstory.kernel.money import Money
from backstory.kernel.text import storable

Limits = Mapping[tuple[str, str], Decimal]
"""(role, currency) -> the most that a role may grant alone on one complaint."""

DEFAULT_LIMITS = {"agent": Decimal(100), "lead": Decimal(1000)}
DEFAULT_CURRENCIES = ("EUR", "GBP", "USD")

WORTH_MONEY = frozenset({"refund", "replacement", "credit", "goodwill"})
WITHOUT_MONEY = frozenset({"apology"})

BAD_SCORE = 2
BEST_SCORE = 5
LONGEST_COMMENT = 2000
ASK_WITHIN = timedelta(days=30)
"""After this long nobody remembers: a survey that could not go out by then is not sent at all."""
ASK_AGAIN_AFTER = timedelta(days=1)
LINK_LASTS = timedelta(days=180)


def within(limits: Limits, role: str, money: Money) -> bool:
    """Whether a role may grant this alone. Nothing needs no authority; without a limit there is none."""
    if money.amount <= 0:
        return True
    limit = limits.get((role, money.currency))
    return limit is not None and money.amount <= limit


def roles_within(limits: Limits, money: Money) -> list[str]:
    """The roles whose limit covers the amount, lowest limit first: who can be asked."""
    covering = [
        (limit, role)
        for (role, currency), limit in limits.items()
        if currency == money.currency and money.amount <= limit
    ]
    return [role for _, role in sorted(covering)]


def who_may(limits: Limits, money: Money) -> str:
    """One sentence that says who could grant the amount."""
    roles = roles_within(limits, money)
    if not roles:
        return f"No role may grant {money}: an administrator can raise a limit."
    return f"{money} can be granted by: {', '.join(roles)}."


def total(amounts: Iterable[Decimal], more: Money) -> Money:
    """What one person has granted on a complaint with `more` on top: a limit cannot be passed in small
    steps."""
    return Money(sum(amounts, more.amount), more.currency)


def ensure_amount_fits(kind: str, money: Money) -> None:
    """Raises InvalidInput for a refund of nothing, or an apology with a price."""
    if kind in WORTH_MONEY and money.amount <= 0:
        raise InvalidInput(f"Give the value of the {kind}.", "amount")
    if kind in WITHOUT_MONEY and money.amount > 0:
        raise InvalidInput(f"An {kind} has no amount; offer goodwill besides it.", "amount")


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


def link_is_fresh(signed_at: datetime, moment: datetime) -> bool:
    """Whether a status link still opens. One from the future does, as clocks differ a little between
    hosts."""
    return moment - signed_at <= LINK_LASTS
