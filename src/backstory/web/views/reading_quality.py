"""For leads: how often people correct what was read, whether it drifts, and reading everything again."""

from collections.abc import Callable
from typing import Any

from babel import dates
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backstory.cases import actions, engine, queries
from backstory.insight import drift, readings, rules, tables
from backstory.insight.queries import period_for
from backstory.insight.rules import Period
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.measures.intervals import Share
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.web.formats import reader_locale
from backstory.web.panes.verdict_words import NAMES, language_name
from backstory.web.views.common import back_to, is_fragment, page, requires, viewer

PRESETS = tuple(rules.PRESET_WEEKS)
MOST_LANGUAGES = 4


def _period(request: HttpRequest) -> Period:
    return period_for(request.GET.get("period", ""))


def progress(user: User) -> dict[str, Any]:
    """How far reading again has got, and what the engine of now is."""
    problem = engine.problem()
    version = "" if problem else engine.version()
    counts = queries.versions()
    total, run = sum(count for _, count in counts), queries.rereading()
    stale = sum(count for made, count in counts if made != version)
    return {
        "problem": problem,
        "version": version,
        "counts": counts,
        "total": total,
        "stale": stale,
        "fresh": total - stale,
        "unread": queries.unread_count(),
        "run": run,
        "changed": [(_(NAMES[name]), count) for name, count in _largest(run.changed)] if run else [],
        "may_reread": policy.can(user, Permission.REREAD_MESSAGES),
    }


