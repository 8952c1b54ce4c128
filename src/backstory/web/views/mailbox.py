"""The demo mailbox. Its answers come in through the same door as any mail."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from backstory.conversations.actions import store_raw
from backstory.kernel.errors import NotFound
from backstory.web.panes import mailbox as pane
from backstory.web.views.common import back_to, page, signed_in, viewer
from backstory.web.views.forms import page_number


def _demo_only() -> None:
    if not settings.DEMO:
        raise NotFound(_("There is no such page, or none that you may see."))


@require_GET
@signed_in
def mailbox(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The letters, and one of them open."""
    _demo_only()
    found = Paginator(pane.letters(viewer(request)), 25).get_page(page_number(request))
    letter = pane.get_letter(viewer(request), pk) if pk is not None else None
    return page(request, "web/mailbox.html", "mailbox", {"found": found, "letter": letter})


@require_POST
@signed_in
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a letter as the customer: stored as raw mail, then understood like any other."""
    _demo_only()
    letter = pane.get_letter(viewer(request), pk)
    data = pane.answer(letter, str(request.POST.get("text", "")))
    store_raw("email", letter.message.conversation.mailbox, data, {"recipients": [pane.reply_address(letter)]})
    return back_to(request, "web:mailbox", _("Sent to the desk: watch the queue."))
