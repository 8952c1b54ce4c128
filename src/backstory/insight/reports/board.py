"""The board's page: a few figures, how sure they are, which way they go, and words for each."""

from collections.abc import Callable
from datetime import date, timedelta

from babel import dates
from django.utils.translation import gettext as _

from backstory.insight import rules
from backstory.insight.reports import breakdown, reading, tally
from backstory.insight.reports.asking import Asked, Lens
from backstory.insight.reports.shape import Cell, Chart, Column, Report, Row, Section
from backstory.insight.reports.tally import Tally
from backstory.insight.rules import Period
from backstory.insight.warehouse import Snapshot
from backstory.measures import before_after
from backstory.measures.intervals import Share, difference

MONTHS = 12
Shares = list[tuple[str, str, Callable[[Tally], Share]]]


def _shares() -> Shares:
    return [
        ("upheld", _("Upheld"), lambda one: one.upheld),
        ("promises_kept", _("Promises kept"), lambda one: one.promises),
        ("recovered", _("Calmer at the end"), lambda one: one.recovered),
        ("satisfied", _("Satisfied customers"), lambda one: one.satisfaction),
        ("reopened", _("Reopened"), lambda one: one.reopened),
    ]


def board(snapshot: Snapshot, asked: Asked) -> Report:
    """Of the period, held against the one chosen, or against the one before where none was."""
    against = asked if asked.compared else Asked(asked.viewer, asked.period, "before", asked.team_id)
    compared = against.compared or asked.period
    now, before = tally.whole(Lens(snapshot, asked, asked.period)), tally.whole(Lens(snapshot, asked, compared))
    return Report(
        name="board",
        title=_("For the board"),
        first=asked.period.first,
        last=asked.period.last,
        words=_("How many complaints there were, how they were handled, and whether it is getting better."),
        sections=[_trend(snapshot, asked)],
        compared=(compared.first, compared.last),
        method=[*_method(), *breakdown.method()],
        figures=_figures(now, before, asked.period, compared),
    )


def _figures(now: Tally, before: Tally, period: Period, compared: Period) -> list[tuple[str, Cell, str]]:
    counted = count_words(now.received, before.received, _days(period), _days(compared))
    found: list[tuple[str, Cell, str]] = [(_("Complaints"), now.received, counted)]
    found.append((_("Time to close"), now.time_to_close, _words(now.time_to_close, before.time_to_close)))
    for name, title, share in _shares():
        cell = breakdown.satisfied(share(now)) if name == "satisfied" else share(now)
        found.append((title, cell, share_words(share(now), share(before)) if isinstance(cell, Share) else ""))
    found.append((_("Remedies"), now.money, _("before %(amount)s") % {"amount": reading.figure(before.money)}))
    return found


def _days(period: Period) -> int:
    return (period.last - period.first).days + 1


def _words(now: Cell, before: Cell) -> str:
    return _("median of closed complaints; before %(figure)s") % {"figure": reading.figure(before)}


def count_words(now: int, before: int, days: int, days_before: int) -> str:
    """How much a count changed, and whether by more than chance."""
    if not before:
        return _("none before") if now else _("none before either")
    change = round(100 * (now / days) / (before / days_before) - 100)
    words = {"change": f"{change:+d} %", "before": before, "verdict": verdict(now, before, days, days_before)}
    return _("%(change)s against %(before)d before: %(verdict)s") % words


def verdict(now: int, before: int, days: int, days_before: int) -> str:
    """Whether a count changed by more than chance: the exact conditional test of two Poisson counts."""
    found = before_after.compare(before_after.Tally(before, days_before), before_after.Tally(now, days))
    if min(found.p_fewer, found.p_more) > 0.025:  # two-sided, 5 %
        return _("within chance")
    return _("a clear fall") if found.p_fewer < found.p_more else _("a clear rise")


def share_words(now: Share, before: Share) -> str:
    """In words whether a share changed by more than chance: Newcombe's interval of the difference leaves 0 out."""
    gap = difference(now, before)
    if gap is None:
        return _("nothing to compare with")
    was = _("before %(figure)s") % {"figure": reading.figure(before)}
    if gap[0] <= 0 <= gap[1]:
        return _("%(was)s: no clear change") % {"was": was}
    return (_("%(was)s: clearly more") if gap[0] > 0 else _("%(was)s: clearly less")) % {"was": was}


def _trend(snapshot: Snapshot, asked: Asked) -> Section:
    """The twelve months up to the period's end, whatever its length."""
    last = asked.period.last
    year = Period(_first_of_month(last, MONTHS - 1), last, asked.period.zone)
    months = rules.buckets(year, "month")
    found = tally.by_month(Lens(snapshot, asked, year))
    began = Lens(snapshot, asked, year).rows("SELECT min(began_at) FROM seen")[0][0]
    lines = [
        (month.first, found.get(f"{month.first:%Y-%m}", Tally()))
        for month in months
        if began is not None and month.last >= began.date()  # before, nothing was known: that is not the same as none
    ]
    columns = [
        Column("month", _("Month"), "text"),
        Column("complaints", _("Complaints")),
        Column("closed", _("Closed")),
        *(Column(name, title, "share") for name, title, _share in _shares()),
        Column("remedies", _("Remedies"), "money"),
    ]
    rows = [Row([_month(first), one.received, one.closed, *_cells(one), one.money]) for first, one in lines]
    labels = [_month(first) for first, _one in lines]
    drawn = [(title, [share(one).value for _first, one in lines]) for _name, title, share in _shares()[:3]]
    chart = Chart("lines", labels, drawn, percent=True)
    words = _("The last %(months)d months; the newest may not be over.") % {"months": MONTHS}
    return Section("trend", _("Month by month"), columns, rows, words, chart=chart)


def _cells(one: Tally) -> list[Cell]:
    return [breakdown.satisfied(share(one)) if name == "satisfied" else share(one) for name, _title, share in _shares()]


def _month(first: date) -> str:
    return dates.format_skeleton("yMMM", first, locale=reading.locale())


def _first_of_month(day: date, back: int) -> date:
    first = day.replace(day=1)
    for _step in range(back):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def _method() -> list[str]:
    return [
        _("“Clear” means: more than chance alone makes likely. Counts by the exact conditional test of two Poisson "
          "counts (two-sided, 5 %%), shares by Newcombe's score interval of their difference (1998). With %(n)d "
          "figures about one in four such pages shows a “clear” change by chance: look at the months before acting.")
        % {"n": 1 + len(_shares())},
        _("That fewer complaints come in does not have to be good news: most people who are dissatisfied say nothing."),
    ]  # fmt: skip
