"""Who is told, who is not, and who is told by a person rather than by a letter to many. Pure."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO

from backstory.kernel.errors import InvalidInput

CHOSEN, BY_HAND, LEFT_OUT = "chosen", "by_hand", "left_out"
ANGRY = 1.5
"""Intensity (0 to 3) from which the latest letter's anger is taken for anger now."""
MOST_ADDED = 20_000


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of somebody when it is decided whether to write to them."""

    has_address: bool = True
    declined: bool = False
    undeliverable: bool = False
    unwanted: bool = False
    told: bool = False
    has_open_complaint: bool = False
    is_angry: bool = False
    needs_care: bool = False  # signs of vulnerability, or danger: never said in so many words


def judge(standing: Standing) -> tuple[str, str]:
    """State and reason of a recipient. What people asked for comes first, then what would be in vain or hurt."""
    if standing.declined:
        return LEFT_OUT, "declined"
    if standing.unwanted:
        return LEFT_OUT, "unwanted"
    if standing.told:
        return LEFT_OUT, "told"
    if standing.needs_care or standing.is_angry:
        return BY_HAND, "person"
    if standing.has_open_complaint:
        return LEFT_OUT, "open"
    if not standing.has_address:
        return BY_HAND, "no_address"
    if standing.undeliverable:
        return BY_HAND, "undeliverable"
    return CHOSEN, ""


@dataclass(frozen=True, slots=True)
class Added:
    """A line of a list of people: only the address is needed."""

    address: str
    name: str = ""
    language: str = ""


def parse_list(text: str, is_address: Callable[[str], bool]) -> list[Added]:
    """Addresses of a CSV text: `address[,name[,language]]` a line, comma, semicolon or tab, a header or none.

    InvalidInput names the first line whose address is none, and a list that is too long.
    """
    sample = text.lstrip("\ufeff")
    first = next((line for line in sample.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    found: dict[str, Added] = {}
    for number, row in enumerate(csv.reader(StringIO(sample), delimiter=delimiter), start=1):
        cells = [cell.strip().strip("\ufeff") for cell in row]
        if not any(cells) or (number == 1 and "@" not in "".join(cells)):
            continue
        address = next((cell for cell in cells if "@" in cell), cells[0]).lower()
        if not is_address(address):
            raise InvalidInput(f"Line {number}: “{address[:80]}” is not an e-mail address.", "list")
        others = [cell for cell in cells if cell.lower() != address]
        language = next((cell.lower() for cell in others if len(cell) == 2 and cell.isalpha()), "")
        name = next((cell for cell in others if cell.lower() != language), "")
        found.setdefault(address, Added(address[:320], name[:200], language))
        if len(found) > MOST_ADDED:
            raise InvalidInput(f"A list can hold {MOST_ADDED:,} addresses.", "list")
    return list(found.values())


def due_now(per_hour: int, sent_in_last_hour: int) -> int:
    """How many letters may go in this minute: a sixtieth of an hour's share, rounded up, never above the hour's."""
    share = -(-per_hour // 60)
    return max(0, min(share, per_hour - sent_in_last_hour))


def fill(text: str, *, name: str, number: str) -> str:
    """The letter for one person. A line that names the complaint is left out for somebody who made none.

    Braces that are no placeholder of ours, and braces in names, stay as they are.
    """
    lines = [line for line in text.splitlines() if number or "{number}" not in line]
    pieces = "\n".join(lines).split("{number}")
    return number.join(piece.replace("{name}", " ".join(name.split())) for piece in pieces)


def language_for(wanted: str, written: Sequence[str], default: str = "en") -> str:
    """The language of the letter: the reader's own if it was written, else English, else the first there is."""
    for language in (wanted[:2].lower(), default[:2].lower(), "en"):
        if language in written:
            return language
    return written[0] if written else ""
