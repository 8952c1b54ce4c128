"""Remedies above somebody's limit, waiting for a decision."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from backstory.kernel.errors import InvalidInput
from backstory.people.policy import Permission
from backstory.recovery import actions, queries
from backstory.web.views.common import back_to, page, requires, viewer
from backstory.web.views.forms import text_of


@require_GET
@requires(Permission.APPROVE_REMEDY)
def approvals(request: HttpRequest) -> HttpResponse:
    user = viewer(request)
    waiting = queries.approvals(user)
    context = {"remedies": waiting, "reach": queries.reach(user, waiting)}
    return page(request, "web/approvals.html", "approvals", context)


@require_POST
@requires(Permission.APPROVE_REMEDY)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or decline one request."""
    decision, reason = text_of(request, "decision"), text_of(request, "reason")
    if decision == "approve":
        actions.approve_remedy(viewer(request), pk, reason)
        return back_to(request, "web:approvals", _("Approved."))
    if decision == "decline":
        actions.decline_remedy(viewer(request), pk, reason)
        return back_to(request, "web:approvals", _("Declined."))
    raise InvalidInput(_("Approve or decline."), "decision")
