"""Reports: what a lead asks of the read model, on the page and as files, down to the conversations behind a figure."""

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backstory.insight import queries, rules, warehouse
from backstory.insight.reports import catalogue, drill, files, reading
from backstory.insight.reports.asking import Against, Asked
from backstory.insight.reports.dimensions import DIMENSIONS
from backstory.insight.reports.shape import Report
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.people import policy
from backstory.people.policy import Permission
from backstory.web.views.common import back_to, page, requires, viewer

AGAINST = ("", "before", "year")
DEFAULT = "monday"
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Choice:
    """What was chosen in the form, as it goes into every link of the page."""

    report: str
    period: str
    against: str
    team: str
    custom: tuple[str, str] = ("", "")

    def query(self, **more: str) -> str:
        chosen = {"report": self.report, "period": self.period, "against": self.against, "team": self.team}
        if self.period == "custom":
            chosen |= {"from": self.custom[0], "to": self.custom[1]}
        return urlencode({name: value for name, value in {**chosen, **more}.items() if value})


def _choice(request: HttpRequest, report: str = "") -> Choice:
    given = request.GET
    return Choice(
        report=report or given.get("report", DEFAULT),
        period=given.get("period", "") or rules.DEFAULT_PRESET,
        against=given.get("against", ""),
        team=given.get("team", ""),
        custom=(given.get("from", ""), given.get("to", "")),
    )


def _asked(request: HttpRequest, choice: Choice) -> Asked:
    if choice.against not in AGAINST:
        raise InvalidInput(_("Compare with the period before, or with a year ago."), "against")
    period = queries.period_for(choice.period, *choice.custom)
    return Asked(viewer(request), period, cast(Against, choice.against), _team(choice.team))


def _team(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST_ID):
        raise InvalidInput(_("Choose one of the teams."), "team")
    return int(text)


@require_safe
@requires(Permission.VIEW_INSIGHT)
def reports(request: HttpRequest) -> HttpResponse:
    """One report. A choice that cannot be used is said so above the usual one; no read model, how far it is."""
    problem, choice = "", _choice(request)
    try:
        asked = _asked(request, choice)
    except InvalidInput as error:
        problem, choice = str(error), Choice(choice.report, rules.DEFAULT_PRESET, "", "")
        asked = _asked(request, choice)
    try:
        at = warehouse.snapshot()
        report = catalogue.report(choice.report, asked, at)
        offered = catalogue.offered(asked, at)
    except warehouse.NotReady as error:
        return _waiting(request, str(error))
    context = {
        "report": report,
        "about": reading.about(report),
        "choice": choice,
        "asked": asked,
        "offered": offered,
        "problem": problem,
        "own_period": report.name in catalogue.OWN_PERIOD,
        "compares": report.name not in catalogue.NEVER_COMPARED,
        "charts": _charts(report),
        "model": warehouse.status(),
        "may_rebuild": policy.can(viewer(request), Permission.ADMINISTER),
    }
    return page(request, "web/reports.html", "insight", context)


def _charts(report: Report) -> dict[str, Any]:
    """What the page's script draws, by section."""
    return {
        section.name: {
            "kind": section.chart.kind,
            "labels": list(section.chart.labels),
            "series": [{"name": name, "values": list(values)} for name, values in section.chart.series],
            "percent": section.chart.percent,
        }
        for section in report.sections
        if section.chart
    }


def _waiting(request: HttpRequest, words: str) -> HttpResponse:
    """There is no read model now: how far it is. The page asks again by itself while one is on its way."""
    context = {"words": words, "model": warehouse.status()}
    response = page(request, "web/reports_waiting.html", "insight", context)
    response.status_code = 503
    response.headers["Retry-After"] = "5"
    return response


@require_safe
@requires(Permission.VIEW_INSIGHT)
def report_file(request: HttpRequest, report: str, form: str) -> HttpResponse:
    """A report as a CSV file, a workbook or a PDF."""
    asked = _asked(request, _choice(request, report))
    try:
        made = catalogue.report(report, asked)
    except warehouse.NotReady as error:
        return _waiting(request, str(error))
    headers = {
        "Content-Disposition": f'attachment; filename="{files.filename(made, form)}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(files.MAKERS[form](made), content_type=files.TYPES[form], headers=headers)


@require_safe
@requires(Permission.VIEW_INSIGHT)
def report_cases(request: HttpRequest, report: str) -> HttpResponse:
    """The complaints behind a figure of one group, for as much of them as this person may see."""
    what, key = request.GET.get("what", "received"), request.GET.get("key", "")
    if report not in DIMENSIONS or what not in drill.WHAT:
        raise NotFound(_("There is no such list."))
    choice, dimension = _choice(request, report), DIMENSIONS[report]
    asked = _asked(request, choice)
    try:
        found = drill.cases(warehouse.snapshot(), asked, dimension, key, what)
    except warehouse.NotReady as error:
        return _waiting(request, str(error))
    context = {
        "found": found,
        "group": dimension.names(asked).get(key, key),
        "kinds": [(name, str(label)) for name, (label, _sql) in drill.WHAT.items()],
        "what": what,
        "key": key,
        "choice": choice,
        "first": reading.day(asked.period.first),
        "last": reading.day(asked.period.last),
    }
    return page(request, "web/report_cases.html", "insight", context)


@require_POST
@requires(Permission.ADMINISTER)
def rebuild(request: HttpRequest) -> HttpResponse:
    """Have the worker build the read model anew; what there is serves until then."""
    warehouse.ask_for_rebuild()
    return back_to(request, "web:reports", _("The figures will be built anew. Until then the present ones are shown."))
