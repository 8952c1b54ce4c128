"""Coming back to customers: the follow-ups to do, and the second recoveries under way."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django_stubs_ext import StrPromise

from backstory.cases.queries import desk_hours
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.recovery import actions, queries
from backstory.recovery.models import FollowUp
from backstory.web.panes.followups import OUTCOMES, followup_rows, second_rows
from backstory.web.views.answers import acted
from backstory.web.views.common import page, signed_in, viewer
from backstory.web.views.forms import end_of_day, page_number, required_number, text_of

WHOSE: dict[str, StrPromise] = {"mine": gettext_lazy("Mine"), "team": gettext_lazy("The team's")}
TABS: dict[str, StrPromise] = {
    "open": gettext_lazy("To do"),
    "late": gettext_lazy("Late"),
    "done": gettext_lazy("Done"),
    "not_reached": gettext_lazy("Not reached"),
    "skipped": gettext_lazy("Skipped"),
}
SECOND_TABS: dict[str, StrPromise] = {"open": gettext_lazy("Under way"), "done": gettext_lazy("Done")}
PER_PAGE = 50


def _one_of(request: HttpRequest, name: str, choices: dict[str, StrPromise]) -> str:
    wanted = request.GET.get(name, "")
    return wanted if wanted in choices else next(iter(choices))


def around(user: User, section: str) -> dict[str, object]:
    """The sections of the page, and which one is open."""
    sections: dict[str, StrPromise] = {
        "followups": gettext_lazy("Follow-ups"),
        "second_recoveries": gettext_lazy("Second recoveries"),
        "lost_customers": gettext_lazy("Lost customers"),
    }
    if policy.can(user, Permission.EDIT_MAILBOX_MANNER):
        sections["survey_choices"] = gettext_lazy("What we ask")
    return {"sections": sections, "section": section}


@require_GET
@signed_in
def followups(request: HttpRequest) -> HttpResponse:
    """What to come back for: mine, my team's, the late ones."""
    user = viewer(request)
    tab, whose = _one_of(request, "show", TABS), _one_of(request, "whose", WHOSE)
    found = Paginator(_wanted(user, tab, whose), PER_PAGE).get_page(page_number(request))
    context = {
        **around(user, "followups"),
        "tabs": TABS,
        "tab": tab,
        "all_whose": WHOSE,
        "whose": whose,
        "found": found,
        "rows": followup_rows(user, found.object_list),
        "late": queries.followups(user, "open").filter(due_at__lt=clock.now()).count(),
        "pages_query": {"show": tab, "whose": whose},
    }
    return page(request, "web/followups.html", "followups", context)


def _wanted(user: User, tab: str, whose: str) -> QuerySet[FollowUp]:
    found = queries.followups(user, "open" if tab == "late" else tab)
    if tab == "late":
        found = found.filter(due_at__lt=clock.now())
    elif tab != "open":
        found = found.order_by("-settled_at", "-id")
    return found.filter(owner=user) if whose == "mine" else found


@require_POST
@signed_in
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, not reached, skipped, or given to somebody else."""
    user, decision = viewer(request), text_of(request, "decision")
    note = text_of(request, "note")
    if decision in ("done", "held", "failed"):
        held = {"held": True, "failed": False}.get(decision)
        row, said = actions.finish_followup(user, pk, note, held), _("Done.")
        said = _("Opened again, with a second recovery.") if held is False else said
    elif decision == "missed":
        row, said = _missed(request, user, pk, note), _("Nobody reached: noted.")
    elif decision == "skip":
        row, said = actions.skip_followup(user, pk, text_of(request, "reason")), _("Skipped.")
    elif decision == "give":
        owner = required_number(request, "owner", _("Choose somebody."))
        row, said = actions.hand_over_followup(user, pk, owner), _("Handed over.")
    else:
        raise InvalidInput(_("Choose what became of it."), "decision")
    return acted(request, row.complaint.conversation_id, said)


def _missed(request: HttpRequest, user: User, pk: int, note: str) -> FollowUp:
    again = None
    if text_of(request, "again"):
        mailbox = queries.get_followup(user, pk).complaint.conversation.mailbox
        again = end_of_day(request, "again", desk_hours(mailbox))
    return actions.miss_followup(user, pk, note, again)


@require_GET
@signed_in
def second_recoveries(request: HttpRequest) -> HttpResponse:
    """What was not enough the first time: why, whose, by when, and what came of it."""
    user, tab = viewer(request), _one_of(request, "show", SECOND_TABS)
    rows = queries.second_recoveries(user)
    chosen = rows.filter(state=tab)
    found = Paginator(chosen if tab == "open" else chosen.order_by("-done_at"), PER_PAGE).get_page(page_number(request))
    context = {
        **around(user, "second_recoveries"),
        "tabs": SECOND_TABS,
        "tab": tab,
        "found": found,
        "rows": second_rows(user, found.object_list),
        "outcomes": OUTCOMES,
        "counts": queries.second_outcomes(rows),
    }
    return page(request, "web/second_recoveries.html", "followups", context)


@require_POST
@signed_in
def decide_second(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a second recovery to somebody, or say that it is done."""
    user, decision = viewer(request), text_of(request, "decision")
    if decision == "give":
        owner = required_number(request, "owner", _("Choose somebody."))
        row, said = actions.give_second_recovery(user, pk, owner), _("Handed over.")
    elif decision == "done":
        row, said = actions.finish_second_recovery(user, pk, text_of(request, "outcome")), _("Done.")
    else:
        raise InvalidInput(_("Choose what became of it."), "decision")
    return acted(request, row.complaint.conversation_id, said)


@require_POST
@signed_in
def begin_second(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody of the team sees that it was not enough."""
    row = actions.ask_for_second_recovery(viewer(request), pk)
    return acted(request, row.complaint.conversation_id, _("A second recovery has begun."))
