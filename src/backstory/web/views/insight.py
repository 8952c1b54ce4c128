"""Insight for leads: what customers complain about, over time and by cause, and what we did about it."""

from collections.abc import Callable
from typing import Any, cast, get_args

from babel import dates
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backstory.cases.queries import cause_tree
from backstory.insight import empathy, listening, queries, rules, tables
from backstory.insight.queries import Chosen, Overview
from backstory.insight.reports.reading import duration
from backstory.insight.rules import Period, Step, TimeRow
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.web.formats import reader_locale
from backstory.web.views.common import page, requires, viewer

STEPS = get_args(Step)
LARGEST_ID = 2**63 - 1


def _step(request: HttpRequest) -> Step:
    by = request.GET.get("by", "week")
    if by not in STEPS:
        raise InvalidInput(_("Choose weeks or months."), "by")
    return cast(Step, by)


def _chosen(request: HttpRequest) -> Chosen:
    text = request.GET.get("cause", "")
    if text in ("", "none"):
        return "none" if text else None
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST_ID):
        raise InvalidInput(_("Choose one of the causes."), "cause")
    return int(text)


def _period(request: HttpRequest) -> Period:
    given = request.GET
    return queries.period_for(given.get("period", ""), given.get("from", ""), given.get("to", ""))


def _label(row: TimeRow, step: Step) -> str:
    skeleton = "yMMM" if step == "month" else "MMMd"
    return dates.format_skeleton(skeleton, row.bucket.first, locale=reader_locale())


def _charts(shown: Overview) -> dict[str, Any]:
    """What the page's script draws: plain numbers and labels."""
    return {
        "time": [
            {"label": _label(row, shown.step), "count": row.count, "whole": row.bucket.whole} for row in shown.time
        ],
        "causes": [
            {"label": row.item.name, "count": row.count, "cumulative": row.cumulative, "id": row.item.id or "none"}
            for row in shown.causes
        ],
        "words": {
            "complaints": _("Complaints"),
            "cumulative": _("Cumulative share"),
            "unknown": _("Nothing known"),
            "unfinished": _("not a whole one"),
        },
    }


def _cause_url(request: HttpRequest) -> Callable[[int | str], str]:
    """Where the same period is shown for one cause."""

    def url(cause: int | str) -> str:
        chosen = request.GET.copy()
        chosen["cause"] = str(cause)
        return f"?{chosen.urlencode()}#complaints"

    return url


@require_safe
@requires(Permission.VIEW_INSIGHT)
def insight(request: HttpRequest) -> HttpResponse:
    """The page. A period that cannot be used is said so above the usual one, with what was typed kept."""
    problem = ""
    try:
        period, step, cause = _period(request), _step(request), _chosen(request)
    except InvalidInput as error:
        problem, period, step, cause = str(error), queries.period_for(""), "week", None
    shown = queries.overview(viewer(request), period, step, cause)
    tree = cause_tree()
    context = {
        "shown": shown,
        "charts": _charts(shown),
        "rows_newest_first": [(row, _label(row, step)) for row in reversed(shown.time)],
        "first_day": dates.format_date(shown.period.first, locale=reader_locale()),
        "last_day": dates.format_date(shown.period.last, locale=reader_locale()),
        "median": duration(shown.first_response.median),
        "fewest_answers": rules.FEWEST_ANSWERS,
        "felt": empathy.empathy(viewer(request), period),
        "heard": listening.listening(viewer(request), period),
        "causes": tree,
        "cause": "" if cause is None else str(cause),
        "cause_name": next((node.path for node in tree if node.id == cause), queries.NO_CAUSE if cause else ""),
        "period_name": request.GET.get("period") or rules.DEFAULT_PRESET,
        "problem": problem,
        "query": request.GET.urlencode(),
        "cause_url": _cause_url(request),
        "longest_list": queries.LONGEST_LIST,
    }
    return page(request, "web/insight.html", "insight", context)


def _time_csv(user: User, period: Period, request: HttpRequest) -> str:
    return tables.time_table(queries.over_time(user, period, _step(request), _chosen(request)))


def _causes_csv(user: User, period: Period, request: HttpRequest) -> str:
    return tables.pareto_table((row.item.path, row) for row in queries.by_cause(user, period))


def _remedies_csv(user: User, period: Period, request: HttpRequest) -> str:
    rows = [(row.label, row.currency, row.count, row.amount) for row in queries.remedies(user, period)]
    return tables.csv_text(("remedy", "currency", "count", "amount"), rows)


def _told_again_csv(user: User, period: Period, request: HttpRequest) -> str:
    found = listening.listening(user, period)
    rows = [(row.name, row.share.total, row.share.count) for row in (*found.teams, *found.channels)]
    return tables.csv_text(("team_or_channel", "conversations", "told_again"), rows)


TABLES: dict[str, Callable[[User, Period, HttpRequest], str]] = {
    "time": _time_csv,
    "causes": _causes_csv,
    "remedies": _remedies_csv,
    "told-again": _told_again_csv,
}


@require_safe
@requires(Permission.VIEW_INSIGHT)
def insight_csv(request: HttpRequest, table: str) -> HttpResponse:
    """One table of the page as a CSV file, for the same period."""
    if table not in TABLES:
        raise NotFound(_("There is no such table."))
    period = _period(request)
    text = TABLES[table](viewer(request), period, request)
    name = f"backstory-{table}-{period.first}-{period.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
