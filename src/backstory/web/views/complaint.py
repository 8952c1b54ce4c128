"""Handling a complaint: cause, backstory, resolution, remedies, closing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from backstory.cases import actions as cases
from backstory.cases import policy as case_policy
from backstory.cases import queries as case_queries
from backstory.cases import rules as case_rules
from backstory.recovery import actions as recovery
from backstory.recovery.models import Remedy
from backstory.web.panes import story as pane
from backstory.web.views.answers import acted
from backstory.web.views.common import signed_in, viewer
from backstory.web.views.forms import end_of_day, number_of, required_number, text_of


@require_POST
@signed_in
def open_complaint(request: HttpRequest, pk: int) -> HttpResponse:
    complaint = cases.open_complaint(viewer(request), pk)
    return acted(request, pk, _("Complaint %(number)s opened.") % {"number": complaint.number})


@require_POST
@signed_in
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the cause and the severity, whichever the form changes."""
    user = viewer(request)
    complaint = case_queries.get_complaint(user, pk)
    cause, severity = number_of(request, "cause"), required_number(request, "severity", _("Choose a severity."))
    if severity != complaint.severity:
        cases.set_severity(user, pk, severity)
    if cause is not None and (cause != complaint.cause_id or "confirm" in request.POST):
        cases.set_cause(user, pk, cause)
    return acted(request, complaint.conversation_id, _("Saved."))


@require_POST
@signed_in
def backstory(request: HttpRequest, pk: int) -> HttpResponse:
    given = {name: text_of(request, name) for name in case_rules.PERSONAL_FIELDS if name in request.POST}
    row = cases.save_backstory(viewer(request), pk, **given)
    return acted(request, row.complaint.conversation_id, _("Backstory saved."))


@require_POST
@signed_in
def confirm_backstory(request: HttpRequest, pk: int) -> HttpResponse:
    row = cases.confirm_backstory(viewer(request), pk, text_of(request, "confirmation"))
    return acted(request, row.complaint.conversation_id, _("Their confirmation is recorded."))


@require_GET
@signed_in
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """What was at stake in an earlier complaint, to be opened beside a new one. That it was read is recorded."""
    complaint = case_queries.get_complaint(viewer(request), pk)
    case_policy.require_reading_backstory(viewer(request), complaint)
    shown = pane.story(viewer(request), complaint)
    return render(request, "web/_story.html", {"complaint": complaint, "story": shown})


@require_POST
@signed_in
def deny_retelling(request: HttpRequest, pk: int) -> HttpResponse:
    row = cases.deny_retelling(viewer(request), pk)
    return acted(request, row.conversation_id, _("Counted no more."))


@require_POST
@signed_in
def plan_action(request: HttpRequest, pk: int) -> HttpResponse:
    mailbox = case_queries.get_complaint(viewer(request), pk).conversation.mailbox
    action = cases.add_resolution_action(
        viewer(request),
        pk,
        serves=text_of(request, "serves"),
        text=text_of(request, "text"),
        due_at=end_of_day(request, "due", case_queries.desk_hours(mailbox)),
        owner_id=number_of(request, "owner"),
    )
    return acted(request, action.complaint.conversation_id, _("Planned."))


@require_POST
@signed_in
def finish_action(request: HttpRequest, pk: int) -> HttpResponse:
    action = cases.finish_resolution_action(viewer(request), pk)
    return acted(request, action.complaint.conversation_id, _("Done."))


@require_POST
@signed_in
def offer_remedy(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant a remedy within one's authority, or ask somebody who may."""
    amount = text_of(request, "amount") or "0"
    remedy = recovery.offer_remedy(
        viewer(request),
        pk,
        text_of(request, "kind"),
        amount,
        text_of(request, "currency"),
        text_of(request, "reason"),
        cost=text_of(request, "cost") or None,
        given_by=text_of(request, "given_by"),
        exception_reason=text_of(request, "exception_reason"),
    )
    granted = remedy.state == Remedy.State.GRANTED
    asked = remedy.asked.name if remedy.asked else ""
    waits = (
        _("Above your limit: it waits for %(name)s.") % {"name": asked} if asked else _("Above your limit: it waits.")
    )
    text = _("Granted.") if granted else waits
    return acted(request, remedy.complaint.conversation_id, text, offered=pk)


@require_POST
@signed_in
def close_complaint(request: HttpRequest, pk: int) -> HttpResponse:
    complaint = recovery.close_complaint(viewer(request), pk, text_of(request, "outcome"), text_of(request, "reason"))
    return acted(request, complaint.conversation_id, _("Complaint %(number)s closed.") % {"number": complaint.number})


@require_POST
@signed_in
def reopen_complaint(request: HttpRequest, pk: int) -> HttpResponse:
    complaint = cases.reopen_complaint(viewer(request), pk)
    return acted(request, complaint.conversation_id, _("Complaint reopened."))
