"""What leaves the house: addresses and long numbers are replaced by names for them, and put back in the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

_KINDS = (
    ("EMAIL", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")),
    ("LINK", re.compile(r"https?://[^\s<>\"']{4,500}")),
    ("IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")),
    # Telephone, account, card and order numbers: five digits or more, however they are parted. Dates and sums are less.
    ("NUMBER", re.compile(r"(?<![\w.,])\+?\d(?:[ /().-]{0,2}\d){4,18}(?![\w])")),
)
_PLACE = re.compile(r"\[(?:EMAIL|LINK|IBAN|NUMBER) \d+\]")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")


@dataclass(frozen=True)
class Masked:
    """A text without what points to a person by itself; `places` says what stood where."""

    text: str
    places: dict[str, str]

    def restore(self, words: str) -> str:
        """Puts back what the answer took over; a place that stands for nothing here is left out."""
        return _PLACE.sub(lambda found: self.places.get(found.group(), ""), words)


def mask(text: str) -> Masked:
    """The text with e-mail addresses, links, IBANs and long numbers replaced, the same by the same name.

    Names of people are not masked: an answer has to address somebody. This lessens what leaves and makes no text
    anonymous: what somebody tells of their life stays in it.
    """
    names: dict[str, str] = {}
    for kind, pattern in _KINDS:
        text = pattern.sub(lambda found, kind=kind: _named(found.group(), kind, names), text)  # type: ignore[misc]
    return Masked(text, {name: value for value, name in names.items()})


def _named(value: str, kind: str, names: dict[str, str]) -> str:
    if kind == "NUMBER" and _DATE.fullmatch(value):
        return value
    if value not in names:
        names[value] = f"[{kind} {len(names) + 1}]"
    return names[value]
