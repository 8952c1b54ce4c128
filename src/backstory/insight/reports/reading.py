"""How figures read: the same words and digits on the page, in print and in a letter."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, numbers
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from backstory.insight.reports.shape import Amounts, Cell, Hidden, Report, Row, Section, Span
from backstory.measures.intervals import Share

DASH = "–"


def locale() -> Locale:
    try:
        return Locale.parse(translation.get_language() or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def percent(share: float) -> str:
    return f"{round(share * 100)} %"


def figure(cell: Cell) -> str:
    """The figure itself: `91 %`, `3 h 20 min`, `118`; a dash where there is none to tell."""
    if isinstance(cell, Share):
        return DASH if cell.value is None else percent(cell.value)
    if isinstance(cell, Span):
        return duration(cell.delta)
    if isinstance(cell, Amounts):
        return ", ".join(money(amount, currency) for currency, amount in cell.by_currency) or DASH
    if isinstance(cell, Hidden):
        return _("under %(least)d") % {"least": cell.least}
    if cell is None:
        return DASH
    if isinstance(cell, str):
        return cell
    return str(numbers.format_decimal(cell, locale=locale()))


def note(cell: Cell) -> str:
    """How sure a figure is or on how many it rests; empty where there is nothing to add."""
    if isinstance(cell, Share) and cell.interval:
        low, high = cell.interval
        return _("%(low)s to %(high)s of %(total)d") % {
            "low": percent(low).removesuffix(" %"), "high": percent(high), "total": cell.total
        }  # fmt: skip
    if isinstance(cell, Amounts) and cell.count:
        return _("%(count)d granted") % {"count": cell.count}
    return ""


def money(amount: Decimal, currency: str) -> str:
    return str(numbers.format_currency(amount, currency, locale=locale()))


def duration(span: timedelta | None) -> str:
    """A span in its two largest units, such as `3 h 20 min`; an en dash for None."""
    if span is None:
        return DASH
    minutes = round(span.total_seconds() / 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes % 60}
    return _("%(minutes)d min") % {"minutes": minutes}


def day(value: date) -> str:
    return dates.format_date(value, locale=locale())


def moment(iso: str) -> str:
    local = datetime.fromisoformat(iso).astimezone(ZoneInfo(settings.DESK_TIME_ZONE))
    return dates.format_datetime(local, "medium", locale=locale())


def when(at: datetime) -> str:
    """A day and a time of the desk's clock, for lists."""
    local = at.astimezone(ZoneInfo(settings.DESK_TIME_ZONE))
    return dates.format_datetime(local, "short", locale=locale())


def about(report: Report) -> list[str]:
    """Of what time and of whom it speaks, in sentences."""
    lines = [report.words, _("%(first)s to %(last)s.") % {"first": day(report.first), "last": day(report.last)}]
    if report.compared:
        first, last = report.compared
        lines.append(_("Compared with %(first)s to %(last)s.") % {"first": day(first), "last": day(last)})
    lines.append(_("Team: %(team)s.") % {"team": report.team} if report.team else _("All teams that you may see."))
    if report.updated:
        lines.append(_("Figures as of %(moment)s.") % {"moment": moment(report.updated)})
    return lines


def as_read(report: Report) -> dict[str, Any]:
    """The whole report as words, for the typesetter."""
    return {
        "title": report.title,
        "about": about(report),
        "figures": [{"name": name, "value": figure(cell), "words": words} for name, cell, words in report.figures],
        "sections": [_section(section) for section in report.sections],
        "method": list(report.method),
        "method_title": _("How this is computed"),
        "nothing": _("Nothing in this period."),
    }


def _section(section: Section) -> dict[str, Any]:
    rows = [*section.rows, *([section.total] if section.total else [])]
    return {
        "title": section.title,
        "words": section.words,
        "columns": [{"label": column.label, "text": column.kind == "text"} for column in section.columns],
        "rows": [_cells(row) for row in rows],
        "total": section.total is not None,
    }


def _cells(row: Row) -> list[dict[str, str]]:
    before = row.before or [None] * len(row.cells)
    pairs = zip(row.cells, before, strict=True)
    return [
        {
            "figure": figure(cell),
            "note": note(cell),
            "before": _("before %(figure)s") % {"figure": figure(other)} if row.before and place else "",
        }
        for place, (cell, other) in enumerate(pairs)
    ]
