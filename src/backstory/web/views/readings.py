"""What was read in one message, and what people say of it."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backstory.cases import actions, policy, queries, verdicts
from backstory.conversations.models import Message
from backstory.kernel.errors import InvalidInput
from backstory.web.panes.verdict_lines import judging, place_name, sheet
from backstory.web.panes.verdict_words import NAMES, word
from backstory.web.views.answers import acted
from backstory.web.views.common import is_fragment, page, signed_in, viewer
from backstory.web.views.forms import number_of, text_of, words_of


@require_safe
@signed_in
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Every line of what was read, or one field being judged (`?field=`); for htmx the popover's content."""
    shown = sheet(viewer(request), pk)
    field = request.GET.get("field", "")
    chosen = any(line.field == field and line.may_correct for line in shown.lines)
    judged = judging(shown.message, field) if chosen else None
    context = {"sheet": shown, "judged": judged, "fragment": is_fragment(request)}
    if is_fragment(request):
        return render(request, "web/_judging.html", context)
    return page(request, "web/reading.html", "queue", context)


@require_POST
@signed_in
def correct(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Keep a judgement: a value, or quoted places of which one is added or taken away."""
    user = viewer(request)
    message = queries.message_to_judge(user, pk)
    policy.require_correcting(user, message.conversation.team_id)
    known = verdicts.FIELDS.get(field)
    value = _places(request, message, field) if known and known.kinds else _value(request)
    kept = actions.correct_reading(user, pk, field, value)
    said = word(field, kept.becomes, queries.cause_names())
    text = _("Kept. %(field)s: %(value)s.") % {"field": _(NAMES[field]), "value": said}
    return acted(request, message.conversation_id, text)


@require_POST
@signed_in
def undo(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Take the newest judgement of a field back."""
    taken = actions.undo_correction(viewer(request), pk, field)
    return acted(request, taken.message.conversation_id, _("Taken back."))


def _value(request: HttpRequest) -> Any:
    """The value a form sent: a small piece of JSON."""
    try:
        return json.loads(text_of(request, "value")[:100])
    except ValueError:
        raise InvalidInput(_("Choose one of the values."), "value") from None


def _places(request: HttpRequest, message: Message, field: str) -> list[dict[str, Any]]:
    """The quoted places as they would be: all of now, less one, or with one more."""
    row = queries.verdicts_on(message, verdicts.FIELDS[field].home)
    spans: list[dict[str, Any]] = list((verdicts.value_of(row.data, field) if row else None) or [])
    if text_of(request, "confirm"):
        return spans
    gone = text_of(request, "remove")
    if gone:
        return [span for span in spans if place_name(span) != gone]
    start, end = verdicts.place(message.text, words_of(request, "quote"), number_of(request, "near") or 0)
    return [*spans, {"kind": text_of(request, "kind"), "text": message.text[start:end], "start": start, "end": end}]
