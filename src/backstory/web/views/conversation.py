"""One conversation: as a page, and the parts of it that are fetched again when something changes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from backstory.cases import queries as cases
from backstory.cases.wording import summary_text
from backstory.conversations import queries as conversations
from backstory.kernel.errors import NotFound
from backstory.web.panes import conversation as pane
from backstory.web.panes import queue as queue_pane
from backstory.web.views.common import is_fragment, page, signed_in, viewer
from backstory.web.views.queue import ask_of


@require_GET
@signed_in
def conversation(request: HttpRequest, pk: int) -> HttpResponse:
    """The workspace with a conversation open; for htmx its two panes alone."""
    summary = _summary(request, pk) if request.GET.get("compose") == "summary" else None
    shown = pane.view(viewer(request), pk, draft=summary, everything="all" in request.GET)
    if shown.id != pk:
        return redirect("web:conversation", shown.id)
    if is_fragment(request):
        return render(request, "web/_conversation.html", {"c": shown})
    queue = queue_pane.queue(viewer(request), ask_of(request), pk)
    return page(request, "web/workspace.html", "queue", {"queue": queue, "c": shown})


@require_GET
@signed_in
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """Head and messages, and right pane and recipients unless the agent is at work on them, each for its place."""
    shown = pane.view(viewer(request), pk, everything="all" in request.GET)
    parts = {
        "with_panel": request.GET.get("panel") != "no",
        "with_recipients": request.GET.get("recipients") != "no",
    }
    return render(request, "web/_changes.html", {"c": shown, **parts})


@require_GET
@signed_in
def composer(request: HttpRequest, pk: int) -> HttpResponse:
    """The reply box with the summary of the backstory in it, to be edited and sent."""
    return render(request, "web/_composer.html", {"c": pane.view(viewer(request), pk, draft=_summary(request, pk))})


def _summary(request: HttpRequest, pk: int) -> str:
    """What was heard, in the customer's language; NotFound where there is nothing this viewer may read."""
    complaint = cases.complaint_for(viewer(request), pk)
    told = cases.backstory(viewer(request), complaint) if complaint else None
    if told is None:
        raise NotFound("There is nothing recorded yet that could be summarised.")
    customer = conversations.get_conversation(viewer(request), pk).customer
    return summary_text(told, customer.language or "en")
