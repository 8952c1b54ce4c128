"""What a language model proposes to the agent who asked: a draft, a summary, questions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from backstory.assistant import actions, queries
from backstory.assistant.models import Proposal
from backstory.web.panes.advice import advice, shown
from backstory.web.views.common import signed_in, viewer
from backstory.web.views.forms import text_of


@require_POST
@signed_in
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for one; the answer is a fragment that asks again until it is there."""
    return _shown(request, actions.request_proposal(viewer(request), pk, text_of(request, "kind")))


@require_safe
@signed_in
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, queries.get_proposal(viewer(request), pk))


def _shown(request: HttpRequest, row: Proposal) -> HttpResponse:
    """A draft comes with what the coach says of it: what a model proposes is checked like what a person writes."""
    checked = None
    if row.kind == Proposal.Kind.DRAFT and row.state == Proposal.State.DONE:
        checked = shown(advice(viewer(request), row.conversation_id, row.text))
    lines = [line.strip(" -•*0123456789.)") for line in row.text.splitlines()] if row.kind == "question" else []
    context = {"proposal": row, "checked": checked, "questions": [line for line in lines if line]}
    return render(request, "web/_proposal.html", context)


@require_POST
@signed_in
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """The agent took it over; the words are put into the reply box by the page."""
    actions.note_used(viewer(request), pk)
    return HttpResponse(status=204)
