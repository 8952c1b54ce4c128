"""Remedies above somebody's limit: which wait, one in its case, and how it goes."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput
from backstory.people.policy import Permission
from backstory.recovery import actions, queries
from backstory.recovery.models import Remedy
from backstory.recovery.policy import require_seeing_approvals
from backstory.web.panes.amends import precedent_rows, tabs
from backstory.web.panes.playbooks import reader_language
from backstory.web.views.common import back_to, page, requires, signed_in, viewer
from backstory.web.views.forms import text_of

PERIODS = {"1m": 30, "3m": 91, "12m": 365}


@require_GET
@signed_in
def approvals(request: HttpRequest) -> HttpResponse:
    """Requests that wait for the reader, then those that wait too long for others."""
    user = viewer(request)
    require_seeing_approvals(user, queries.stood_in_for(user))
    waiting = queries.approvals(user)
    late = [each for each in queries.overdue_requests(user) if each not in waiting]
    context = {
        "remedies": waiting,
        "reach": queries.reach(user, waiting),
        "late": late,
        "standing_in": queries.stood_in_for(user),
        **tabs(user, "waiting"),
    }
    return page(request, "web/approvals.html", "approvals", context)


@require_http_methods(["GET", "POST"])
@signed_in
def request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request with its case; posting decides about it."""
    return _decide(request, pk) if request.method == "POST" else _show(request, pk)


def _show(request: HttpRequest, pk: int) -> HttpResponse:
    user = viewer(request)
    require_seeing_approvals(user, queries.stood_in_for(user))
    shown = queries.request_view(user, pk, reader_language())
    value = queries.recovery_value(shown.remedy.currency)
    context = {
        "shown": shown,
        "remedy": shown.remedy,
        "precedents": precedent_rows(shown.weighed),
        "worth": queries.break_even(value, shown.remedy.currency),
        "waits": shown.remedy.state == Remedy.State.REQUESTED,
        **tabs(user, "waiting"),
    }
    return page(request, "web/approval.html", "approvals", context)


def _decide(request: HttpRequest, pk: int) -> HttpResponse:
    user = viewer(request)
    decision, reason = text_of(request, "decision"), text_of(request, "reason")
    if decision == "approve":
        amount = text_of(request, "amount") or None
        remedy = actions.approve_remedy(user, pk, reason, amount)
        done = _("Approved.") if remedy.state == Remedy.State.GRANTED else _("Your yes is kept: a second one decides.")
        return back_to(request, "web:approvals", done)
    if decision == "decline":
        actions.decline_remedy(user, pk, reason)
        return back_to(request, "web:approvals", _("Declined."))
    raise InvalidInput(_("Approve or decline."), "decision")


@require_GET
@requires(Permission.VIEW_INSIGHT)
def measured(request: HttpRequest) -> HttpResponse:
    """How much people decide themselves, and how long they wait for others."""
    chosen = request.GET.get("period", "")
    days = PERIODS.get(chosen, PERIODS["3m"])
    now = clock.now()
    context = {
        "figures": queries.empowered(viewer(request), now - timedelta(days=days), now),
        "doubted": [each for each in queries.rule_uses(viewer(request)) if each.is_doubtful],
        "periods": [("1m", _("30 days")), ("3m", _("3 months")), ("12m", _("12 months"))],
        "chosen": chosen if chosen in PERIODS else "3m",
        **tabs(viewer(request), "measured"),
    }
    return page(request, "web/approval_measured.html", "approvals", context)
