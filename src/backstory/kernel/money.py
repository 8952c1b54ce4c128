"""Amounts of money: Decimal with an ISO 4217 currency, never a float."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel import Locale
from babel.numbers import format_currency, get_currency_precision

from backstory.kernel.errors import InvalidInput

MAXIMUM = Decimal("9999999999.99")
NO_MONEY = frozenset({"XXX", "XTS"})  # ISO 4217 codes for no currency and for tests
CURRENCIES = frozenset(Locale("en").currencies) - NO_MONEY


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str

    def format(self, locale: str = "en") -> str:
        return format_currency(self.amount, self.currency, locale=locale)

    def __str__(self) -> str:
        return self.format()


def parse(amount: str | Decimal | int, currency: str) -> Money:
    """Money from what a person typed; raises InvalidInput for anything doubtful, never rounds silently."""
    code = currency.strip().upper()
    if code not in CURRENCIES:
        raise InvalidInput(f"“{currency}” is not an ISO 4217 currency such as EUR or GBP.", "currency")
    try:
        value = Decimal(str(amount).strip().replace(",", "."))
    except InvalidOperation:
        raise InvalidInput(f"“{amount}” is not an amount such as 25 or 25.50.", "amount") from None
    if not value.is_finite() or value < 0 or value > MAXIMUM:
        raise InvalidInput("The amount must be zero or more, and below ten thousand million.", "amount")
    if value != round(value, get_currency_precision(code)):
        raise InvalidInput(f"{code} has no fractions as small as in “{amount}”.", "amount")
    return Money(value, code)
