"""Splitting, merging and keeping messages where they are, and taking that back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backstory.cases import actions as cases
from backstory.conversations import actions as conversations
from backstory.people import actions as people
from backstory.web.views.answers import acted
from backstory.web.views.common import is_fragment, signed_in, viewer
from backstory.web.views.forms import required_number, text_of


def _lead_to(request: HttpRequest, conversation_id: int, text: str) -> HttpResponse:
    """Go to where the messages are now, and say what was done."""
    messages.success(request, text)
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("web:conversation", args=[conversation_id])})
    return redirect("web:conversation", conversation_id)


@require_POST
@signed_in
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a message, and all after it if wanted, a conversation of its own; the page stays where it is."""
    move = cases.split_message(viewer(request), pk, following=text_of(request, "following") == "yes")
    return acted(request, move.source_id, _("Split off into its own conversation."))


@require_POST
@signed_in
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    message = conversations.keep_message(viewer(request), pk)
    return acted(request, message.conversation_id, _("Kept in this conversation."))


@require_POST
@signed_in
def doubt(request: HttpRequest, pk: int) -> HttpResponse:
    message = conversations.doubt_message_again(viewer(request), pk)
    return acted(request, message.conversation_id, _("Open again whether it belongs here."))


@require_POST
@signed_in
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge this conversation into another one of the same customer, and go there."""
    target = required_number(request, "target", _("Choose the conversation to merge this one into."))
    move = cases.merge_conversations(viewer(request), pk, target)
    return _lead_to(request, move.target_id, _("Merged. It can be taken back in the thread."))


@require_POST
@signed_in
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    move = cases.undo_move(viewer(request), pk)
    return _lead_to(request, move.source_id, _("Taken back: everything is where it was."))


@require_POST
@signed_in
def clear_troubles(request: HttpRequest) -> HttpResponse:
    """Say that letters to an address are fine again."""
    people.clear_troubles(viewer(request), text_of(request, "address"))
    conversation_id = required_number(request, "conversation", _("That is not one of the choices."))
    return acted(request, conversation_id, _("Letters go to that address again without a warning."))
