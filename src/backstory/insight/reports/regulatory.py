"""What regulators ask for: how many complaints were opened and closed in time, how they ended, what is outstanding.

After the FCA's DISP: closed by the end of the third business day after the day of receipt, within eight weeks, or
later. Other regimes count otherwise; this is a count, not legal advice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from backstory.cases.queries import desk_hours
from backstory.insight.reports import dimensions
from backstory.insight.reports.asking import Asked, Lens, during
from backstory.insight.reports.breakdown import named
from backstory.insight.reports.dimensions import DIMENSIONS
from backstory.insight.reports.shape import Cell, Column, Report, Row, Section
from backstory.insight.warehouse import Snapshot
from backstory.kernel import calendars, clock
from backstory.measures.intervals import Share

QUICK_DAYS = 3
FINAL = timedelta(weeks=8)
NEAR = timedelta(weeks=2)
LOOK_BACK = timedelta(days=40)
"""Longer than any three business days: what was received before it cannot have been closed so quickly."""

COUNTS = (
    "SELECT coalesce(key, 'all'), "
    f"count(*) FILTER (WHERE {during('received_at')}), "
    f"count(*) FILTER (WHERE {{closed}}), "
    "count(*) FILTER (WHERE {closed} AND closed_at <= quick), "
    "count(*) FILTER (WHERE {closed} AND closed_at > coalesce(quick, received_at) AND closed_at <= final), "
    "count(*) FILTER (WHERE {closed} AND closed_at > final AND closed_at > coalesce(quick, received_at)), "
    "count(*) FILTER (WHERE {closed} AND outcome IN ('upheld', 'partly_upheld')), "
    "count(*) FILTER (WHERE {closed} AND outcome <> ''), "
    "count(*) FILTER (WHERE {open}), "
    "count(*) FILTER (WHERE {open} AND final < $until), "
    f"count(*) FILTER (WHERE {{open}} AND final >= $until AND final < $until + INTERVAL {NEAR.days} DAY) "
    "FROM timed GROUP BY ROLLUP (key)"
)
CLOSED = f"complaint_state = 'closed' AND {during('closed_at')}"
OPEN = "received_at < $until AND (complaint_state = 'open' OR closed_at >= $until)"


@dataclass(frozen=True)
class Deadlines:
    """For each day of receipt the moment by which a complaint counts as settled quickly."""

    days: Sequence[date]
    moments: Sequence[datetime]


def deadlines(first: date, last: date) -> Deadlines:
    """By the desk's business hours: the close of the third business day after the day of receipt."""
    hours = desk_hours()
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    closes = [calendars.end_of_business_day(calendars.add_business_days(day, QUICK_DAYS, hours), hours) for day in days]
    return Deadlines(days, [moment.replace(tzinfo=None) for moment in closes])


def regulatory(snapshot: Snapshot, asked: Asked) -> Report:
    """By team, with everything together in the last row."""
    lens = Lens(snapshot, asked, asked.period)
    now = _counts(lens)
    before = _counts(Lens(snapshot, asked, asked.compared)) if asked.compared else None
    names = DIMENSIONS["team"].names(asked)
    keys = sorted((key for key in now if key != "all"), key=lambda key: named(names, key))
    rows = [
        Row(_cells(named(names, key), now[key]), _cells("", before.get(key)) if before is not None else None, key)
        for key in keys
    ]
    total = Row(_cells(_("All"), now.get("all")), _cells("", before.get("all")) if before is not None else None)
    return Report(
        name="regulatory",
        title=_("Regulatory counts"),
        first=asked.period.first,
        last=asked.period.last,
        words=_(
            "Complaints opened and closed in the period by how long they took, and what was outstanding at its end."
        ),
        sections=[Section("counts", _("Opened, closed, outstanding"), _columns(), rows, total=total, by="team")],
        compared=(asked.compared.first, asked.compared.last) if asked.compared else None,
        method=_method(),
    )


def _counts(lens: Lens) -> dict[str, tuple[Any, ...]]:
    period, team = lens.period, DIMENSIONS["team"]
    quick = deadlines(period.first - LOOK_BACK, period.last)
    question = (
        f"{dimensions.keyed(team)}, quickly AS (SELECT unnest($days) AS day, unnest($moments) AS quick), "
        f"timed AS (SELECT grouped.*, quick, received_at + INTERVAL {FINAL.days} DAY AS final FROM grouped LEFT JOIN "
        f"quickly ON day = timezone('{period.zone.key}', timezone('UTC', received_at))::DATE "
        f"WHERE complaint_id IS NOT NULL) {COUNTS.format(closed=CLOSED, open=OPEN)}"
    )
    until = min(period.end, clock.now()).replace(tzinfo=None)
    rows = lens.rows(question, {"days": list(quick.days), "moments": list(quick.moments), "until": until})
    return {key: tuple(numbers) for key, *numbers in rows}


def _columns() -> list[Column]:
    return [
        Column("group", _("Team"), "text"),
        Column("opened", _("Opened")),
        Column("closed", _("Closed")),
        Column("within_3_business_days", _("Closed within 3 business days")),
        Column("within_8_weeks", _("Later, within 8 weeks")),
        Column("after_8_weeks", _("After 8 weeks")),
        Column("upheld", _("Upheld"), "share"),
        Column("outstanding", _("Outstanding")),
        Column("overdue", _("Of these overdue")),
        Column("near_due", _("Due within 2 weeks")),
    ]


def _cells(name: str, numbers: tuple[Any, ...] | None) -> list[Cell]:
    opened, closed, quick, weeks, late, upheld, decided, standing, overdue, near = numbers or (0,) * 10
    return [name, opened, closed, quick, weeks, late, Share(upheld, decided), standing, overdue, near]


def _method() -> list[str]:
    return [
        _("Three business days: closed by the end of the third business day after the day of receipt, by the desk's "
          "business days (UK FCA, DISP 1.5). Eight weeks are 56 days from receipt (DISP 1.6)."),
        _("Outstanding, overdue and nearly due are as at the end of the period, or now if it is not over. A complaint "
          "that was reopened counts as open since then; that it was closed in between is not seen here."),
        _("A count after one regime's categories. It is no legal advice, and other regimes count otherwise."),
    ]  # fmt: skip
