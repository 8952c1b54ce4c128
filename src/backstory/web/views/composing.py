"""Writing: drafts, advice, recipients, replies and notes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backstory.cases import actions as cases
from backstory.channels.email.letter_html import without_pictures
from backstory.conversations import actions as conversations
from backstory.conversations import queries
from backstory.conversations.letters import Address, Dispatch
from backstory.conversations.models import Message
from backstory.conversations.recipients import UnconfirmedRecipients, parsed
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.web.panes.advice import advice, shown
from backstory.web.panes.composing import cautions, cautions_about, chosen
from backstory.web.panes.conversation import newest_received
from backstory.web.panes.deliveries import seconds_left
from backstory.web.views.answers import acted
from backstory.web.views.common import is_fragment, signed_in, viewer
from backstory.web.views.enclosing import taken
from backstory.web.views.forms import number_of, numbers_of, text_of, words_of


@require_POST
@signed_in
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is being written."""
    _keep(request, pk)
    return HttpResponse(status=204)


def _keep(request: HttpRequest, pk: int) -> None:
    """The draft as the form holds it; recipients only where somebody has changed those that were offered."""
    to, cc = words_of(request, "to"), words_of(request, "cc")
    changed = "to" in request.POST and chosen(to, cc) != words_of(request, "offered")
    recipients = (parsed(to)[0], parsed(cc)[0]) if changed else None
    mode, quote = text_of(request, "mode"), _quote(request)
    conversations.save_draft(
        viewer(request), pk, words_of(request, "text"), mode=mode, recipients=recipients, quote=quote
    )


def _quote(request: HttpRequest) -> bool | None:
    return text_of(request, "quote") == "yes" if text_of(request, "quote_shown") else None


@require_POST
@signed_in
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The advice on a draft. Writes nothing, unless a finding is dismissed with it."""
    dismissed = text_of(request, "dismiss")
    if dismissed:
        conversations.dismiss(viewer(request), pk, dismissed)
    words = without_pictures(words_of(request, "text"))
    found = shown(advice(viewer(request), pk, words)) if words.strip() else None
    return render(request, "web/_advice.html", {"advice": found})


@require_POST
@signed_in
def recipients(request: HttpRequest, pk: int) -> HttpResponse:
    """The warnings about the recipients that stand in the form. Writes nothing."""
    named = [*parsed(words_of(request, "to"))[0], *parsed(words_of(request, "cc"))[0]]
    found = cautions_about(viewer(request), pk, named, request.POST.getlist("confirmed"))
    return render(request, "web/_cautions.html", {"cautions": found})


@require_POST
@signed_in
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a reply, or the summary to be confirmed, or keep a note."""
    user, text = viewer(request), text_of(request, "text")
    files = (*numbers_of(request, "file"), *(each.pk for each in taken(request, pk)))
    if text_of(request, "mode") == "note":
        conversations.add_note(user, pk, text, files)
        conversations.discard_draft(user, pk)  # else what is for the team alone would come back in the reply box
        return acted(request, pk, _("Note added."), sent=True)
    if not is_fragment(request):  # the page is left whatever happens, so the words must outlive a refusal
        _keep(request, pk)
    _stop_at_news(request, pk)
    _stop_at_blockers(request, pk, text)
    try:
        return _sent(request, pk, _reply(request, pk, text, files))
    except UnconfirmedRecipients as unconfirmed:
        if not is_fragment(request):
            raise
        found = cautions(unconfirmed.warnings, request.POST.getlist("confirmed"))
        context = {"text": str(unconfirmed), "is_error": True, "cautions": found}
        return render(request, "web/_unconfirmed.html", context, status=unconfirmed.status)


def _reply(request: HttpRequest, pk: int, text: str, files: tuple[int, ...]) -> Message:
    complaint_id = number_of(request, "summary")
    dispatch = Dispatch(
        to=_people(request, "to"),
        cc=_people(request, "cc"),
        confirmed=frozenset(request.POST.getlist("confirmed")),
        files=files,
        quote=_quote(request),
        hold_seconds=settings.UNDO_SEND_SECONDS,
    )
    if complaint_id is not None:
        return cases.send_summary(viewer(request), complaint_id, text, dispatch)
    return conversations.send_reply(viewer(request), pk, text, dispatch)


def _people(request: HttpRequest, name: str) -> tuple[Address, ...] | None:
    """Who stands in one of the recipients' fields, None where the form has none."""
    if name not in request.POST:
        return None
    found, wrong = parsed(words_of(request, name))
    if wrong:
        raise InvalidInput(_("Not sent: “%(text)s” is not an e-mail address.") % {"text": wrong[0]}, name)
    return tuple(found)


def _sent(request: HttpRequest, pk: int, message: Message) -> HttpResponse:
    summary = number_of(request, "summary") is not None
    text = _("Summary sent: record what they answer.") if summary else _("Sent.")
    seconds = seconds_left(message.delivery)
    if seconds:
        return acted(request, pk, text, sent=True, held=message.delivery, seconds=seconds)
    return acted(request, pk, text, sent=True)


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
    for finding in advice(viewer(request), pk, without_pictures(text)).findings:
        if finding.level == "blocker":
            raise Conflict(_("Not sent: %(reason)s") % {"reason": finding.message})
