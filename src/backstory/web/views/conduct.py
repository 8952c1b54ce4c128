"""Abusive contact: handing over, a break, warning, pausing and ending, and looking at decisions again."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backstory.cases import actions, conduct, policy, queries
from backstory.cases.models import ConductDecision
from backstory.conversations.models import Conversation
from backstory.conversations.queries import get_conversation
from backstory.kernel import clock
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.web.formats import local_time, short_date
from backstory.web.views.answers import acted
from backstory.web.views.common import back_to, page, requires, signed_in, viewer
from backstory.web.views.forms import end_of_day, number_of, required_number, text_of

Kind = ConductDecision.Kind


@require_safe
@requires(Permission.HANDLE_COMPLAINTS)
def decisions(request: HttpRequest) -> HttpResponse:
    """Everything decided about abusive contact, what waits for somebody first."""
    user = viewer(request)
    rows = list(queries.conduct_decisions(user)[:200])
    due = {row.pk for row in queries.reviews_due(user)}
    shown = [(row, policy.may_decide_conduct(user, row.conversation.team_id), row.pk in due) for row in rows]
    context = {
        "waiting": [one for one in shown if one[0].state == "proposed"],
        "due": [one for one in shown if one[2]],
        "others": [one for one in shown if one[0].state != "proposed" and not one[2]],
        "me": user,
        "next_review": _day_after(conduct.USUAL_REVIEW["warning"]),
    }
    return page(request, "web/conduct.html", "conduct", context)


def _day_after(span: timedelta) -> str:
    """A date for a form's field."""
    return local_time(clock.now() + span).date().isoformat()


@require_POST
@signed_in
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    decision = actions.hand_over(viewer(request), pk)
    name = Conversation.objects.select_related("assignee").get(pk=decision.conversation_id).assignee
    text = _("%(name)s has it now. Nobody asks why; take a break if you like.") % {"name": name}
    return acted(request, decision.conversation_id, text)


@require_POST
@requires(Permission.REPLY)
def take_break(request: HttpRequest) -> HttpResponse:
    minutes = required_number(request, "minutes", _("Choose how long."))
    actions.take_break(viewer(request), minutes)
    text = _("%(n)d minutes without abusive contacts from others. Get up, if you can.") % {"n": minutes}
    conversation = number_of(request, "conversation")
    return acted(request, conversation, text) if conversation else back_to(request, "web:queue", text)


@require_http_methods(["GET", "POST"])
@signed_in
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The page on which a lead warns, pauses or ends, and its form."""
    user = viewer(request)
    conversation = get_conversation(user, pk)
    policy.require_deciding_conduct(user, conversation.team_id)
    if request.method == "POST":
        return _decided(request, conversation)
    kind = request.GET.get("kind", Kind.WARNING)
    kind = kind if kind in (Kind.WARNING, Kind.PAUSE, Kind.ENDING) else Kind.WARNING
    review = clock.now() + conduct.USUAL_REVIEW.get(kind, timedelta(days=2))
    facts = queries.ending_facts(conversation)
    context = {
        "c": conversation,
        "kind": kind,
        "facts": facts,
        "needs_second": conduct.needs_second(facts),
        "may_end": facts.warned or facts.threatened,
        "review": local_time(review).date().isoformat(),
        "letter": "" if kind == Kind.PAUSE else _letter(user, conversation, kind, short_date(review)),
        "standing": queries.standing_decisions(user, conversation),
    }
    return page(request, "web/conduct_decide.html", "conduct", context)


def _letter(user: User, conversation: Conversation, kind: str, review: str) -> str:
    agent = conversation.assignee or user
    return conduct.letter(
        kind,
        conversation.customer.language or conversation.mailbox.language or "en",
        name=conversation.customer.name or "",
        agent=agent.get_short_name(),
        lead=user.name,
        review=review,
    )


def _decided(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    user, kind, reason = viewer(request), text_of(request, "kind"), text_of(request, "reason")
    day = end_of_day(request, "review", queries.desk_hours(conversation.mailbox))
    if kind == Kind.PAUSE:
        actions.pause_answering(user, conversation.pk, day, reason)
        text = _("Answering is paused.")
    else:
        letter = text_of(request, "letter")
        made = actions.decide_conduct(user, conversation.pk, kind, reason=reason, letter=letter, review_at=day)
        waits = made.state == ConductDecision.State.PROPOSED
        text = _("Proposed: another lead has to agree.") if waits else _("Decided, and the letter is on its way.")
    back_to(request, "web:conduct", text)
    return redirect("web:conversation", conversation.pk)


@require_POST
@signed_in
def second(request: HttpRequest, pk: int) -> HttpResponse:
    agrees = text_of(request, "decision") == "agree"
    actions.second_decision(viewer(request), pk, agrees=agrees, words=text_of(request, "words"))
    return back_to(request, "web:conduct", _("Agreed: the letter is on its way.") if agrees else _("Declined."))


@require_POST
@signed_in
def review(request: HttpRequest, pk: int) -> HttpResponse:
    lift = text_of(request, "decision") == "lift"
    day = None if lift else end_of_day(request, "review", queries.desk_hours())
    actions.review_decision(viewer(request), pk, lift=lift, words=text_of(request, "words"), next_review=day)
    return back_to(request, "web:conduct", _("Lifted.") if lift else _("It stands, to be looked at again."))
