"""Business hours: when a desk is open, and what "two business days" means there.

Days count Monday = 0 … Sunday = 6, as in `datetime.weekday`. Moments go in and come out as aware datetimes
(out: UTC); arithmetic is done on the wall clock of the desk's time zone, so a working day keeps its closing time
across a change of summer time. Pure: no framework, no clock.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from backstory.kernel.errors import InvalidInput

DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WORKING_WEEK = frozenset(range(5))
LAST_MINUTE = time(23, 59)
LONGEST_SEARCH_DAYS = 366 * 2


@dataclass(frozen=True)
class BusinessHours:
    """A weekly pattern of opening: `days` open from `open` to `close`, local time of the IANA zone `tz`.

    `country` (ISO 3166-1 alpha-2) and `subdivision` close the desk on that place's public holidays.
    Raises InvalidInput for an unknown zone or country, no days, or a close that is not after the open.
    """

    tz: str = "UTC"
    days: frozenset[int] = WORKING_WEEK
    open: time = time(9)
    close: time = time(17)
    country: str | None = None
    subdivision: str | None = None

    def __post_init__(self) -> None:
        _zone(self.tz)
        if not self.days or not self.days <= frozenset(range(7)):
            raise InvalidInput("Business days are numbers from 0 (Monday) to 6 (Sunday), at least one.", "days")
        if self.close <= self.open:
            raise InvalidInput("The closing time must be after the opening time.", "close")
        if self.country:
            _public_holidays(self.country, self.subdivision)

    @property
    def zone(self) -> ZoneInfo:
        return _zone(self.tz)

    def is_business_day(self, day: date) -> bool:
        if day.weekday() not in self.days:
            return False
        return not self.country or day not in _public_holidays(self.country, self.subdivision)

    def local(self, moment: datetime) -> datetime:
        """The moment on the desk's wall clock; raises InvalidInput for a naive one."""
        if moment.tzinfo is None:
            raise InvalidInput("A moment needs a time zone.", "moment")
        return moment.astimezone(self.zone)

    def at(self, day: date, clock: time) -> datetime:
        """That wall-clock time on that day, as UTC."""
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def is_open(self, moment: datetime) -> bool:
        local = self.local(moment)
        return self.is_business_day(local.date()) and self.open <= local.time() < self.close


def next_business_moment(moment: datetime, hours: BusinessHours) -> datetime:
    """The earliest moment not before `moment` at which the desk is open, in UTC."""
    if hours.is_open(moment):
        return moment.astimezone(UTC)
    local = hours.local(moment)
    if hours.is_business_day(local.date()) and local.time() < hours.open:
        return hours.at(local.date(), hours.open)
    return hours.at(add_business_days(local.date(), 1, hours), hours.open)


def add_business_days(day: date, count: int, hours: BusinessHours) -> date:
    """The `count`-th business day after `day` (the day itself is not counted); before it where count < 0.

    With 0: `day` itself, or the next business day where the desk is closed on it.
    """
    if count == 0:
        return day if hours.is_business_day(day) else add_business_days(day, 1, hours)
    step = timedelta(days=1 if count > 0 else -1)
    left, quiet = abs(count), 0
    try:
        while left:
            day += step
            open_today = hours.is_business_day(day)
            left -= open_today
            quiet = 0 if open_today else quiet + 1
            if quiet > LONGEST_SEARCH_DAYS:
                raise InvalidInput("These business hours have no open day in two years.", "days")
    except OverflowError:
        raise InvalidInput("The date lies outside the calendar.", "day") from None
    return day


def end_of_business_day(day: date, hours: BusinessHours) -> datetime:
    """Closing time on `day`, in UTC. A day the desk is closed on gets the usual closing time all the same."""
    return hours.at(day, hours.close)


def parse(data: Mapping[str, Any]) -> BusinessHours:
    """Business hours from JSON: `{"tz", "days": [...], "open": "09:00", "close": "17:00"}`, all optional.

    Days are numbers (0 = Monday), English names ("Mon", "monday") or a range ("mon-fri"). Also read: "country",
    "subdivision". Raises InvalidInput naming the field.
    """
    if not isinstance(data, Mapping):
        raise InvalidInput("Business hours must be an object.", "business_hours")
    days = data.get("days")
    return BusinessHours(
        tz=_text(data, "tz") or "UTC",
        days=WORKING_WEEK if days is None else frozenset(_days(days)),
        open=_clock(data.get("open") or "09:00", "open"),
        close=_clock(data.get("close") or "17:00", "close"),
        country=_text(data, "country"),
        subdivision=_text(data, "subdivision"),
    )


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput(f"There is no time zone {name!r}.", "tz") from None


@lru_cache(maxsize=64)
def _public_holidays(country: str, subdivision: str | None) -> Any:
    import holidays

    try:
        return holidays.country_holidays(country.upper(), subdiv=subdivision)
    except NotImplementedError:
        raise InvalidInput(f"No public holidays are known for {country!r} {subdivision or ''}.", "country") from None


def _text(data: Mapping[str, Any], field: str) -> str | None:
    value = data.get(field)
    if value is not None and not isinstance(value, str):
        raise InvalidInput(f"{field} must be text.", field)
    return value or None


def _days(value: Any) -> Iterator[int]:
    parts: Iterable[Any] = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple | set | frozenset):
        raise InvalidInput("days must be a list of day names or numbers.", "days")
    for part in parts:
        if isinstance(part, str) and "-" in part:
            first, last = (_day(end) for end in part.split("-", 1))
            yield from (((first + step) % 7) for step in range((last - first) % 7 + 1))
        else:
            yield _day(part)


def _day(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 6:
        return value
    if isinstance(value, str):
        name = value.strip().lower()
        if name.isdigit() and len(name) == 1 and int(name) <= 6:
            return int(name)
        if len(name) >= 2:
            for number, full in enumerate(DAY_NAMES):
                if full.startswith(name.rstrip(".")):
                    return number
    raise InvalidInput(f"{value!r} is no day: use 0 (Monday) to 6 (Sunday) or an English day name.", "days")


def _clock(value: Any, field: str) -> time:
    if value == "24:00":
        return LAST_MINUTE
    try:
        return time.fromisoformat(value).replace(tzinfo=None)
    except (TypeError, ValueError):
        raise InvalidInput(f"{field} must be a time such as 09:00.", field) from None
