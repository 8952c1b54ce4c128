"""Pure decisions about people: how an address is written so that the same one compares equal."""

import re
import unicodedata

ADDRESS = re.compile(r"^[^\s@<>\"(),:;\\]+@[^\s@<>\"(),:;\\]+$")


def normalise_email(address: str) -> str:
    """Lower case, NFC, trimmed. The local part is lowered too: no provider in use tells cases apart."""
    return unicodedata.normalize("NFC", address).strip().lower()


def is_email(address: str) -> bool:
    """Whether a letter could be addressed to it (a shape, not a proof; RFC 5321 length limits)."""
    local, _, domain = address.rpartition("@")
    return bool(ADDRESS.match(address)) and len(local) <= 64 and 0 < len(domain) <= 255


def name_from_address(address: str) -> str:
    """A presentable name for somebody who gave none: `maya.lind@…` becomes “Maya Lind”."""
    words = re.split(r"[._\-+]+", address.partition("@")[0])
    return " ".join(word.capitalize() for word in words if word and not word.isdigit())
