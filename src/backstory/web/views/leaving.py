"""Customers who left: who, what they said, and a list to bring in."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from backstory.cases.queries import cause_tree
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.kernel.text import storable
from backstory.recovery import actions, queries
from backstory.recovery.models import LostCustomer
from backstory.web.views.answers import acted
from backstory.web.views.common import back_to, page, signed_in, viewer
from backstory.web.views.followups import PER_PAGE, around
from backstory.web.views.forms import number_of, page_number, required_number, text_of

SOURCES = {
    "agent": gettext_noop("somebody of the team says so"),
    "stated": gettext_noop("they said that they leave"),
    "silent": gettext_noop("nobody was reached any more"),
    "imported": gettext_noop("from a list"),
}
STATES = {
    "waiting": gettext_noop("To be asked"),
    "asked": gettext_noop("Asked"),
    "answered": gettext_noop("Answered"),
    "not_asked": gettext_noop("Not asked"),
}
LARGEST_LIST = 1024 * 1024


@require_GET
@signed_in
def lost_customers(request: HttpRequest) -> HttpResponse:
    """Who left and why, by cause; who may have; and for leads a list to bring in."""
    user = viewer(request)
    rows = queries.lost_customers(user)
    found = Paginator(rows, PER_PAGE).get_page(page_number(request))
    context = {
        **around(user, "lost_customers"),
        "found": found,
        "rows": list(found.object_list),
        "by_cause": queries.lost_by_cause(rows),
        "candidates": queries.lost_candidates(user),
        "mailboxes": queries.importing_mailboxes(user),
        "causes": cause_tree(active_only=True),
        "sources": {key: _(words) for key, words in SOURCES.items()},
        "states": {key: _(words) for key, words in STATES.items()},
    }
    return page(request, "web/lost_customers.html", "followups", context)


@require_POST
@signed_in
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer of this conversation has left."""
    lost = actions.mark_lost(viewer(request), pk, text_of(request, "source") or LostCustomer.Source.AGENT)
    return acted(request, lost.conversation_id, _("Noted. They are asked why, once."))


@require_POST
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what they left for, or that they have not."""
    if text_of(request, "decision") == "stays":
        actions.unmark_lost(viewer(request), pk)
        return back_to(request, "web:lost_customers", _("Taken off the list."))
    actions.set_lost_cause(viewer(request), pk, number_of(request, "cause"))
    return back_to(request, "web:lost_customers", _("Saved."))


@require_POST
@signed_in
def bring_in(request: HttpRequest) -> HttpResponse:
    """A CSV list of lost customers, all of it or nothing."""
    user, pk = viewer(request), required_number(request, "mailbox", _("Choose a mailbox."))
    mailbox = next((box for box in queries.importing_mailboxes(user) if box.pk == pk), None)
    if mailbox is None:
        raise NotFound(_("There is no such mailbox."))
    upload = request.FILES.get("list")
    if upload is None or (upload.size or 0) > LARGEST_LIST:
        raise InvalidInput(_("Choose a CSV file of at most 1 MB."), "list")
    try:
        text = storable(upload.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InvalidInput(_("The file is no UTF-8 text."), "list") from None
    new, known = actions.import_lost(user, mailbox, text)
    said = _("%(new)d brought in, %(known)d were known.") % {"new": new, "known": known}
    return back_to(request, "web:lost_customers", said)
