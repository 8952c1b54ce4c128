"""Scorecards: looking at answers together, the agent first."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backstory.cases import actions, queries
from backstory.cases.models import Review
from backstory.cases.scorecard import CRITERIA, KEYS, may_lead_begin
from backstory.conversations import queries as conversations
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.web.views.common import page, signed_in, viewer
from backstory.web.views.forms import number_of, page_number, text_of


@require_GET
@signed_in
def reviews(request: HttpRequest) -> HttpResponse:
    """One's own reviews; for a lead those of the team, and how far everybody agrees."""
    user = viewer(request)
    leads = policy.can(user, Permission.REVIEW_ANSWERS)
    found = Paginator(queries.reviews(user), 30).get_page(page_number(request))
    rows = [{"review": row, "mine": queries.card_of(row, user), "state": _state(row, user)} for row in found]
    context = {"found": found, "rows": rows, "agreements": queries.agreements(user) if leads else []}
    return page(request, "web/reviews.html", "reviews", context)


def _state(row: Review, user: User) -> str:
    if queries.card_of(row, user):
        return _("Given")
    if row.agent_id == user.pk or _is_ready(row):
        return _("Your turn")
    return _("Waits for their own view")


def _is_ready(row: Review) -> bool:
    return may_lead_begin(row.created_at, queries.card_of(row, row.agent) is not None, clock.now())


@require_http_methods(["GET", "POST"])
@signed_in
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One review: the conversation beside the card; after one's own card also the others'."""
    user, problem = viewer(request), ""
    row = queries.get_review(user, pk)
    if request.method == "POST":
        answers = {key: text_of(request, key) for key in KEYS}
        try:
            actions.judge_answers(user, pk, answers, text_of(request, "note"))
            return redirect("web:review", pk)
        except (InvalidInput, Conflict) as error:
            problem = str(error)
    context = {
        "review": row,
        "messages": conversations.thread(row.conversation),
        "lines": [{"key": each.key, "text": _(each.text), "engine": row.filled.get(each.key, {})} for each in CRITERIA],
        "mine": queries.card_of(row, user),
        "others": queries.cards_shown(row, user),
        "ready": user.pk == row.agent_id or _is_ready(row),
        "problem": problem,
        "given": request.POST,
    }
    status = 400 if problem else 200
    response = page(request, "web/review.html", "reviews", context)
    response.status_code = status
    return response


@require_POST
@signed_in
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """From a conversation: look at one's own answers, or as a lead at those of whoever wrote most."""
    return redirect("web:review", actions.begin_review(viewer(request), pk, number_of(request, "agent")).pk)
