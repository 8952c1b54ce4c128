"""Figures with their doubt as a reader sees them: no more digits than are known."""

from math import floor, isfinite, log10

from babel import numbers

from backstory.insight.inputs import Unit
from backstory.insight.known import Known
from backstory.measures.damage import Uncertain
from backstory.measures.intervals import Estimate
from backstory.web.formats import reader_locale

DIGITS = 3


def rounded(value: float) -> float:
    """Three digits that count, and never more than one decimal: nobody knows hundredths of a customer."""
    if not isfinite(value) or abs(value) < 1e-9:
        return 0.0
    return round(value, min(max(DIGITS - 1 - floor(log10(abs(value))), -12), 1))


def one(value: float, unit: Unit = Unit.NUMBER, currency: str = "") -> str:
    """A figure in the reader's notation: `12.5 %`, `€24,900`, `1,260`."""
    locale = reader_locale()
    if unit == Unit.SHARE:
        return str(numbers.format_decimal(round(value * 100, 1), locale=locale)) + " %"
    plain = rounded(value)
    if unit == Unit.MONEY and currency:
        digits = abs(plain) < 100 and plain != int(plain)
        pattern = None if digits else "¤#,##0"
        return str(numbers.format_currency(plain, currency, format=pattern, locale=locale, currency_digits=digits))
    return str(numbers.format_decimal(plain, locale=locale))


def between(found: Estimate, unit: Unit = Unit.NUMBER, currency: str = "") -> str:
    """The interval as `1,200 to 1,400`; empty where both ends are the figure."""
    if found.low == found.high:
        return ""
    return f"{one(found.low, unit, currency)} – {one(found.high, unit, currency)}"


def of_known(found: Known) -> tuple[str, str]:
    """An input's figure and its interval in words; empty where it is not known."""
    shown, figure = found.estimate, found.figure
    if shown is None or figure is None:
        return "", ""
    currency = found.row.currency if found.row else ""
    return one(shown.value, found.input.unit, currency), between(shown, found.input.unit, currency)


def counted(figure: Uncertain | None) -> str:
    """`30 / 120` where people were counted."""
    return f"{figure.count} / {figure.total}" if figure and figure.count is not None and figure.total else ""
