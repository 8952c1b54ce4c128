"""Weeks of the desk's calendar, Monday to Sunday. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Week:
    """How many in the week that begins on `monday`; `whole` is False for one that is not over."""

    monday: date
    count: int
    whole: bool


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def fill(first: date, last: date, by_day: Mapping[date, int]) -> list[Week]:
    """The weeks from that of `first` to that of `last`, those with nothing in them too."""
    counts: dict[date, int] = {}
    for day, count in by_day.items():
        counts[monday_of(day)] = counts.get(monday_of(day), 0) + count
    found, monday = [], monday_of(first)
    while monday <= last:
        found.append(Week(monday, counts.get(monday, 0), monday + timedelta(days=6) <= last))
        monday += timedelta(days=7)
    return found
