"""Who may grant how much."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from backstory.kernel.errors import InvalidInput
from backstory.kernel.money import Money

Limits = Mapping[tuple[str, str], Decimal]
"""(role, currency) -> the most that a role may grant alone on one complaint."""
DEFAULT_LIMITS = {"agent": Decimal(100), "lead": Decimal(1000)}
DEFAULT_CURRENCIES = ("EUR", "GBP", "USD")
KINDS = (
    "refund",
    "replacement",
    "repair",
    "credit",
    "discount",
    "upgrade",
    "goodwill",
    "apology",
    "correction",
    "expense",
)
WORTH_MONEY = frozenset({"refund", "replacement", "credit", "discount", "upgrade", "goodwill", "expense"})
WITHOUT_MONEY = frozenset({"apology", "correction"})


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
        raise InvalidInput(f"The kind “{kind}” has no amount; offer goodwill besides it.", "amount")
