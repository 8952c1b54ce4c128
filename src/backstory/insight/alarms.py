"""Reading what rises: the daily counts behind early warning, and the alarms it raised."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import TruncDate

from backstory.cases.models import Complaint
from backstory.conversations.models import Conversation
from backstory.insight.models import Alarm, WatchedDay
from backstory.insight.queries import desk_zone, scope, today
from backstory.kernel.errors import NotFound
from backstory.measures.early_warning import GUARD, HISTORY, MONTH, SHORTEST_HISTORY, WINDOWS, weekday_weights
from backstory.people.models import User

SHOWN_DAYS = 8 * 7
QUIET = timedelta(days=GUARD)
"""After a decision a series may ring again only when the days that rang have left the longest window."""
DECIDED_SHOWN = 30


@dataclass(frozen=True, order=True)
class Series:
    """What is watched: complaints of one cause (None: of no named cause) in a team, by one channel or by all ("")."""

    team_id: int
    cause_id: int | None
    channel: str


@dataclass(frozen=True)
class History:
    """Daily counts of a team's series, oldest first, up to `last`; `weights` are those of its weekdays."""

    last: date
    counts: Mapping[Series, list[int]]
    weights: Mapping[int, tuple[float, ...]]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), desk_zone()).astimezone(UTC)


def history(last: date, days: int = HISTORY + GUARD) -> History:
    """The desk's last `days` up to `last`; a team's history begins with its first conversation."""
    first = last - timedelta(days=days - 1)
    since = _first_days(first)
    daily = _daily(first, last)
    counts: dict[Series, list[int]] = {}
    weights: dict[int, tuple[float, ...]] = {}
    for team_id, begun in since.items():
        span = [begun + timedelta(days=number) for number in range((last - begun).days + 1)]
        mine = {series: found for series, found in daily.items() if series.team_id == team_id}
        counts |= {series: [found[day] for day in span] for series, found in mine.items()}
        whole = Counter[date]()
        for series, found in mine.items():
            whole.update(found if not series.channel else {})
        weights[team_id] = weekday_weights(span, [whole[day] for day in span])
    return History(last, counts, weights)


def _first_days(first: date) -> dict[int, date]:
    rows = Conversation.objects.order_by().values_list("team_id").annotate(begun=Min("created_at"))
    zone = desk_zone()
    return {team_id: max(begun.astimezone(zone).date(), first) for team_id, begun in rows}


def _daily(first: date, last: date) -> dict[Series, Counter[date]]:
    """Complaints per series and day; a team with a single channel is not watched by channel on top."""
    rows = (
        Complaint.objects.filter(received_at__gte=_midnight(first), received_at__lt=_midnight(last + timedelta(days=1)))
        .order_by()
        .values_list("conversation__team_id", "cause_id", "conversation__channel")
        .annotate(day=TruncDate("received_at", tzinfo=desk_zone()), many=Count("pk"))
    )
    found: defaultdict[Series, Counter[date]] = defaultdict(Counter)
    channels: defaultdict[int, set[str]] = defaultdict(set)
    for team_id, cause_id, channel, day, many in rows:
        found[Series(team_id, cause_id, "")][day] += many
        found[Series(team_id, cause_id, channel)][day] += many
        channels[team_id].add(channel)
    return {series: days for series, days in found.items() if not series.channel or len(channels[series.team_id]) > 1}


def days_to_watch(until: date, most: int = GUARD) -> list[date]:
    """The whole days that were not watched yet, oldest first; after a long pause only the last ones."""
    last = WatchedDay.objects.aggregate(last=Max("day"))["last"]
    first = max(last + timedelta(days=1) if last else until, until - timedelta(days=most - 1))
    return [first + timedelta(days=number) for number in range((until - first).days + 1)]


def quiet(day: date) -> set[Series]:
    """The series that may not ring on this day: an alarm is open, or was raised or decided on a short while ago."""
    rows = Alarm.objects.filter(state__in=Alarm.OPEN) | Alarm.objects.filter(raised_on__gt=day - QUIET)
    rows |= Alarm.objects.filter(decided_at__gt=_midnight(day) - QUIET)
    return {Series(*row) for row in rows.values_list("team_id", "cause_id", "channel")}


def alarms(viewer: User) -> QuerySet[Alarm]:
    """The alarms of the teams the viewer has insight into, newest first."""
    rows = Alarm.objects.select_related("team", "cause", "problem", "decided_by")
    return rows.filter(scope(viewer, "")).order_by("-raised_on", "p", "pk")


def get_alarm(viewer: User, pk: int) -> Alarm:
    found = alarms(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such alarm.")
    return found


def open_alarms(viewer: User) -> int:
    """How many alarms nobody has looked at yet."""
    return alarms(viewer).filter(state=Alarm.State.NEW).order_by().count()


@dataclass(frozen=True)
class AlarmView:
    """An alarm with the days around it: (day, complaints, usual for that weekday)."""

    alarm: Alarm
    days: list[tuple[date, int, float]]

    @property
    def times(self) -> float | None:
        """How many times the usual; None where nothing was usual."""
        return self.alarm.observed / self.alarm.expected if self.alarm.expected >= 0.05 else None


@dataclass(frozen=True)
class EarlyWarning:
    """The page: what rings, what was decided lately, and what was watched."""

    open: list[AlarmView]
    decided: list[Alarm]
    watched: WatchedDay | None
    per_month: float | None
    enough_history: bool


def early_warning(viewer: User) -> EarlyWarning:
    rows = alarms(viewer)
    ringing = list(rows.filter(state__in=Alarm.OPEN))
    found = history(today()) if ringing else None
    watched = WatchedDay.objects.order_by("-day").first()
    return EarlyWarning(
        open=[_shown(alarm, found) for alarm in ringing if found],
        decided=list(rows.exclude(state__in=Alarm.OPEN)[:DECIDED_SHOWN]),
        watched=watched,
        per_month=watched.level * MONTH * watched.series * len(WINDOWS) if watched else None,
        enough_history=_has_history(_first_days(date.min).values()),
    )


def _has_history(begun: Iterable[date]) -> bool:
    return any((today() - day).days >= SHORTEST_HISTORY + GUARD for day in begun)


def _shown(alarm: Alarm, found: History) -> AlarmView:
    series = Series(alarm.team_id, alarm.cause_id, alarm.channel)
    counts = found.counts.get(series, [])
    weights = found.weights.get(alarm.team_id, (1.0,) * 7)
    days = [found.last - timedelta(days=back) for back in range(len(counts) - 1, -1, -1)]
    usual = alarm.expected / max(_weight(weights, alarm.raised_on, alarm.days), 1e-9)
    rows = zip(days, counts, strict=True)
    return AlarmView(alarm, [(day, count, usual * weights[day.weekday()]) for day, count in rows][-SHOWN_DAYS:])


def _weight(weights: tuple[float, ...], last: date, days: int) -> float:
    return sum(weights[(last - timedelta(days=back)).weekday()] for back in range(days))
