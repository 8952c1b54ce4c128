"""Deadlines in a clause: "by Friday", "binnen zwei Werktagen", "antes de fin de mes", "d'ici demain 17 h".

Resolved against the moment of sending and the desk's business hours:
a day without a clock time falls due at closing time of that day; a period (week, month) at closing time of its last
business day; hours and minutes are counted exactly; "business days" skip closed days; plain days do not.
A numeric date is day-first, except for desks in an American time zone and where only the other order is to come.
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Literal

from backstory.kernel.calendars import BusinessHours, add_business_days, end_of_business_day
from backstory.language import clock_times
from backstory.language import deadline_words as words
from backstory.language.text import fold

Kind = Literal["date", "weekday", "day", "duration", "period", "clock", "vague"]
PRECEDENCE: tuple[Kind, ...] = ("date", "weekday", "day", "duration", "period")
END_OF_DAY = time(23, 59)
OVER_A_YEAR = timedelta(days=400)


@dataclass(frozen=True)
class Deadline:
    """`text[start:end]` names the deadline; `due` is aware UTC, or None where it is left open ("shortly").

    `names_day` is false where only a time of day is named: the day is then today or tomorrow, unless one was named
    before.
    """

    start: int
    end: int
    due: datetime | None
    names_day: bool = True


@dataclass(frozen=True)
class _Part:
    kind: Kind
    start: int
    end: int
    day: date | None = None
    clock: time | None = None
    exact: datetime | None = None


def resolve(text: str, sent_at: datetime, hours: BusinessHours) -> Deadline | None:
    """The deadline that a clause names, or None. Of several the most exact kind wins, then the latest."""
    sent = hours.local(sent_at)
    try:
        parts = list(_parts(_without_habits(text), sent, hours))
    except (OverflowError, ValueError):
        return None
    if not parts:
        return None
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    names_day = any(part.kind not in ("clock", "vague") for part in parts)
    return Deadline(start, end, _due(parts, sent, hours), names_day)


def stated(text: str, sentences: Sequence[tuple[int, int, bool]]) -> tuple[int, int] | None:
    """The place of the words that say by when something shall be done, None where no sentence says so.

    Each of `sentences` is (start, end, whether it asks for something). A time after "by", "before" or "until" counts,
    and any time in a sentence that asks or tells of what is to come: "the lift failed on Monday" names no deadline.
    """
    best: tuple[int, int, int] | None = None
    for start, end, asks in sentences:
        found = _best_stated(text[start:end], asks)
        if found and (best is None or found[0] > best[0]):
            best = found[0], start + found[1], start + found[2]
    return best[1:] if best else None


def _best_stated(sentence: str, asks: bool) -> tuple[int, int, int] | None:
    """(how sure, start, end) of the surest deadline in a sentence."""
    to_come, past = bool(words.TO_COME.search(sentence)), bool(words.PAST.search(sentence))
    best: tuple[int, int, int] | None = None
    for match in words.STATED.finditer(sentence):
        bounded = bool(match["bound"])
        if (match["span"] and not bounded) or (past and not asks) or not (bounded or asks or to_come):
            continue
        sure = 2 * asks + bounded + to_come
        if best is None or sure > best[0]:
            best = sure, match.start(), match.end()
    return best


def _due(parts: list[_Part], sent: datetime, hours: BusinessHours) -> datetime | None:
    clocks = [part.clock for part in parts if part.clock]
    for kind in PRECEDENCE:
        found = [part for part in parts if part.kind == kind]
        exact = [part.exact for part in found if part.exact]
        days = [part.day for part in found if part.day]
        if exact:
            return max(exact).astimezone(UTC)
        if days:
            return _on(max(days), clocks[0] if clocks else None, sent, hours)
    if clocks:
        today = hours.at(sent.date(), clocks[0])
        return today if today > sent else hours.at(sent.date() + timedelta(days=1), clocks[0])
    return None


def _on(day: date, clock: time | None, sent: datetime, hours: BusinessHours) -> datetime:
    due = hours.at(day, clock) if clock else end_of_business_day(day, hours)
    return due if due > sent else hours.at(day, END_OF_DAY)


def _parts(text: str, sent: datetime, hours: BusinessHours) -> Iterator[_Part]:
    yield from _dates(text, sent, hours)
    yield from _weekdays(text, sent)
    yield from _relative_days(text, sent)
    yield from _durations(text, sent, hours)
    yield from _periods(text, sent, hours)
    for found in clock_times.find(text, hours.close):
        yield _Part("clock", found.start, found.end, clock=found.clock)
    for match in words.VAGUE.finditer(text):
        yield _Part("vague", *match.span())


def _without_habits(text: str) -> str:
    """The text without "every Friday": a habit is no deadline. Places stay."""
    return words.EVERY.sub(lambda match: " " * len(match.group()), text)


def _dates(text: str, sent: datetime, hours: BusinessHours) -> Iterator[_Part]:
    for match in words.ISO_DATE.finditer(text):
        year, month, day = (int(number) for number in match.groups())
        yield from _dated(match, _date(year, month, day))
    for match in words.NUMERIC_DATE.finditer(text):
        yield from _dated(match, _numeric_date(match, sent, hours))
    for match in words.NAMED_DATE.finditer(text):
        month = words.MONTHS[fold(match["month"] or match["month_first"]).rstrip(".")]
        day = int(match["day"] or match["day_second"])
        yield from _dated(match, _year_found(match["year"], month, day, sent))
    for match in words.DAY_OF_MONTH.finditer(text):
        named = next(found for found in match.groupdict().values() if found)
        yield from _dated(match, _next_day_of_month(int(named), sent.date()))
    for match in words.MONTH_MIDDLE.finditer(text):
        yield from _dated(match, _year_found(None, words.MONTHS[fold(match["month"])], 15, sent))


def _numeric_date(match: re.Match[str], sent: datetime, hours: BusinessHours) -> date | None:
    """The day first, at a desk in America the month; the other way round where only that gives a day to come."""
    first, second = int(match["first"]), int(match["second"] or match["second_dotted"])
    orders = [(second, first), (first, second)]
    if "/" not in match.group():
        orders = orders[:1]
    elif hours.tz.startswith(("America/", "US/")):
        orders.reverse()
    year = match["year"] or match["year_dotted"]
    coming = (_year_found(year, month, day, sent) for month, day in orders)
    return next((day for day in coming if day), None)


def _dated(match: re.Match[str], day: date | None) -> Iterator[_Part]:
    if day and words.WEEK_OF.search(match.string, 0, match.start()):
        day += timedelta(days=4 - day.weekday() if day.weekday() < 5 else 0)
    if day:
        yield _Part("date", *match.span(), day=day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year_found(year: str | None, month: int, day: int, sent: datetime) -> date | None:
    """A date without a year is the coming one; one that has just passed is talk about the past, no deadline."""
    if year:
        found = _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        return found if found and sent.date() <= found <= sent.date() + OVER_A_YEAR * 5 else None
    this_year = _date(sent.year, month, day)
    if this_year and this_year >= sent.date():
        return this_year
    next_year = _date(sent.year + 1, month, day)
    return next_year if next_year and (next_year - sent.date()).days < 184 else None


def _next_day_of_month(day: int, today: date) -> date | None:
    this_month = _date(today.year, today.month, day)
    if this_month and this_month >= today:
        return this_month
    later = _plus_months(today.replace(day=1), 1)
    return _date(later.year, later.month, day)


def _weekdays(text: str, sent: datetime) -> Iterator[_Part]:
    next_week = words.NEXT_WEEK.search(text)
    for match in words.WEEKDAY.finditer(text):
        number = words.WEEKDAYS[fold(next(name for name in _names(match) if name))]
        monday = sent.date() - timedelta(days=sent.weekday())
        if next_week or match["next"]:
            day = monday + timedelta(days=7 + number)
        else:
            day = sent.date() + timedelta(days=(number - sent.weekday() - 1) % 7 + 1)
        yield _Part("weekday", *match.span(), day=day)


def _names(match: re.Match[str]) -> list[str | None]:
    return [match[group] for group in ("day", "short", "short_by", "short_on", "short_de", "short_bis", "short_uhr")]


def _relative_days(text: str, sent: datetime) -> Iterator[_Part]:
    for days, pattern in words.RELATIVE_DAYS:
        for match in pattern.finditer(text):
            yield _Part("day", *match.span(), day=sent.date() + timedelta(days=days))


def _durations(text: str, sent: datetime, hours: BusinessHours) -> Iterator[_Part]:
    for match in chain(words.DURATION.finditer(text), words.FROM_NOW.finditer(text)):
        named = match.groupdict()
        amount = words.number(named.get("most") or named["count"])
        unit = words.UNITS[fold(named["unit"])]
        business = bool(named["business"] or named.get("business_after")) or unit == "business day"
        if amount is None:
            continue
        amount += 1 if named.get("or_two") else 0
        if unit in ("minute", "hour"):
            exact = sent.astimezone(UTC) + timedelta(**{unit + "s": amount})
            yield _Part("duration", *match.span(), exact=exact)
        else:
            day = _days_on(sent.date(), amount, unit, business, hours)
            yield _Part("duration", *match.span(), day=day)
    for match in words.HALF_HOUR.finditer(text):
        yield _Part("duration", *match.span(), exact=sent.astimezone(UTC) + timedelta(minutes=30))


def _days_on(today: date, amount: float, unit: str, business: bool, hours: BusinessHours) -> date:
    count = max(1, round(amount))
    if unit == "month":
        return _plus_months(today, count)
    if unit == "week":
        return today + timedelta(weeks=count)
    return add_business_days(today, count, hours) if business else today + timedelta(days=count)


def _plus_months(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _periods(text: str, sent: datetime, hours: BusinessHours) -> Iterator[_Part]:
    today = sent.date()
    sunday = today + timedelta(days=6 - today.weekday())
    month_end = _plus_months(today.replace(day=1), 1) - timedelta(days=1)
    ends: dict[str, date] = {
        "this week": sunday,
        "next week": sunday + timedelta(days=7),
        "this month": month_end,
        "next month": _plus_months(today.replace(day=1), 2) - timedelta(days=1),
        "this year": date(today.year, 12, 31),
    }
    for name, pattern in words.PERIODS:
        for match in pattern.finditer(text):
            last = add_business_days(ends[name] + timedelta(days=1), -1, hours)
            yield _Part("period", *match.span(), day=last if last >= today else ends[name])
    for match in words.MONTH_END.finditer(text):
        first = _year_found(match["year"], words.MONTHS[fold(match["month"])], 28, sent)
        if first:
            after = _plus_months(first.replace(day=1), 1)
            yield _Part("period", *match.span(), day=add_business_days(after, -1, hours))
    for match in words.END_OF_BUSINESS_DAY.finditer(text):
        yield _Part("period", *match.span(), day=today)
