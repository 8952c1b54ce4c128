"""Pure decisions about whether two customers may be one person. Each is a ground to ask a person, never a proof."""

import re
import unicodedata
from collections.abc import Iterable

from backstory.people.rules import name_from_address

_PHONE = re.compile(r"(?<![\w-])(?:\+|00)?\(?\d[\d ()./\u00a0-]{6,18}\d(?![\w-])")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}/\d{1,2}/\d{4}")
_TELLING = 9
"""Last digits of a phone number that are compared: with and without the country it is the same one."""


def phones(text: str) -> frozenset[str]:
    """The telephone numbers in a text (a signature), by their last nine digits; shorter ones tell nobody apart."""
    found = (re.sub(r"\D", "", match) for match in _PHONE.findall(_DATE.sub(" ", text)))
    return frozenset(digits[-_TELLING:] for digits in found if len(digits.lstrip("0")) >= _TELLING)


def is_same_name(one: str, other: str) -> bool:
    """Whether two names may be of one person: two words or more in common, and nothing that the shorter one has
    alone. Case, accents and order do not count: “Lind, Maya” is Maya Lind and Maya J. Lind."""
    first, second = _words(one), _words(other)
    return len(first & second) >= 2 and (first <= second or second <= first)


def may_be_named(address: str, name: str) -> bool:
    """Whether an address reads like a name: maya.lind@… for Maya Lind."""
    return is_same_name(name_from_address(address), name)


def _words(name: str) -> frozenset[str]:
    plain = "".join(one for one in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(one))
    return frozenset(re.findall(r"[^\W\d_]{2,}", plain))


def shared_phone(signatures: Iterable[str], others: Iterable[str]) -> bool:
    """Whether the same telephone number stands in a signature of each side."""
    return bool(_all(signatures) & _all(others))


def _all(texts: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(phones(text) for text in texts))
