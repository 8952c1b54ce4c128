"""The same person as …: who else a customer may be, saying so, and taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backstory.conversations import actions
from backstory.kernel.errors import InvalidInput
from backstory.web.panes import person as pane
from backstory.web.views.common import page, signed_in, viewer
from backstory.web.views.forms import number_of, text_of


@require_safe
@signed_in
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """How the customer of a conversation is known, who else they may be, and who they turned out to be."""
    words = request.GET.get("q", "").strip()[:200]
    return page(request, "web/person.html", "queue", {"person": pane.person(viewer(request), pk, words)})


@require_safe
@signed_in
def hint(request: HttpRequest, pk: int) -> HttpResponse:
    """A line beside the customer's name where somebody may be the same person; nothing else."""
    return render(request, "web/_person_hint.html", {"hint": pane.hint(viewer(request), pk)})


@require_POST
@signed_in
def same(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the customer of another conversation, or whoever wrote by an address, is this one."""
    other, address = number_of(request, "other"), text_of(request, "address")
    if other is None and not address:
        raise InvalidInput(_("Choose who is the same person."), "other")
    actions.same_person(viewer(request), pk, other, address)
    messages.success(request, _("One person from now on. It can be taken back here."))
    return redirect("web:person", pk)


@require_POST
@signed_in
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back, and go on where it was asked for."""
    merge = actions.undo_same_person(viewer(request), pk)
    messages.success(request, _("Taken back: they are two customers again."))
    back = pane.conversation_of(viewer(request), merge.target)
    return redirect("web:person", back) if back else redirect("web:queue")
