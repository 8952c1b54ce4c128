"""What goes back after something was done in a conversation."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from backstory.web.panes import conversation as pane
from backstory.web.views.common import is_fragment, open_conversation, safe_next, viewer


def acted(request: HttpRequest, conversation_id: int, text: str, *, sent: bool = False, **more: Any) -> HttpResponse:
    """For htmx the changed parts and a notice; for a plain form a redirect to where it stood.

    After sending, the reply box comes back empty; `more` is for the template.
    """
    if not is_fragment(request):
        messages.success(request, text)
        if request.POST.get("next"):
            return redirect(safe_next(request, "web:queue"))
        return redirect("web:conversation", conversation_id)
    context = {"text": text, "is_error": False, "c": None, "sent": sent, "with_panel": True, **more}
    if open_conversation(request) == conversation_id:
        context["c"] = pane.view(viewer(request), conversation_id)
    return render(request, "web/_acted.html", context)
