"""The ledger of originals: looked through, opened, corrected, released, deleted."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from backstory.conversations import actions, queries
from backstory.conversations.queries import Asked
from backstory.kernel.errors import InvalidInput
from backstory.people.policy import Permission
from backstory.web.panes import originals as pane
from backstory.web.views.common import back_to, page, requires, signed_in, viewer
from backstory.web.views.forms import number_of, page_number, text_of

PER_PAGE = 50


@require_GET
@requires(Permission.VIEW_QUARANTINE)
def originals(request: HttpRequest) -> HttpResponse:
    """Every original that fits what is asked, newest first, and how many arrived on each day."""
    user, asked = viewer(request), pane.asked_of(request)
    found = Paginator(queries.originals(user, asked), PER_PAGE).get_page(page_number(request))
    query = {name: str(value) for name, value in request.GET.items() if name != "page" and value}
    context = {
        "found": found,
        "lines": [pane.line(raw) for raw in found.object_list],
        "asked": asked,
        "tabs": pane.tabs(asked, queries.decision_counts(user, asked), query),
        "days": queries.days(user),
        "mailboxes": queries.mailboxes(user),
        "pages_query": query,
    }
    return page(request, "web/originals.html", "originals", context)


@require_GET
@signed_in
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One original with everything that is known of it, for whoever may see what it is about."""
    return page(request, "web/original_entry.html", "originals", {"e": pane.entry(viewer(request), pk)})


@require_GET
@requires(Permission.VIEW_QUARANTINE)
def quarantine(request: HttpRequest) -> HttpResponse:
    """What waits for a decision of a person."""
    rows = queries.originals(viewer(request), Asked(decision="quarantined"))
    found = Paginator(rows, PER_PAGE).get_page(page_number(request))
    lines = [pane.line(raw) for raw in found.object_list]
    return page(request, "web/quarantine.html", "quarantine", {"found": found, "lines": lines})


@require_POST
@requires(Permission.RELEASE_ORIGINALS)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what a person says of an original and, if wanted, send it through the door at once."""
    actions.correct_original(
        viewer(request),
        pk,
        sender=text_of(request, "sender"),
        name=text_of(request, "name"),
        mailbox_id=number_of(request, "mailbox"),
        ordinary=text_of(request, "ordinary") == "yes",
    )
    actions.release_original(viewer(request), pk)
    return _done(request, pk, _("Corrected: it goes through the door again."))


@require_POST
@requires(Permission.RELEASE_ORIGINALS)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    actions.release_original(viewer(request), pk)
    return _done(request, pk, _("It goes through the door again."))


@require_POST
@requires(Permission.DELETE_ORIGINALS)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    actions.delete_original(viewer(request), pk, text_of(request, "reason"))
    return _done(request, pk, _("Deleted. That it was here, and who deleted it, stays on record."))


def _done(request: HttpRequest, pk: int, text: str) -> HttpResponse:
    if request.POST.get("next"):
        return back_to(request, "web:quarantine", text)
    answer = back_to(request, "web:quarantine", text)
    answer["Location"] = redirect("web:original_entry", pk).headers["Location"]
    return answer


@require_POST
@requires(Permission.VIEW_QUARANTINE)
def several(request: HttpRequest) -> HttpResponse:
    """Release or delete the originals that were ticked; what cannot be is told at the end."""
    user, what, reason = viewer(request), text_of(request, "what"), text_of(request, "reason")
    ids = [int(each) for each in request.POST.getlist("id") if each.isascii() and each.isdigit() and len(each) < 18]
    if not ids:
        raise InvalidInput(_("Tick at least one of them."), "id")
    for pk in ids[:PER_PAGE]:
        if what == "release":
            actions.release_original(user, pk)
        elif what == "delete":
            actions.delete_original(user, pk, reason)
        else:
            raise InvalidInput(_("Say what to do with them."), "what")
    number = len(ids[:PER_PAGE])
    if what == "release":
        text = ngettext("%(number)d goes through the door again.", "%(number)d go through the door again.", number)
    else:
        text = ngettext("%(number)d was deleted.", "%(number)d were deleted.", number)
    return back_to(request, "web:quarantine", text % {"number": number})
