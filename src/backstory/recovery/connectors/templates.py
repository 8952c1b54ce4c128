"""Filling requests from an order and reading answers, as data: nothing is ever pasted into the text of a request.

A template is a JSON value. A string that is nothing but `{{name}}` becomes the value itself, with its type; inside a
longer string it becomes part of that one string. The whole is encoded only afterwards (JSON, form, percent), so a
value can never end a string, add a field or leave its place in an address.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote, urlencode

from babel.numbers import get_currency_precision

from backstory.kernel.money import Money
from backstory.recovery.connectors.interface import Misconfigured, Order

PLACE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
Values = Mapping[str, str | int]


def minor(money: Money) -> int:
    """The amount in the currency's smallest unit: 12.50 EUR is 1250, 12 JPY is 12 (ISO 4217)."""
    return int(money.amount.scaleb(get_currency_precision(money.currency)))


def from_minor(units: int, currency: str) -> Decimal:
    return Decimal(units).scaleb(-get_currency_precision(currency))


def values(order: Order) -> dict[str, str | int]:
    """What a template can name. `amount` is text with a point, `amount_minor` a whole number of the smallest unit."""
    return {
        "key": order.key,
        "amount": f"{order.money.amount:.{get_currency_precision(order.money.currency)}f}",
        "amount_minor": minor(order.money),
        "currency": order.money.currency,
        "currency_lower": order.money.currency.lower(),
        "recipient": order.recipient,
        "kind": order.kind,
        "case": order.case,
    }


NAMES = frozenset(values(Order("k", Money(Decimal(1), "EUR"), "r", "refund", "C-1")))


def ensure_known(template: Any, field: str, extra: frozenset[str] = frozenset()) -> None:
    """Raises Misconfigured where a template names something that no order has."""
    unknown = sorted(set(PLACE.findall(json.dumps(template, ensure_ascii=False))) - NAMES - extra)
    if unknown:
        known = ", ".join(sorted(NAMES | extra))
        raise Misconfigured(f"“{{{{{unknown[0]}}}}}” is not known here. There are: {known}.", field)


def filled(template: Any, known: Values) -> Any:
    """The template with every place taken by its value."""
    if isinstance(template, str):
        whole = PLACE.fullmatch(template.strip())
        return known[whole[1]] if whole else PLACE.sub(lambda found: str(known[found[1]]), template)
    if isinstance(template, dict):
        return {key: filled(value, known) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, known) for value in template]
    return template


def address(template: str, known: Values) -> str:
    """A URL with every value percent-encoded. Raises Misconfigured for a value that would climb out of its place."""

    def place(found: re.Match[str]) -> str:
        value = str(known[found[1]])
        if value.strip(".") == "":
            raise Misconfigured("This reference cannot stand in an address.", "recipient")
        return quote(value, safe="")

    return PLACE.sub(place, template)


def header(template: str, known: Values) -> str:
    """The value of a header. Raises Misconfigured where it would not be one line."""
    value = str(filled(template, known))
    if not value.isascii() or not value.isprintable():
        raise Misconfigured("A header holds one line of plain characters.", "headers")
    return value


def encoded(body: Any, form: str) -> tuple[bytes, str]:
    """The bytes of a body and their content type; `form` is `json` or `form`."""
    if form == "form":
        pairs = body if isinstance(body, dict) else {}
        return urlencode({key: str(value) for key, value in pairs.items()}).encode(), (
            "application/x-www-form-urlencoded"
        )
    return json.dumps(body, ensure_ascii=False, sort_keys=True).encode(), "application/json"


_MISSING = object()


def at(document: Any, pointer: str) -> Any:
    """What a JSON pointer (RFC 6901) leads to; None where it leads nowhere or is empty."""
    if not pointer:
        return None
    found = document
    for part in pointer.split("/")[1:]:
        found = _step(found, part.replace("~1", "/").replace("~0", "~"))
        if found is _MISSING:
            return None
    return found


def _step(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return value.get(name, _MISSING)
    if isinstance(value, list) and name.isascii() and name.isdigit() and len(name) < 7 and int(name) < len(value):
        return value[int(name)]
    return _MISSING


def money_at(document: Any, amount: str, currency: str, *, in_minor: bool, usual: str) -> Money | None:
    """The money an answer speaks of, None where no pointer is given. A currency that is not there is `usual`.

    Raises ValueError for an amount that is none: the answer cannot be believed.
    """
    if not amount:
        return None
    code = str(at(document, currency) or "").upper() if currency else usual
    value = at(document, amount)
    if isinstance(value, bool) or not isinstance(value, int | float | str) or not code:
        raise ValueError("no amount")
    try:
        number = Decimal(str(value))
        return Money(from_minor(int(number), code) if in_minor else number, code)
    except (InvalidOperation, OverflowError):
        raise ValueError("no amount") from None
