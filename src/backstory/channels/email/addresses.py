"""Addresses in From, To, Cc and Reply-To: the standard library's lenient reader, encoded words kept whole."""

from __future__ import annotations

import email.utils
import re
from functools import lru_cache

from backstory.channels.email.charsets import one_line
from backstory.channels.email.headers import decode_words
from backstory.conversations.letters import Address

_ENCODED_WORD = re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=")
_PLACEHOLDER = re.compile("\ue000(\\d+)\ue001")
_USABLE = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\\]+")
_LOOSE = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")
_ROUTE = re.compile(r"(?i)mailto:|(?<![\w.])@[\w.,@-]{1,200}:(?=[^\s@]{1,64}@)")
_MAX_ADDRESSES = 500
_HAS_STRICT = getattr(email.utils, "supports_strict_parsing", False)


def _read_list(value: str) -> list[tuple[str, str]]:
    """Pairs of name and address; strict reading, the newer default, drops a whole field for one bad
    address.
    """
    if _HAS_STRICT:
        return email.utils.getaddresses([value], strict=False)
    return email.utils.getaddresses([value])


def parse_addresses(values: list[str]) -> tuple[Address, ...]:
    """Every address in the raw fields; a name without a usable address is kept with an empty `email`."""
    return tuple(one for value in values for one in _field(value))[:_MAX_ADDRESSES]


@lru_cache(maxsize=256)
def _field(value: str) -> tuple[Address, ...]:
    """The addresses of one field; From and To of a letter are asked for several times over."""
    words: list[str] = []

    def keep(match: re.Match[str]) -> str:
        words.append(match.group(0))
        return f"\ue000{len(words) - 1}\ue001"

    plain = _ROUTE.sub("", value.replace("\ue000", "").replace("\ue001", ""))
    protected = _ENCODED_WORD.sub(keep, plain)
    try:
        pairs = _read_list(protected)
    except (RecursionError, IndexError, ValueError):
        pairs = [("", found) for found in _LOOSE.findall(protected)]
    restored = [(_restore(name, words), _restore(email, words)) for name, email in pairs]
    return tuple(_joined([one for name, email in restored if (one := _address(name, email)) is not None]))


def _joined(found: list[Address]) -> list[Address]:
    """With a name that a comma, a bracket or "mailto:" tore from its address put before it again."""
    kept: list[Address] = []
    for one in found:
        before = kept[-1] if kept else None
        if before is not None and one.email and (not before.email or _is_quoted_twin(before, one)):
            name = "" if before.email else before.name
            kept[-1] = Address(one.email, ", ".join(part for part in (name, one.name) if part))
        else:
            kept.append(one)
    return kept


def _is_quoted_twin(before: Address, one: Address) -> bool:
    """'maya@customer.example' <maya@customer.example>: the address as its own name."""
    return not before.name and before.email.strip("'") == one.email and before.email != one.email


def _restore(text: str, words: list[str]) -> str:
    def back(match: re.Match[str]) -> str:
        index = int(match.group(1))
        return f" {words[index]} " if index < len(words) else ""

    return decode_words(_PLACEHOLDER.sub(back, text))


def _address(name: str, email: str) -> Address | None:
    before, _, last = email.rpartition(" ")
    if before and not name and "@" not in before and (torn := normalise(last)) is not None:
        return Address(torn, _name(before, torn))  # "Maya maya@customer.example"
    usable = normalise(email)
    if usable is None and (found := _LOOSE.search(email)):
        usable = normalise(found.group(0))
    if usable is not None:
        return Address(usable, _name(name, usable))
    label = _name(name or email, "")
    return Address("", label) if label else None


def _name(name: str, email: str) -> str:
    shown = one_line(name).strip("'\" ")[:200]
    return "" if shown.lower() == email.lower() else shown


def normalise(email: str) -> str | None:
    """`email` with its domain in lower case, or None where it is no address. RFC 5321 4.1.2, loosely."""
    text = one_line(email).replace(" ", "").strip("<>").rstrip(".")
    if len(text) > 320 or not _USABLE.fullmatch(text):
        return None
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}"


def plus_token(email: str) -> str:
    """The part after "+" of a plus-addressed mailbox ("support+TOKEN@…"), or ""."""
    return email.rpartition("@")[0].partition("+")[2]


def without_plus(email: str) -> str:
    """The address as it stands on a mailbox: without its plus part, in lower case."""
    local, _, domain = email.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}".lower()