def _largest(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


@require_safe
@requires(Permission.VIEW_INSIGHT)
def quality(request: HttpRequest) -> HttpResponse:
    """The page; for htmx the part on reading again, which asks for itself while it goes on."""
    user = viewer(request)
    if is_fragment(request):
        return render(request, "web/_rereading.html", {"again": progress(user)})
    try:
        period, problem = _period(request), ""
    except InvalidInput as error:
        period, problem = period_for(""), str(error)
    found = readings.drifting(user, period)
    agreement = readings.agreement(user, period)
    context = {
        "again": progress(user),
        "agreement": [(_(NAMES[row.field]), row) for row in agreement],
        "has_corrections": any(row.right.total for row in agreement),
        "drift": found,
        "weeks": [(week, _week(week.bucket)) for week in reversed(found.weeks)],
        "languages": _languages(found),
        "versions": readings.versions(user, period),
        "fields": [(name, _(NAMES[name])) for name in readings.FIELDS],
        "charts": _charts(found, agreement),
        "verdicts": {name: verdict_words(name) for name in ("unknown", "steady", "moved", "shifted")},
        "verdict_of": drift.verdict,
        "period_name": request.GET.get("period") if request.GET.get("period") in PRESETS else rules.DEFAULT_PRESET,
        "query": request.GET.urlencode(),
        "problem": problem,
    }
    return page(request, "web/reading_quality.html", "readings", context)


def verdict_words(name: str) -> tuple[str, str]:
    """What the stability index says, plainly: for a table and for a sentence."""
    return {
        "unknown": (_("too few"), _("too few messages to tell")),
        "steady": (_("as before"), _("as before")),
        "moved": (_("moved"), _("somewhat different")),
        "shifted": (_("shifted"), _("clearly different: look into it")),
    }[name]


def _week(bucket: rules.Bucket) -> str:
    return dates.format_skeleton("MMMd", bucket.first, locale=reader_locale())


def _languages(found: readings.Drift) -> list[tuple[str, Share, Share]]:
    """The commonest languages now and before."""
    top = [code for code, _count in found.now.languages.most_common(MOST_LANGUAGES)]
    return [
        (
            language_name(code) if code else _("unknown"),
            Share(found.now.languages[code], found.now.count),
            Share(found.before.languages[code], found.before.count),
        )
        for code in top
    ]


def _charts(found: readings.Drift, agreement: list[readings.Agreement]) -> dict[str, Any]:
    """What the page's script draws."""
    return {
        "agreement": [
            {"label": _(NAMES[row.field]), "share": row.corrected.value, "interval": row.corrected.interval}
            for row in agreement
            if row.corrected.value is not None
        ],
        "drift": [
            {
                "label": _week(week.bucket),
                "mean": week.part.mean_p,
                "complaints": week.part.complaint_share.value,
                "abstained": week.part.abstained_share.value,
            }
            for week in found.weeks
        ],
        "words": {
            "corrected": _("Corrected"),
            "mean": _("Mean probability of complaint"),
            "complaints": _("Complaints"),
            "abstained": _("Left open"),
        },
    }


def _cells(share: Share) -> list[str | int | float]:
    """Total, count, share and the ends of its interval; empty where there is none."""
    low, high = share.interval or (None, None)
    return [share.total, share.count, *("" if one is None else round(one, 4) for one in (share.value, low, high))]


def _agreement_csv(user: User, period: Period, _request: HttpRequest) -> str:
    header = ("field", "seen", "corrected", "share", "low", "high", "judged", "right", "share", "low", "high")
    rows = [(row.field, *_cells(row.corrected), *_cells(row.right)) for row in readings.agreement(user, period)]
    return tables.csv_text(header, rows)


def _drift_csv(user: User, period: Period, _request: HttpRequest) -> str:
    header = ("from", "to", "messages", "mean_p", "complaints", "left_open", "stability_index", "verdict")
    rows = [
        (
            week.bucket.first.isoformat(),
            week.bucket.last.isoformat(),
            week.part.count,
            "" if week.part.mean_p is None else round(week.part.mean_p, 4),
            week.part.complaints,
            week.part.abstained,
            "" if week.index is None else round(week.index, 4),
            week.verdict,
        )
        for week in readings.drifting(user, period).weeks
    ]
    return tables.csv_text(header, rows)


def _versions_csv(user: User, period: Period, _request: HttpRequest) -> str:
    rows = [
        (
            one.version,
            one.count,
            "" if one.mean_p is None else round(one.mean_p, 4),
            one.complaints.count,
            one.corrected.count,
        )
        for one in readings.versions(user, period)
    ]
    return tables.csv_text(("version", "readings", "mean_p", "complaints", "corrected"), rows)


def _labels_csv(user: User, period: Period, request: HttpRequest) -> str:
    name = request.GET.get("field", "cause")
    if name not in readings.FIELDS:
        raise InvalidInput(_("Choose one of the fields."), "field")
    return tables.csv_text(("text", "label"), readings.labels(user, period, name))


TABLES: dict[str, Callable[[User, Period, HttpRequest], str]] = {
    "agreement": _agreement_csv,
    "drift": _drift_csv,
    "versions": _versions_csv,
    "labels": _labels_csv,
}


@require_safe
@requires(Permission.VIEW_INSIGHT)
def quality_csv(request: HttpRequest, table: str) -> HttpResponse:
    """One table of the page, or the labels that people gave, as a CSV file."""
    if table not in TABLES:
        raise NotFound(_("There is no such table."))
    period = _period(request)
    name = f"backstory-readings-{table}-{period.first}-{period.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    text = TABLES[table](viewer(request), period, request)
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


STEPS: dict[str, Callable[[User], object]] = {
    "start": actions.start_rereading,
    "pause": actions.pause_rereading,
    "resume": actions.resume_rereading,
}


@require_POST
@requires(Permission.REREAD_MESSAGES)
def reread(request: HttpRequest, step: str) -> HttpResponse:
    """Begin, pause or go on reading everything again."""
    if step not in STEPS:
        raise NotFound(_("There is no such step."))
    STEPS[step](viewer(request))
    if is_fragment(request):
        return render(request, "web/_rereading.html", {"again": progress(viewer(request))})
    said = {"start": _("The messages are being read again."), "pause": _("Paused."), "resume": _("It goes on.")}
    return back_to(request, "web:readings", said[step])
