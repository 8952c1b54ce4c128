"""Domains made to be taken for another: by characters that look alike, a letter more or less, another ending.

After Unicode Technical Standard 39 (confusable skeletons), cut down to what is registered as domain names. Pure.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_ALIKE = str.maketrans(
    {
        # Cyrillic and Greek letters that are drawn like Latin ones
        **dict(zip("аеіїоурсхӏѕјԁԛԝһкмнтвгпь", "aeiioypcxlsjdqwhkmhtbrnb", strict=True)),
        **dict(zip("αβγεικνορτυχω", "abyeikvoptuxw", strict=True)),
        # digits, and letters without a decomposition
        **dict(zip("01358łøđħıſß", "olesblodhisb", strict=True)),
        "i": "l",
    }
)
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))
_SHORTEST = 5
"""Names below this many letters differ by one letter too often to say anything."""
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")


@lru_cache(maxsize=4096)
def readable(domain: str) -> str:
    """A domain as people see it: `xn--` labels decoded (RFC 3492), in lower case, composed."""
    return ".".join(_decoded(label) for label in unicodedata.normalize("NFC", domain).casefold().split("."))


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return unicodedata.normalize("NFC", label[4:].encode("ascii").decode("punycode").casefold())
    except (UnicodeError, ValueError, OverflowError):
        return label


@lru_cache(maxsize=4096)
def skeleton(domain: str) -> str:
    """The domain drawn with one letter for each group that looks alike."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", readable(domain)) if not unicodedata.combining(c))
    drawn = plain.translate(_ALIKE)
    for pair, single in _PAIRS:
        drawn = drawn.replace(pair, single)
    return drawn


def looks_like(domain: str, known: str) -> bool:
    """Whether somebody could take `domain` for `known`. Never for itself, its parts or what it is part of."""
    mine, theirs = readable(domain), readable(known)
    if mine == theirs or mine.endswith(f".{theirs}") or theirs.endswith(f".{mine}"):
        return False
    if "." not in mine or "." not in theirs:
        return False
    if f".{theirs}." in f".{mine}" or theirs.replace(".", "-") in mine:  # shop.example.evil.com, shop-example.com
        return True
    if skeleton(mine) == skeleton(theirs):
        return True
    name, other = mine.rpartition(".")[0], theirs.rpartition(".")[0]
    if name == other:
        return True
    return min(len(name), len(other)) >= _SHORTEST and _is_one_slip_away(skeleton(mine), skeleton(theirs))


def _is_one_slip_away(one: str, other: str) -> bool:
    """Whether one letter added, left out, changed or swapped with its neighbour makes one of the other."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    at = next((index for index, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short))
    if len(short) != len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[:at] + short[at : at + 2][::-1] + short[at + 2 :]
    return swapped == long or short[at + 1 :] == long[at + 1 :]


def mixes_scripts(domain: str) -> bool:
    """Whether one part of the name mixes Latin, Cyrillic and Greek letters, as no honest name does."""
    return any(len(_scripts(label)) > 1 for label in readable(domain).split("."))


def _scripts(label: str) -> set[str]:
    names = {unicodedata.name(letter, "").partition(" ")[0] for letter in label}
    return names.intersection(_SCRIPTS)
