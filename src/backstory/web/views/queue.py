"""The queue and its search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from backstory.web.panes import queue as pane
from backstory.web.views.common import is_fragment, open_conversation, page, signed_in, viewer
from backstory.web.views.forms import page_number


def ask_of(request: HttpRequest) -> pane.Ask:
    """The part of the queue an address asks for; an unknown view counts as the plain queue."""
    view = request.GET.get("view", pane.DEFAULT_VIEW)
    view = view if view in pane.VIEWS else pane.DEFAULT_VIEW
    return pane.Ask(view, request.GET.get("q", "").strip()[:200], page_number(request))


@require_GET
@signed_in
def queue(request: HttpRequest) -> HttpResponse:
    """The workspace with nothing open; for htmx the left pane alone."""
    if is_fragment(request):
        shown = pane.queue(viewer(request), ask_of(request), open_conversation(request))
        return render(request, "web/_queue.html", {"queue": shown})
    context = {"queue": pane.queue(viewer(request), ask_of(request)), "c": None}
    return page(request, "web/workspace.html", "queue", context)
