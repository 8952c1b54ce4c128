"""Who may be asked why they left, and how a list of lost customers is read. Pure."""

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import StringIO

from backstory.kernel.errors import InvalidInput

LONGEST_LIST = 5_000
ASK_UNTIL = timedelta(days=365)
"""Later than this after they left nobody is asked any more."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """What decides whether somebody who left is asked why."""

    is_waiting: bool
    ask_at: datetime
    open_complaints: int
    declined: bool
    last_asked_at: datetime | None
    rest: timedelta


def verdict(facts: Leaving, moment: datetime) -> str:
    """`ask`, `wait`, or why not: `declined` or `late`. Once asked, nobody is asked again."""
    if not facts.is_waiting or moment < facts.ask_at:
        return "wait"
    if facts.declined:
        return "declined"
    if moment > facts.ask_at + ASK_UNTIL:
        return "late"
    rested = facts.last_asked_at is None or moment - facts.last_asked_at >= facts.rest
    return "ask" if rested and not facts.open_complaints else "wait"


@dataclass(frozen=True, slots=True)
class Gone:
    """One line of an imported list."""

    email: str
    name: str = ""
    cause: str = ""
    left_on: date | None = None


def read_list(text: str) -> list[Gone]:
    """A CSV list of lost customers: a head with `email` and, if known, `name`, `cause` (its slug) and `left_on` (such
    as 2026-03-31). Raises InvalidInput naming the line."""
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff")))
    heads = [name.strip().lower() for name in reader.fieldnames or ()]
    if "email" not in heads:
        raise InvalidInput("The first line names the columns, and one of them is “email”.", "list")
    reader.fieldnames = heads
    found = []
    for number, row in enumerate(reader, 2):
        if number > LONGEST_LIST + 1:
            raise InvalidInput(f"Please bring in at most {LONGEST_LIST} at a time.", "list")
        found.append(_gone(number, {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}))
    return found


def _gone(number: int, row: dict[str, str]) -> Gone:
    email = row.get("email", "")
    if "@" not in email.strip("@") or " " in email or len(email) > 320:
        raise InvalidInput(f"Line {number}: “{email[:60]}” is no e-mail address.", "list")
    left = row.get("left_on", "")
    try:
        day = date.fromisoformat(left) if left else None
    except ValueError:
        raise InvalidInput(f"Line {number}: “{left[:30]}” is no date such as 2026-03-31.", "list") from None
    return Gone(email, row.get("name", "")[:200], row.get("cause", ""), day)
