"""The arithmetic of insight: shares with their uncertainty, Pareto order, satisfaction, weeks of the desk. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Literal
from zoneinfo import ZoneInfo

from backstory.kernel.errors import InvalidInput
from backstory.measures.intervals import Share

FEWEST_ANSWERS = 30
"""Below this many answers a satisfaction share is not shown: it would say more about chance than about us."""
TOP_BOXES = frozenset({4, 5})
LONGEST_DAYS = 366 * 3
PRESET_WEEKS: Mapping[str, int] = {"4w": 4, "3m": 13, "6m": 26}
DEFAULT_PRESET = "3m"

Step = Literal["week", "month"]


@dataclass(frozen=True)
class Period:
    """The days `first` to `last`, both included, on the wall calendar of the desk's `zone`."""

    first: date
    last: date
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidInput("The period ends before it begins.", "to")
        if (self.last - self.first).days >= LONGEST_DAYS:
            raise InvalidInput("Choose a period of at most three years.", "from")
        if not self.first.year >= 1970 or self.last.year > 9000:
            raise InvalidInput("Choose dates since 1970.", "from")

    @property
    def start(self) -> datetime:
        """The first moment of the period, in UTC."""
        return datetime.combine(self.first, time(), self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first moment after the period, in UTC."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone).astimezone(UTC)


def preset(name: str, today: date, zone: ZoneInfo) -> Period:
    """The last 4, 13 or 26 calendar weeks (`4w`, `3m`, `6m`) up to and with today; they begin on a Monday."""
    if name not in PRESET_WEEKS:
        raise InvalidInput(f"“{name}” is not a period: choose {', '.join(PRESET_WEEKS)} or custom.", "period")
    monday = today - timedelta(days=today.weekday())
    return Period(monday - timedelta(weeks=PRESET_WEEKS[name] - 1), today, zone)


def next_moment(after: datetime, every: str, weekday: int, hour: int, zone: ZoneInfo) -> datetime:
    """The first `hour` o'clock on the wall after a moment: of any day, of a weekday, or of the first day of a month."""
    day = after.astimezone(zone).date()
    while True:
        wanted = every == "day" or (every == "week" and day.weekday() == weekday) or (every == "month" and day.day == 1)
        moment = datetime.combine(day, time(hour), zone).astimezone(UTC)
        if wanted and moment > after:
            return moment
        day += timedelta(days=1)


@dataclass(frozen=True)
class Bucket:
    """One week (Monday to Sunday) or one month of a period, clipped to it; `whole` tells whether it was not."""

    first: date
    last: date
    whole: bool


def _week(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return first, after - timedelta(days=1)


SPANS: Mapping[str, Callable[[date], tuple[date, date]]] = {"week": _week, "month": _month}


def buckets(period: Period, step: Step) -> list[Bucket]:
    """The weeks or months of a period in order, those with nothing in them too; together they are the period."""
    found, day = [], period.first
    while day <= period.last:
        first, last = SPANS[step](day)
        clipped = max(first, period.first), min(last, period.last)
        found.append(Bucket(*clipped, whole=clipped == (first, last)))
        day = last + timedelta(days=1)
    return found


@dataclass(frozen=True)
class TimeRow:
    """How many in a bucket; `count` is None where nothing is known: the desk had not begun."""

    bucket: Bucket
    count: int | None


def fill(parts: Sequence[Bucket], by_day: Mapping[date, int], known_since: date | None) -> list[TimeRow]:
    """The counts per day summed into buckets: 0 for an empty one, None for one that ended before `known_since`."""
    totals = dict.fromkeys(parts, 0)
    for day, count in by_day.items():
        home = next((part for part in parts if part.first <= day <= part.last), None)
        if home:
            totals[home] += count
    return [
        TimeRow(part, None if known_since is None or part.last < known_since else count)
        for part, count in totals.items()
    ]


@dataclass(frozen=True)
class Satisfaction:
    """Answers to "how satisfied are you?" from 1 to 5. `csat` (4 and 5 of all answers) is None below 30 answers."""

    asked: int
    answered: int
    satisfied: int

    @property
    def csat(self) -> Share | None:
        return Share(self.satisfied, self.answered) if self.answered >= FEWEST_ANSWERS else None

    @property
    def response(self) -> Share:
        return Share(self.answered, self.asked)


def satisfaction(asked: int, scores: Mapping[int, int]) -> Satisfaction:
    """From how many were asked and how many gave each score."""
    answered = sum(scores.values())
    satisfied = sum(count for score, count in scores.items() if score in TOP_BOXES)
    return Satisfaction(max(asked, answered), answered, satisfied)


@dataclass(frozen=True)
class FirstResponse:
    """How long customers waited for a first answer by a person; those who still wait are counted, not guessed."""

    median: timedelta | None
    answered: int
    waiting: int


def first_response(pairs: Iterable[tuple[datetime | None, datetime | None]]) -> FirstResponse:
    """From (first message in, first answer out) per conversation; without a message in, nobody waited."""
    asked = [(start, end) for start, end in pairs if start is not None]
    waits = [max((end - start).total_seconds(), 0.0) for start, end in asked if end is not None]
    middle = timedelta(seconds=median(waits)) if waits else None
    return FirstResponse(middle, len(waits), len(asked) - len(waits))


def descendants(parents: Mapping[int, int | None], root: int) -> frozenset[int]:
    """`root` and everything below it in a tree given as id → parent id."""
    found = {root}
    while more := {pk for pk, parent in parents.items() if parent in found and pk not in found}:
        found |= more
    return frozenset(found)


def top_of(parents: Mapping[int, int | None], pk: int) -> int:
    """The topmost ancestor of `pk`; a ring of parents ends where it closes."""
    seen = {pk}
    while (parent := parents.get(pk)) is not None and parent not in seen:
        seen.add(parent)
        pk = parent
    return pk
