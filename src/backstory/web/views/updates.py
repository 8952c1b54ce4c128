"""Keeping customers informed: read and change what goes out, send it now, skip it, plan it, and say how it is done."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backstory.cases import policy as case_policy
from backstory.conversations.queries import manageable_mailboxes
from backstory.kernel.errors import InvalidInput
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.people.queries import teams
from backstory.recovery import actions, queries
from backstory.recovery.models import StageUpdate, UpdateManner
from backstory.recovery.rules.updates import DEFAULT_EVERY
from backstory.web.panes import updates as pane
from backstory.web.panes.verdict_words import SEVERITIES
from backstory.web.views.answers import acted
from backstory.web.views.common import back_to, is_fragment, page, requires, signed_in, viewer
from backstory.web.views.forms import moment_of, number_of, page_number, text_of, words_of


@require_GET
@signed_in
def updates(request: HttpRequest) -> HttpResponse:
    """What customers wait to be told: first what needs somebody, then what is coming."""
    user = viewer(request)
    tab = "coming" if request.GET.get("show") == "coming" else "waiting"
    rows = queries.coming_updates(user) if tab == "coming" else queries.waiting_updates(user)
    found = Paginator(rows, 50).get_page(page_number(request))
    context = {
        "tab": tab,
        "found": found,
        "rows": [(each, pane.shown(each)) for each in found.object_list],
        "may_set": policy.can(user, Permission.EDIT_MAILBOX_MANNER),
    }
    return page(request, "web/updates.html", "promises", context)


@require_GET
@signed_in
def update(request: HttpRequest, pk: int) -> HttpResponse:
    """One update as the customer will read it, with what can be done about it."""
    found = queries.get_update(viewer(request), pk)
    letter = queries.letter_of_update(found) if found.state != StageUpdate.State.SENT else None
    context = {
        "update": found,
        "row": pane.shown(found),
        "letter": letter,
        "may_edit": case_policy.may_handle(viewer(request), found.complaint),
    }
    if is_fragment(request):
        return render(request, "web/_update.html", context)
    return page(request, "web/update.html", "promises", context)


@require_POST
@signed_in
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the words, send it now, or skip it."""
    user, decision = viewer(request), text_of(request, "decision")
    conversation_id = queries.get_update(user, pk).complaint.conversation_id
    if decision == "skip":
        actions.skip_update(user, pk, text_of(request, "reason"))
        return acted(request, conversation_id, _("Skipped."))
    if "text" in request.POST:
        actions.edit_update(user, pk, words_of(request, "text"))
    if decision == "send":
        actions.send_update(user, pk)
        return acted(request, conversation_id, _("The customer is told."))
    if decision != "save":
        raise InvalidInput(_("Save, send or skip."), "decision")
    return acted(request, conversation_id, _("Saved. It goes out at its time in your words."))


@require_POST
@signed_in
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter at a time that the agent chooses."""
    due_at = moment_of(request, "due")
    if due_at is None:
        raise InvalidInput(_("Choose a day and a time."), "due")
    row = actions.plan_update(viewer(request), pk, due_at, words_of(request, "text"))
    return acted(request, row.complaint.conversation_id, _("Planned."))


@require_POST
@signed_in
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Let this complaint's updates go out by themselves, or not."""
    automatic = text_of(request, "automatic") == "yes"
    row = actions.switch_updates(viewer(request), pk, automatic)
    assert row.complaint is not None
    said = _("They go out by themselves again.") if automatic else _("Nothing goes out by itself here any more.")
    return acted(request, row.complaint.conversation_id, said)


@require_POST
@signed_in
def revoke_links(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the links sent so far worthless."""
    complaint = actions.revoke_status_links(viewer(request), pk)
    return acted(request, complaint.conversation_id, _("The links sent so far open nothing any more."))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_MAILBOX_MANNER)
def manner(request: HttpRequest) -> HttpResponse:
    """How customers are kept informed: the desk, its teams and mailboxes, each saying what differs."""
    user = viewer(request)
    if request.method == "POST":
        kind, _colon, number = text_of(request, "place").partition(":")
        automatic = {"yes": True, "no": False}.get(text_of(request, "automatic"))
        every = {
            str(level): days for level in DEFAULT_EVERY if (days := number_of(request, f"every-{level}")) is not None
        }
        place_id = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None
        actions.set_update_manner(
            user, kind, place_id, automatic=automatic, every=every, carer=text_of(request, "carer")
        )
        return back_to(request, "web:update_manner", _("Saved."))
    context = {
        "places": _places(user),
        "levels": [(level, _(name), DEFAULT_EVERY[level]) for level, name in enumerate(SEVERITIES)],
    }
    return page(request, "web/update_manner.html", "promises", context)


def _places(user: User) -> list[tuple[str, str, UpdateManner | None]]:
    """(key, name, what was said) of every place that the viewer may speak for."""
    said = queries.manners(user)
    by_team = {row.team_id: row for row in said if row.team_id}
    by_mailbox = {row.mailbox_id: row for row in said if row.mailbox_id}
    desk = next((row for row in said if row.team_id is None and row.mailbox_id is None), None)
    places: list[tuple[str, str, UpdateManner | None]] = []
    if policy.can(user, Permission.ADMINISTER):
        places.append(("desk", _("The whole desk"), desk))
    mine = [team for team in teams() if policy.can(user, Permission.EDIT_MAILBOX_MANNER, team.pk)]
    places += [(f"team:{team.pk}", team.name, by_team.get(team.pk)) for team in mine]
    for box in manageable_mailboxes(user):
        places.append((f"mailbox:{box.pk}", box.address, by_mailbox.get(box.pk)))
    return places
