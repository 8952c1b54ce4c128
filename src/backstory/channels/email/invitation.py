"""Calendar invitations as a sentence a person can read (RFC 5545, RFC 6047)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from backstory.channels.email.charsets import decode, one_line

MAX_BYTES = 500_000
_MAX_EVENTS = 5
_METHODS = {
    "REQUEST": "Invitation",
    "CANCEL": "Cancelled",
    "REPLY": "Answer to an invitation",
    "COUNTER": "Other time proposed",
}
_ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "perhaps"}


def describe(data: bytes) -> str:
    """What a calendar file says, one event a paragraph, or "" where it cannot be read or is far too large."""
    if len(data) > MAX_BYTES or b"BEGIN:VCALENDAR" not in data[:2_000].upper():
        return ""
    from icalendar import Calendar  # slow to import, and few letters invite

    try:
        calendar = Calendar.from_ical(decode(data, "utf-8")[0])
        method = one_line(str(calendar.get("method", ""))).upper()
        events = list(calendar.walk("VEVENT"))[:_MAX_EVENTS]
        return "\n\n".join(_event(one, _METHODS.get(method, "Appointment")) for one in events)
    except Exception:  # calendars of other programs break the rules in every way
        return ""


def _event(event: Any, heading: str) -> str:
    lines = [f"{heading}: {_text(event, 'summary') or 'without a title'}"]
    if when := _when(event):
        lines.append(f"When: {when}")
    if where := _text(event, "location"):
        lines.append(f"Where: {where}")
    if organizer := _person(event.get("organizer")):
        lines.append(f"From: {organizer}")
    lines += [f"{_person(one)}: {answer}" for one in _people(event) if (answer := _answer(one))]
    if details := str(event.get("description", "")).strip()[:5_000]:
        lines += ["", details]
    return "\n".join(lines)


def _text(event: Any, name: str) -> str:
    return one_line(str(event.get(name, "")))[:300]


def _when(event: Any) -> str:
    start, end = (getattr(event.get(name), "dt", None) for name in ("dtstart", "dtend"))
    if not isinstance(start, date):
        return ""
    until = f" to {_moment(end)}" if isinstance(end, date) and end != start else ""
    return f"{_moment(start)}{until}{' (repeated)' if event.get('rrule') else ''}"


def _moment(value: date) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    return f"{value:%Y-%m-%d %H:%M} {value.tzname() or ''}".strip()


def _people(event: Any) -> list[Any]:
    people = event.get("attendee", [])
    return list(people)[:20] if isinstance(people, list) else [people]


def _person(value: Any) -> str:
    if value is None:
        return ""
    address = one_line(str(value)).removeprefix("mailto:").removeprefix("MAILTO:")
    name = one_line(str(getattr(value, "params", {}).get("CN", "")))
    return f"{name} <{address}>" if name and name != address else address


def _answer(value: Any) -> str:
    return _ANSWERS.get(str(getattr(value, "params", {}).get("PARTSTAT", "")).upper(), "")
