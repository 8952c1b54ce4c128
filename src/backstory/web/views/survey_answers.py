"""What customers answer afterwards, by team, cause, channel, playbook and period, with intervals and response rate."""

from typing import Any

from babel import dates
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from backstory.insight import answers, queries, rules, tables
from backstory.insight.answers import Answers, Line
from backstory.insight.rules import Period, Step
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.measures.surveys import FEWEST_ANSWERS, Kind
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.recovery.rules import question
from backstory.web.formats import percent, reader_locale
from backstory.web.panes.playbooks import reader_language
from backstory.web.views.common import page, requires, viewer

KINDS = {
    Kind.CSAT: (gettext_noop("Satisfaction"), gettext_noop("CSAT: share of 4 and 5 of 5")),
    Kind.NPS: (gettext_noop("Recommendation"), gettext_noop("NPS: promoters less detractors, −100 to 100")),
    Kind.CES: (gettext_noop("Effort"), gettext_noop("CES: mean of 1 to 7, higher is easier")),
}
AXES = {Kind.CSAT: (0.0, 1.0), Kind.NPS: (-100.0, 100.0), Kind.CES: (1.0, 7.0)}
PARTS = {
    "teams": gettext_noop("By team"),
    "causes": gettext_noop("By cause"),
    "channels": gettext_noop("By channel"),
    "playbooks": gettext_noop("By playbook"),
    "periods": gettext_noop("Over time"),
}


def figure(kind: Kind, value: float) -> str:
    """A figure as people write it: a share as per cent, NPS as a whole number, CES with one decimal."""
    if kind is Kind.CSAT:
        return percent(value)
    return f"{value:+.0f}" if kind is Kind.NPS else f"{value:.1f}"


def _chosen(request: HttpRequest) -> tuple[Period, Step, Kind | None]:
    given = request.GET
    period = queries.period_for(given.get("period", ""), given.get("from", ""), given.get("to", ""))
    step: Step = "month" if given.get("by", "month") == "month" else "week"
    kind = given.get("kind", "")
    if kind and kind not in set(Kind):
        raise InvalidInput(_("Choose one of the questions."), "kind")
    return period, step, Kind(kind) if kind else None


@require_safe
@requires(Permission.VIEW_INSIGHT)
def survey_answers(request: HttpRequest) -> HttpResponse:
    """The page. A choice that cannot be used is said so above the usual one."""
    problem = ""
    try:
        period, step, kind = _chosen(request)
    except InvalidInput as error:
        problem, period, step, kind = str(error), queries.period_for(""), "month", None
    shown = answers.answers(viewer(request), period, step, kind)
    context = {
        "shown": shown,
        "kinds": {each: (_(name), _(about)) for each, (name, about) in KINDS.items()},
        "question": question(shown.kind, reader_language()),
        "parts": [(key, _(label), _labelled(shown, key, step)) for key, label in PARTS.items()],
        "charts": _charts(shown, step),
        "figure": lambda value: figure(shown.kind, value),
        "fewest": FEWEST_ANSWERS,
        "period": period,
        "step": step,
        "period_name": request.GET.get("period") or rules.DEFAULT_PRESET,
        "problem": problem,
        "query": request.GET.urlencode(),
    }
    return page(request, "web/survey_answers.html", "insight", context)


def _labelled(shown: Answers, key: str, step: Step) -> list[tuple[str, Line]]:
    """Each line with the name a reader sees, a period by its month or first day; the newest period first."""
    lines: list[Line] = getattr(shown, key)
    if key != "periods":
        return [(line.name, line) for line in lines]
    skeleton = "yMMM" if step == "month" else "MMMd"
    named = [(dates.format_skeleton(skeleton, line.first, locale=reader_locale()), line) for line in lines]
    return list(reversed(named))


def _charts(shown: Answers, step: Step) -> dict[str, Any]:
    low, high = AXES[shown.kind]
    drawn = {
        key: [
            {"label": name, "value": one.value, "low": one.low, "high": one.high, "text": _in_words(shown.kind, line)}
            for name, line in _labelled(shown, key, step)
            if (one := line.result.figure) is not None
        ]
        for key in PARTS
    }
    return {"low": low, "high": high, "percent": shown.kind is Kind.CSAT, "parts": drawn}


def _in_words(kind: Kind, line: Line) -> str:
    one = line.result.figure
    if one is None:
        return ""
    said = {"value": figure(kind, one.value), "low": figure(kind, one.low), "high": figure(kind, one.high)}
    return _("%(value)s (%(low)s to %(high)s), %(n)d answers") % {**said, "n": line.result.answered}


def _table(user: User, request: HttpRequest, part: str) -> str:
    period, step, kind = _chosen(request)
    shown = answers.answers(user, period, step, kind)
    lines: list[Line] = getattr(shown, part)
    head = ("group", "from", "to", "question", "asked", "answered", "response_rate", "figure", "low_95", "high_95")
    return tables.csv_text(head, [_cells(shown.kind, line) for line in lines])


def _cells(kind: Kind, line: Line) -> tuple[tables.Cell, ...]:
    one, rate = line.result.figure, line.result.response.value
    figures = (round(one.value, 4), round(one.low, 4), round(one.high, 4)) if one else ("", "", "")
    return (
        line.name,
        line.first.isoformat() if line.first else "",
        line.last.isoformat() if line.last else "",
        kind.value,
        line.result.asked,
        line.result.answered,
        "" if rate is None else round(rate, 4),
        *figures,
    )


@require_safe
@requires(Permission.VIEW_INSIGHT)
def survey_answers_csv(request: HttpRequest, table: str) -> HttpResponse:
    """One table of the page as a CSV file; figures below 30 answers are left out there too."""
    if table not in PARTS:
        raise NotFound(_("There is no such table."))
    text = _table(viewer(request), request, table)
    headers = {
        "Content-Disposition": f'attachment; filename="backstory-answers-{table}.csv"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
