"""`backstory promises`: the promises in texts, with who made them and when they fall due."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from backstory.config.commands.json_lines import Answer, answer_each, text
from backstory.kernel import calendars
from backstory.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from backstory.language.promises import Promise


def promises() -> None:
    """Find promises in JSON lines of {id, text, sent_at, business_hours {tz, days, open, close}} from standard input.

    One line for each: {id, promises: [{quote, start, end, by, due}]}; `due` is ISO 8601 in the desk's time zone, or
    "open". What cannot be used gets a line with its `error`, and the exit code is 1.
    """
    raise typer.Exit(0 if answer_each(sys.stdin.buffer, _promises) else 1)


def _promises(row: Answer) -> Answer:
    from backstory.language.promises import find

    hours = calendars.parse(row.get("business_hours") or {})
    sent_at = _moment(text(row, "sent_at"), hours)
    found = find(text(row, "text"), sent_at, hours)
    return {"promises": [_plain(promise, hours) for promise in found]}


def _plain(promise: Promise, hours: calendars.BusinessHours) -> Answer:
    due = hours.local(promise.due).isoformat() if promise.due else "open"
    return {"quote": promise.quote, "start": promise.start, "end": promise.end, "by": promise.by, "due": due}


def _moment(written: str, hours: calendars.BusinessHours) -> datetime:
    """An ISO 8601 moment; one without an offset is taken on the desk's wall clock."""
    try:
        moment = datetime.fromisoformat(written)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=hours.zone)
        aware.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput("sent_at must be a moment such as 2026-03-10T09:00:00+01:00", "sent_at") from None
    return aware
