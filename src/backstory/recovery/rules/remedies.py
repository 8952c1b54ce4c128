"""What kinds of remedy there are, and which have a price."""

from backstory.kernel.errors import InvalidInput
from backstory.kernel.money import Money

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


def ensure_amount_fits(kind: str, money: Money) -> None:
    """Raises InvalidInput for a refund of nothing, or an apology with a price."""
    if kind in WORTH_MONEY and money.amount <= 0:
        raise InvalidInput(f"Give the value of the {kind}.", "amount")
    if kind in WITHOUT_MONEY and money.amount > 0:
        raise InvalidInput(f"The kind “{kind}” has no amount; offer goodwill besides it.", "amount")
