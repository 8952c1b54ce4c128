"""The promise ledger, and how well promises are kept."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from django_stubs_ext import StrPromise

from backstory.cases import queries as cases
from backstory.cases.models import Promise
from backstory.cases.rules import REMIND_BEFORE
from backstory.insight import queries as insight
from backstory.kernel import clock
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.web.panes.promised import rows
from backstory.web.views.common import page, requires, signed_in, viewer
from backstory.web.views.forms import page_number

TABS: dict[str, StrPromise] = {
    "open": _("Open"),
    "soon": _("Due soon"),
    "overdue": _("Overdue"),
    "suggested": _("Found, not decided"),
    "kept": _("Kept"),
    "broken": _("Broken"),
}
WHOSE: dict[str, StrPromise] = {"team": _("The team's"), "mine": _("Mine")}


@require_GET
@signed_in
def promises(request: HttpRequest) -> HttpResponse:
    """What we promised, to whom, by when."""
    tab, whose = _one_of(request, "show", TABS), _one_of(request, "whose", WHOSE)
    user = viewer(request)
    found = Paginator(_wanted(user, tab, whose), 50).get_page(page_number(request))
    context = {
        "tabs": TABS,
        "tab": tab,
        "whose": whose,
        "all_whose": WHOSE,
        "found": found,
        "rows": rows(user, found.object_list),
        "may_see_rates": policy.can(user, Permission.VIEW_INSIGHT),
    }
    return page(request, "web/promises.html", "promises", context)


def _one_of(request: HttpRequest, name: str, choices: dict[str, StrPromise]) -> str:
    """What the address chooses, the first where it chooses nothing that there is."""
    wanted = request.GET.get(name, "")
    return wanted if wanted in choices else next(iter(choices))


def _wanted(user: User, tab: str, whose: str) -> QuerySet[Promise]:
    states = {"overdue": Promise.State.OPEN, "soon": Promise.State.OPEN}
    found = cases.promises(user, states.get(tab, tab))
    now = clock.now()
    if tab == "overdue":
        found = found.filter(due_at__lt=now)
    elif tab == "soon":
        found = found.filter(due_at__gte=now, due_at__lte=now + REMIND_BEFORE + timedelta(hours=24))
    elif tab in ("kept", "broken"):
        found = found.order_by("-decided_at", "-id")
    return found.filter(owner=user) if whose == "mine" else found


@require_GET
@requires(Permission.VIEW_INSIGHT)
def rates(request: HttpRequest) -> HttpResponse:
    """Kept and broken, by team and by cause, with intervals."""
    period = insight.period_for(request.GET.get("period", ""))
    user = viewer(request)
    context = {
        "period": period,
        "all": insight.promises(user, period),
        "by_team": insight.promises_by_team(user, period),
        "by_cause": insight.promises_by_cause(user, period),
        "presets": {"4w": _("4 weeks"), "3m": _("3 months"), "6m": _("6 months")},
        "chosen": request.GET.get("period", ""),
    }
    return page(request, "web/promise_rates.html", "promises", context)
