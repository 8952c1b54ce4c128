"""Raising alarms about causes that rise, and saying what they were."""

from datetime import date, timedelta

from django.db import transaction

from backstory.improvement.actions import open_problem
from backstory.improvement.models import Problem
from backstory.insight import alarms as reading
from backstory.insight import policy
from backstory.insight.alarms import History, Series
from backstory.insight.models import Alarm, WatchedDay
from backstory.insight.queries import today
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed
from backstory.kernel.text import storable
from backstory.live.actions import record
from backstory.measures.early_warning import Rise, level, rise
from backstory.people.models import User

NO_CAUSE = "no cause named yet"
LONGEST_NOTE = 500


def watch() -> int:
    """Hold every whole day that was not looked at against its history; how many alarms were raised.

    Called as often as one likes: each day is watched once.
    """
    return sum(_watch_day(day) for day in reading.days_to_watch(today() - timedelta(days=1)))


def _watch_day(day: date) -> int:
    """Reading and testing happen outside the transaction; whoever writes the day first has watched it."""
    found = reading.history(day)
    threshold = level(len(found.counts))
    rises = _rises(found, threshold, reading.quiet(day))
    with transaction.atomic():
        defaults = {"series": len(found.counts), "level": threshold}
        _, is_mine = WatchedDay.objects.get_or_create(day=day, defaults=defaults)
        if not is_mine:
            return 0
        for series, risen in rises.items():
            _raise(series, risen, day)
    return len(rises)


def _rises(found: History, threshold: float, quiet: set[Series]) -> dict[Series, Rise]:
    """What rises, all channels together before each alone: one alarm about the same complaints is enough."""
    rises: dict[Series, Rise] = {}
    for series in sorted(found.counts, key=lambda one: (one.channel, one.team_id, one.cause_id or 0)):
        whole = Series(series.team_id, series.cause_id, "")
        if {series, whole} & (quiet | rises.keys()):
            continue
        risen = rise(found.counts[series], found.weights[series.team_id], found.last, threshold)
        if risen:
            rises[series] = risen
    return rises


def _raise(series: Series, risen: Rise, day: date) -> None:
    alarm = Alarm.objects.create(
        team_id=series.team_id,
        cause_id=series.cause_id,
        channel=series.channel,
        raised_on=day,
        since=risen.since,
        days=risen.days,
        observed=risen.observed,
        expected=risen.expected,
        p=risen.p,
        dispersion=risen.dispersion,
    )
    record(
        "alarm.raised",
        team_id=alarm.team_id,
        subject=("alarm", alarm.pk),
        cause=_name(alarm),
        observed=alarm.observed,
        expected=_usual(alarm),
        days=alarm.days,
    )


def _name(alarm: Alarm) -> str:
    return alarm.cause.name if alarm.cause else NO_CAUSE


def _usual(alarm: Alarm) -> str:
    return f"{alarm.expected:.1f}" if alarm.expected >= 0.05 else "hardly any"


def _lock(viewer: User, pk: int) -> Alarm:
    """The alarm, held until the transaction ends, if nobody has settled it yet."""
    found = reading.get_alarm(viewer, pk)
    policy.require_insight(viewer, found.team_id)
    alarm = Alarm.objects.select_for_update().get(pk=pk)
    if alarm.state not in Alarm.OPEN:
        raise Conflict("Somebody has already said what this alarm was.")
    return alarm


@transaction.atomic
def decide_alarm(viewer: User, pk: int, state: str, note: str = "") -> Alarm:
    """Say that it is being looked at, or that it was a false alarm (with a word on why it looked like one)."""
    if state not in (Alarm.State.SEEN, Alarm.State.FALSE):
        raise InvalidInput("Choose what the alarm is.", "state")
    words = storable(note).strip()
    if len(words) > LONGEST_NOTE:
        raise InvalidInput("Please keep the note within 500 characters.", "note")
    if state == Alarm.State.FALSE and not words:
        raise InvalidInput("Say in a few words why it was a false alarm: the next reader will wonder.", "note")
    alarm = _lock(viewer, pk)
    return _settle(viewer, alarm, Alarm.State(state), words)


def _settle(viewer: User, alarm: Alarm, state: Alarm.State, words: str, problem: Problem | None = None) -> Alarm:
    alarm.state, alarm.note, alarm.problem = state, words or alarm.note, problem
    alarm.decided_by, alarm.decided_at = viewer, clock.now()
    alarm.save(update_fields=["state", "note", "problem", "decided_by", "decided_at"])
    about, said = ("alarm", alarm.pk), alarm.get_state_display()
    record("alarm.decided", actor=viewer, team_id=alarm.team_id, subject=about, cause=_name(alarm), state=said)
    return alarm


@transaction.atomic
def open_problem_from(viewer: User, pk: int) -> Problem:
    """Open a problem of the alarm's cause and team, with what was seen as its description."""
    alarm = _lock(viewer, pk)
    if not policy.may_open_problem(viewer, alarm.team_id):
        raise NotAllowed("You may not open problems here.")
    seen = (
        f"Early warning of {alarm.raised_on}: {alarm.observed} complaints in {alarm.days} days, "
        f"{_usual(alarm)} were usual. Rising since about {alarm.since}."
    )
    causes = [alarm.cause_id] if alarm.cause_id else []
    problem = open_problem(viewer, f"Rising: {_name(alarm)}"[:150], seen, team_id=alarm.team_id, cause_ids=causes)
    _settle(viewer, alarm, Alarm.State.PROBLEM, "", problem)
    return problem
