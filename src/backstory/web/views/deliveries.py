"""Letters on their way out: those that did not get through, and what somebody decides about them."""

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from backstory.conversations import actions, queries
from backstory.conversations.models import Delivery
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.web.panes.deliveries import line
from backstory.web.views.answers import acted
from backstory.web.views.common import open_conversation, page, requires, signed_in, viewer
from backstory.web.views.forms import page_number, text_of, words_of


@require_GET
@requires(Permission.SEE_DELIVERIES)
def deliveries(request: HttpRequest) -> HttpResponse:
    """All letters that somebody has to look at."""
    found = Paginator(queries.stuck_deliveries(viewer(request)), 50).get_page(page_number(request))
    lines = [(each, line(each, may_act=True)) for each in found.object_list]
    return page(request, "web/deliveries.html", "deliveries", {"found": found, "lines": lines})


@require_POST
@signed_in
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a letter back. What has been begun since in the same box comes along, so that none of it is lost."""
    user, conversation_id = viewer(request), queries.get_delivery(viewer(request), pk).message.conversation_id
    begun = words_of(request, "text")
    if begun.strip() and open_conversation(request) == conversation_id:
        actions.save_draft(user, conversation_id, begun, mode=text_of(request, "mode"))
    actions.undo_send(user, pk)
    return acted(request, conversation_id, _("Taken back: it is a draft again."), sent=True, undone=True)


def _decided(request: HttpRequest, pk: int, decide: Callable[[User, int], Delivery], text: str) -> HttpResponse:
    delivery = decide(viewer(request), pk)
    return acted(request, delivery.message.conversation_id, text)


@require_POST
@signed_in
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, actions.retry_delivery, _("The letter is on its way again."))


@require_POST
@signed_in
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, actions.confirm_delivery, _("Noted that it was sent."))


@require_POST
@signed_in
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, actions.cancel_delivery, _("It will not be sent."))


@require_POST
@signed_in
def attend(request: HttpRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, actions.attend_delivery, _("Noted that nothing is left to do."))
