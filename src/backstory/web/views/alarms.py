"""Early warning: causes that rise against their own history, and what each alarm turned out to be."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backstory.conversations.models import Channel
from backstory.insight import actions, tables
from backstory.insight import alarms as reading
from backstory.insight.models import Alarm
from backstory.people import policy
from backstory.people.policy import Permission
from backstory.web.panes import sparks
from backstory.web.views.common import back_to, page, requires, viewer
from backstory.web.views.forms import text_of

allowed = requires(Permission.VIEW_INSIGHT)


@require_safe
@allowed
def early_warning(request: HttpRequest) -> HttpResponse:
    """What rings now with its days, and what was decided lately."""
    shown = reading.early_warning(viewer(request))
    context = {
        "shown": shown,
        "alarms": [(view, sparks.bars(view.days, view.alarm.since)) for view in shown.open],
        "channels": dict(Channel.choices),
        "may_open": policy.can(viewer(request), Permission.WORK_ON_PROBLEMS),
    }
    return page(request, "web/alarms.html", "insight", context)


@require_POST
@allowed
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    actions.decide_alarm(viewer(request), pk, text_of(request, "state"), text_of(request, "note"))
    return back_to(request, reverse("web:alarms"), _("Saved."))


@require_POST
@allowed
def open_problem(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a problem of it and go there."""
    problem = actions.open_problem_from(viewer(request), pk)
    return HttpResponseRedirect(reverse("web:problem", args=(problem.pk,)))


HEADER = ("raised_on", "team", "cause", "channel", "since", "days", "observed", "expected", "p", "dispersion", "state")


def _line(alarm: Alarm) -> tuple[tables.Cell, ...]:
    figures = (alarm.days, alarm.observed, round(alarm.expected, 2), float(f"{alarm.p:.3g}"))
    named = (alarm.raised_on.isoformat(), alarm.team.name, alarm.cause.name if alarm.cause else "", alarm.channel)
    return (*named, alarm.since.isoformat(), *figures, round(alarm.dispersion, 2), alarm.state)


@require_safe
@allowed
def alarms_csv(request: HttpRequest) -> HttpResponse:
    """Every alarm with its figures."""
    text = tables.csv_text(HEADER, [_line(alarm) for alarm in reading.alarms(viewer(request))])
    return csv_file("rising", text)


def csv_file(name: str, text: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="backstory-{name}.csv"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
