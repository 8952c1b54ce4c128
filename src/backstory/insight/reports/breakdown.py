"""Complaints by team, cause, channel and whatever else tells them apart, against another period if asked."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from backstory.insight.reports import tally
from backstory.insight.reports.asking import Asked, Lens
from backstory.insight.reports.dimensions import UNKNOWN, Dimension
from backstory.insight.reports.shape import Cell, Chart, Column, Hidden, Report, Row, Section
from backstory.insight.reports.tally import ALL, Tally
from backstory.insight.rules import FEWEST_ANSWERS
from backstory.insight.warehouse import Snapshot
from backstory.measures.intervals import Share

MOST_BARS = 15


def columns(head: str) -> list[Column]:
    return [
        Column("group", head, "text"),
        Column("complaints", _("Complaints")),
        Column("first_answer", _("First answer"), "span"),
        Column("closed", _("Closed")),
        Column("time_to_close", _("Time to close"), "span"),
        Column("upheld", _("Upheld"), "share"),
        Column("reopened", _("Reopened"), "share"),
        Column("promises_kept", _("Promises kept"), "share"),
        Column("recovered", _("Calmer at the end"), "share"),
        Column("satisfied", _("Satisfied"), "share"),
        Column("surveys_answered", _("Surveys answered"), "share"),
        Column("remedies", _("Remedies"), "money"),
    ]


def satisfied(share: Share) -> Cell:
    """Shown from so many answers on that it speaks of us and not of chance."""
    return share if share.total >= FEWEST_ANSWERS or not share.total else Hidden(FEWEST_ANSWERS)


def cells(name: str, one: Tally) -> list[Cell]:
    return [
        name, one.received, one.first_answer, one.closed, one.time_to_close, one.upheld, one.reopened, one.promises,
        one.recovered, satisfied(one.satisfaction), one.response, one.money,
    ]  # fmt: skip


def breakdown(snapshot: Snapshot, asked: Asked, dimension: Dimension) -> Report:
    """Raises NotReady where the read model is damaged."""
    lens = Lens(snapshot, asked, asked.period)
    now = tally.tallies(lens, dimension)
    other = Lens(snapshot, asked, asked.compared) if asked.compared else None
    before = tally.tallies(other, dimension) if other else {}
    names = dimension.names(asked)
    keys = sorted({*now, *before} - {ALL}, key=lambda key: (-now.get(key, Tally()).received, named(names, key)))
    rows = [_row(named(names, key), key, now, before, compared=other is not None) for key in keys]
    total_before = cells(_("All"), before[ALL]) if other else None
    section = Section(
        name=dimension.name,
        title=str(dimension.title),
        columns=columns(str(dimension.head)),
        rows=rows,
        total=Row(cells(_("All"), now[ALL]), total_before),
        chart=_chart(rows, compared=other is not None),
        by=dimension.name,
    )
    return Report(
        name=dimension.name,
        title=str(dimension.title),
        first=asked.period.first,
        last=asked.period.last,
        words=_("What came in, how it was handled and how it ended, group by group."),
        sections=[section],
        compared=(asked.compared.first, asked.compared.last) if asked.compared else None,
        method=method(),
    )


def named(names: Mapping[str, str], key: str) -> str:
    """A key that no name is known for any more is shown as it is."""
    return names.get(key) or (_("Not known") if key == UNKNOWN else key)


def _row(name: str, key: str, now: dict[str, Tally], before: dict[str, Tally], *, compared: bool) -> Row:
    return Row(cells(name, now.get(key, Tally())), cells(name, before.get(key, Tally())) if compared else None, key)


def _chart(rows: list[Row], *, compared: bool) -> Chart | None:
    shown = rows[:MOST_BARS]
    if not shown:
        return None
    series: list[tuple[str, list[float | int | None]]] = [(_("Complaints"), [int(str(row.cells[1])) for row in shown])]
    if compared:
        series.append((_("Compared period"), [int(str(row.before[1])) if row.before else None for row in shown]))
    return Chart("bars", [str(row.cells[0]) for row in shown], series)


def method() -> list[str]:
    return [
        _("Complaints are counted in the period in which they were received, closings in which they were closed, "
          "promises and remedies in which they were settled or granted, surveys in which they were sent."),
        _("First answer is the median time from the customer's first message to the first answer by a person; time to "
          "close is the median from receipt to closing. Half of the cases were quicker."),
        _("Shares come with 95 % Wilson score intervals (Wilson 1927): with few cases they are wide, and a difference "
          "between two overlapping intervals may be chance."),
        _("Upheld counts wholly and partly upheld complaints among those closed with an outcome. Reopened counts "
          "complaints of the period that were opened again at least once since."),
        _("Calmer at the end: of closed complaints in which a letter was strained (strain from 0.35), those whose last "
          "letter had settled (at most 0.2). It is a reading of letters, not of people."),
        _("Satisfied is the share of 4 and 5 among survey answers from 1 to 5, shown from 30 answers on. Who answers "
          "chooses to: read it with the share of surveys answered."),
        _("Amounts of different currencies are never added."),
    ]  # fmt: skip
