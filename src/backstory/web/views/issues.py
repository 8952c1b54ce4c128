"""Further issues of a complaint: noted, given a cause, decided about."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backstory.cases import actions, queries
from backstory.web.views.answers import acted
from backstory.web.views.common import signed_in, viewer
from backstory.web.views.forms import number_of, text_of


@require_POST
@signed_in
def add(request: HttpRequest, pk: int) -> HttpResponse:
    issue = actions.add_issue(viewer(request), pk, text_of(request, "text"), number_of(request, "cause"))
    return acted(request, issue.complaint.conversation_id, _("Noted."))


@require_POST
@signed_in
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the cause that the form names; an empty choice changes nothing."""
    issue = queries.get_issue(viewer(request), pk)
    cause = number_of(request, "cause")
    if cause is not None:
        actions.set_issue_cause(viewer(request), pk, cause)
    return acted(request, issue.complaint.conversation_id, _("Saved."))


@require_POST
@signed_in
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    issue = actions.decide_issue(viewer(request), pk, text_of(request, "outcome"), text_of(request, "reason"))
    return acted(request, issue.complaint.conversation_id, _("Decided."))


@require_POST
@signed_in
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    issue = queries.get_issue(viewer(request), pk)
    actions.remove_issue(viewer(request), pk)
    return acted(request, issue.complaint.conversation_id, _("Taken back."))
