"""Writing: drafts, advice, replies and notes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backstory.cases import actions as cases
from backstory.conversations import actions as conversations
from backstory.conversations import queries
from backstory.kernel.errors import Conflict
from backstory.web.panes.advice import advice, shown
from backstory.web.panes.conversation import newest_received
from backstory.web.views.answers import acted
from backstory.web.views.common import is_fragment, signed_in, viewer
from backstory.web.views.forms import number_of, text_of, words_of


@require_POST
@signed_in
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is being written."""
    conversations.save_draft(viewer(request), pk, words_of(request, "text"), mode=text_of(request, "mode"))
    return HttpResponse(status=204)


@require_POST
@signed_in
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The advice on a draft. Writes nothing, unless a finding is dismissed with it."""
    dismissed = text_of(request, "dismiss")
    if dismissed:
        conversations.save_draft(viewer(request), pk, dismiss=dismissed)
    words = words_of(request, "text")
    found = shown(advice(viewer(request), pk, words)) if words.strip() else None
    return render(request, "web/_advice.html", {"advice": found})


@require_POST
@signed_in
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a reply, or the summary to be confirmed, or keep a note."""
    user, text = viewer(request), text_of(request, "text")
    if text_of(request, "mode") == "note":
        conversations.add_note(user, pk, text)
        conversations.discard_draft(user, pk)  # else what is for the team alone would come back in the reply box
        return acted(request, pk, _("Note added."), sent=True)
    if not is_fragment(request):  # the page is left whatever happens, so the words must outlive a refusal
        conversations.save_draft(user, pk, text)
    _stop_at_news(request, pk)
    _stop_at_blockers(request, pk, text)
    complaint_id = number_of(request, "summary")
    if complaint_id is not None:
        cases.send_summary(user, complaint_id, text)
        return acted(request, pk, _("Summary sent: record what they answer."), sent=True)
    conversations.send_reply(user, pk, text)
    return acted(request, pk, _("Sent."), sent=True)


def _stop_at_news(request: HttpRequest, pk: int) -> None:
    """Nobody answers a message they have not seen: one that came while they were writing."""
    seen = number_of(request, "seen")
    if seen is None:
        return
    conversation = queries.get_conversation(viewer(request), pk)
    if newest_received(queries.thread(conversation)) > seen:
        raise Conflict(_("Not sent: the customer wrote again in the meantime. Read it, then send."))


def _stop_at_blockers(request: HttpRequest, pk: int, text: str) -> None:
    """Advice never stops anybody, but what the law asks of a letter does."""
    for finding in advice(viewer(request), pk, text).findings:
        if finding.level == "blocker":
            raise Conflict(_("Not sent: %(reason)s") % {"reason": finding.message})
