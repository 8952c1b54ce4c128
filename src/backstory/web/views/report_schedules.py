"""Reports by mail: which go out, to whom, and having another one sent."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from backstory.insight import actions, queries
from backstory.insight.models import ReportSchedule
from backstory.insight.reports import catalogue
from backstory.insight.reports.asking import Against, Asked
from backstory.kernel.errors import InvalidInput
from backstory.people import policy
from backstory.people.policy import Permission
from backstory.web.views.common import back_to, page, requires, viewer
from backstory.web.views.forms import text_of

DAYS = tuple(
    gettext_lazy(day) for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
)
LARGEST_ID = 2**63 - 1


@require_safe
@requires(Permission.VIEW_INSIGHT)
def schedules(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    user = viewer(request)
    titles = catalogue.titles()
    if not policy.can(user, Permission.COMPARE_VULNERABLE):
        titles.pop("vulnerable")
    rows = queries.schedules(user).select_related("team", "made_by").prefetch_related("recipients")
    context = {
        "schedules": [(row, queries.may_end(user, row)) for row in rows],
        "titles": titles,
        "asked": Asked(user, queries.period_for("")),
        "days": DAYS,
        "forms": ReportSchedule.Form.choices,
        "every": ReportSchedule.Every.choices,
        "people": queries.possible_recipients(user),
        "me": user,
        "problem": problem,
        "given": request.POST,
    }
    response = page(request, "web/report_schedules.html", "insight", context)
    response.status_code = status
    return response


@require_POST
@requires(Permission.VIEW_INSIGHT)
def add(request: HttpRequest) -> HttpResponse:
    """Have a report sent; what cannot be is said so on the page, with what was chosen kept."""
    try:
        wish = actions.Wish(
            report=text_of(request, "report"),
            form=text_of(request, "form"),
            period=text_of(request, "period"),
            against=cast(Against, text_of(request, "against")),
            team_id=_number(text_of(request, "team")) if text_of(request, "team") else None,
            every=text_of(request, "every"),
            weekday=_number(text_of(request, "weekday") or "0"),
            hour=_number(text_of(request, "hour") or "7"),
            recipients=[_number(str(each)) for each in request.POST.getlist("recipients")],
        )
        actions.add_schedule(viewer(request), wish)
    except InvalidInput as error:
        return _page(request, str(error), 422)
    return back_to(request, "web:report_schedules", _("The report will be sent."))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST_ID):
        raise InvalidInput(_("Choose from the lists."), "report")
    return int(text)


@require_POST
@requires(Permission.VIEW_INSIGHT)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    actions.end_schedule(viewer(request), pk)
    return back_to(request, "web:report_schedules", _("It will not be sent any more."))
