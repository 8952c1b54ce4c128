"""Who has a conversation, whether it is open, its promises and its letters."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backstory.cases import actions as cases
from backstory.cases.models import Promise
from backstory.conversations import actions as conversations
from backstory.kernel.errors import InvalidInput
from backstory.web.views.answers import acted
from backstory.web.views.common import signed_in, viewer
from backstory.web.views.forms import moment_of, number_of, text_of


@require_POST
@signed_in
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = cases.assign(viewer(request), pk, number_of(request, "assignee"))
    name = conversation.assignee.name if conversation.assignee else _("nobody")
    return acted(request, pk, _("Assigned to %(name)s.") % {"name": name})


@require_POST
@signed_in
def close(request: HttpRequest, pk: int) -> HttpResponse:
    conversations.close(viewer(request), pk)
    return acted(request, pk, _("Conversation closed."))


@require_POST
@signed_in
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    conversations.reopen(viewer(request), pk)
    return acted(request, pk, _("Conversation reopened."))


@require_POST
@signed_in
def decide_promise(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or dismiss what may be a promise; say whether an accepted one was kept."""
    promise, text = _decide(request, pk, text_of(request, "decision"))
    return acted(request, promise.conversation_id, text)


def _decide(request: HttpRequest, pk: int, decision: str) -> tuple[Promise, str]:
    user = viewer(request)
    if decision in ("accept", "amend"):
        due_at, owner_id = moment_of(request, "due"), number_of(request, "owner")
        if decision == "accept":
            return cases.accept_promise(user, pk, due_at, owner_id), _("In the ledger: you will be reminded.")
        return cases.amend_promise(user, pk, due_at, owner_id), _("Promise changed.")
    if decision == "dismiss":
        return cases.dismiss_promise(user, pk), _("Not counted as a promise.")
    if decision == "kept":
        return cases.keep_promise(user, pk, text_of(request, "evidence")), _("Promise kept.")
    if decision == "broken":
        return cases.break_promise(user, pk), _("Noted as broken: tell the customer before they ask.")
    raise InvalidInput(_("Say what to do with the promise."), "decision")
