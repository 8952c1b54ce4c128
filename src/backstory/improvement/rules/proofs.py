"""From weeks of complaints and exposure to a verdict, charts and recurrence. Pure; all statistics are `measures`'."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backstory.improvement.rules.weeks import monday_of
from backstory.kernel.errors import InvalidInput
from backstory.measures import control_charts as charts
from backstory.measures.before_after import Tally
from backstory.measures.cusum import Cusum, cusum
from backstory.measures.verdict import Case, Judgement, Reporting, judge

WEEK = timedelta(days=7)
FEWEST_BASELINE_WEEKS = 8
MOST_BASELINE_WEEKS = 104
FEWEST_WEEKS_AFTER = 4
RUN_LENGTH = 370
"""Weeks an unchanged process runs on average before it is alarmed by mistake: as at three sigma."""


@dataclass(frozen=True, slots=True)
class WeekOf:
    """Complaints and exposure of one whole week."""

    monday: date
    count: int
    exposure: int


def usable(weeks: Sequence[WeekOf], kind: str) -> list[WeekOf]:
    """The weeks whose exposure is known; for shares no week can hold more complaints than exposure."""
    known = [week for week in weeks if week.exposure > 0]
    return [week for week in known if week.count <= week.exposure] if kind == charts.Kind.P else known


def total(weeks: Sequence[WeekOf]) -> Tally | None:
    """All of them together; None where nothing was exposed."""
    exposure = sum(week.exposure for week in weeks)
    return Tally(sum(week.count for week in weeks), exposure) if exposure else None


def check_dates(first: date, last: date, start: date, end: date) -> None:
    """Raise InvalidInput unless the weeks of a plan make sense: a baseline, then the fix, then time to judge it."""
    if last < first:
        raise InvalidInput("The baseline ends before it begins.", "baseline_last")
    weeks = (monday_of(last) - monday_of(first)).days // 7 + 1
    if not FEWEST_BASELINE_WEEKS <= weeks <= MOST_BASELINE_WEEKS:
        raise InvalidInput(
            f"The baseline needs {FEWEST_BASELINE_WEEKS} to {MOST_BASELINE_WEEKS} whole weeks.", "baseline_first"
        )
    if start <= last:
        raise InvalidInput("The fix begins after the baseline has ended.", "start")
    if end < start + FEWEST_WEEKS_AFTER * WEEK:
        raise InvalidInput(f"Give it at least {FEWEST_WEEKS_AFTER} weeks before it is judged.", "end")


def first_week_after(start: date) -> date:
    """The Monday of the first week that lies wholly after the fix."""
    return start if start.weekday() == 0 else monday_of(start) + WEEK


def gaps(weeks: Sequence[WeekOf]) -> list[float]:
    """The exposure between one complaint and the next, those of a week spread evenly over it."""
    found: list[float] = []
    since = 0.0
    for week in weeks:
        for _ in range(week.count):
            found.append(since + week.exposure / (week.count + 1))
            since = 0.0
        since += week.exposure / (week.count + 1)
    return found


def freeze(kind: str, weeks: Sequence[WeekOf]) -> charts.Baseline:
    """The limits of a baseline; InvalidInput where it holds too little for the chart."""
    known = usable(weeks, kind)
    if len(known) < FEWEST_BASELINE_WEEKS:
        raise InvalidInput("The exposure of too many baseline weeks is not known: enter it first.", "series")
    if sum(week.count for week in known) == 0:
        raise InvalidInput("There was no complaint in the baseline: nothing could be shown to fall.", "baseline_first")
    if kind == charts.Kind.G:
        return charts.freeze_gaps(gaps(known))
    return charts.freeze(charts.Kind(kind), *_columns(known))


def _columns(weeks: Sequence[WeekOf]) -> tuple[list[int], list[float]]:
    return [week.count for week in weeks], [float(week.exposure) for week in weeks]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A point of the chart: which week (for g: of which complaint), its value, limits, and what it tells."""

    monday: date
    value: float
    lower: float
    upper: float
    signals: tuple[str, ...]


def drawn(baseline: charts.Baseline, weeks: Sequence[WeekOf]) -> list[Drawn]:
    """The points of the weeks against frozen limits."""
    known = usable(weeks, baseline.kind)
    if not known:
        return []
    if baseline.kind == charts.Kind.G:
        days = [week.monday for week in known for _ in range(week.count)]
        found = charts.gap_chart(baseline, gaps(known)).points if days else ()
    else:
        days = [week.monday for week in known]
        found = charts.chart(baseline, *_columns(known)).points
    return [
        Drawn(day, point.value, point.lower, point.upper, tuple(str(one) for one in point.signals))
        for day, point in zip(days, found, strict=True)
    ]


def verdict(
    before: Sequence[WeekOf],
    after: Sequence[WeekOf],
    earlier: Sequence[WeekOf],
    reporting: Reporting,
    *,
    target: float,
    is_end: bool,
) -> Judgement | None:
    """The verdict; None where no whole week has passed since the fix."""
    whole_before, whole_after = total(before), total(after)
    if whole_before is None or whole_after is None:
        return None
    history = tuple(Tally(week.count, week.exposure) for week in before if week.exposure)
    case = Case(
        before=whole_before,
        after=whole_after,
        reporting=reporting,
        history=history,
        earlier=total(earlier),
        target=target,
        is_planned_end=is_end,
    )
    return judge(case)


def weeks_needed(judgement: Judgement, before: Sequence[WeekOf]) -> int | None:
    """How many weeks after the fix it takes to see the target with a power of 80 %; None where it never would."""
    known = [week.exposure for week in before if week.exposure]
    if judgement.needed is None or not known:
        return None
    return -(-int(judgement.needed) // max(1, round(sum(known) / len(known))))


def fall(before: Sequence[WeekOf], after: Sequence[WeekOf], target: float) -> Cusum | None:
    """CUSUM downward from the baseline's weekly mean to the target's; complaints brought to the usual exposure."""
    if not total(before):
        return None
    usual = sum(week.exposure for week in before) / len(before)
    mean = sum(week.count for week in before) / len(before)
    if mean <= 0 or not after or target >= 1:
        return None
    return cusum(_at_usual(after, usual), mean, mean * target, RUN_LENGTH)


def _at_usual(weeks: Sequence[WeekOf], usual: float) -> list[int]:
    return [round(week.count * usual / week.exposure) for week in weeks if week.exposure]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """It is back: since which week, and how it was seen (`above` a limit, or a `cusum` that rose)."""

    monday: date
    how: str


def recurrence(before: Sequence[WeekOf], proven: Sequence[WeekOf], since: Sequence[WeekOf]) -> Recurrence | None:
    """Whether it has come back after it was proven gone.

    The level that was proven is the new normal: a u-chart frozen on it, and a CUSUM upward from it to the old rate.
    """
    old, new = total(before), total(proven)
    watched = [week for week in since if week.exposure]
    if old is None or new is None or not watched:
        return None
    usual = new.exposure / len([week for week in proven if week.exposure])
    rate = max(new.count, 0.5) / new.exposure
    baseline = charts.Baseline(charts.Kind.U, rate, len(proven))
    for point in drawn(baseline, watched):
        if charts.Signal.ABOVE in point.signals and point.value >= min(old.rate, 2 * rate):
            return Recurrence(point.monday, "above")
    if old.rate <= rate:
        return None
    rising = cusum(_at_usual(watched, usual), rate * usual, old.rate * usual, RUN_LENGTH)
    return None if rising.alarm is None else Recurrence(watched[rising.alarm].monday, "cusum")
