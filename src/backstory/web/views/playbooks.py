"""The playbooks of the desk: what they say, their versions, what they would have done, and which one is in force."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backstory.cases import actions, policy, queries
from backstory.cases.models import PlaybookTrial, PlaybookVersion
from backstory.cases.playbooks.words import say
from backstory.people import policy as people_policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.web.panes import playbooks as panes
from backstory.web.views.answers import acted
from backstory.web.views.common import back_to, is_fragment, page, requires, signed_in, viewer
from backstory.web.views.forms import required_number


@require_safe
@requires(Permission.DRAFT_PLAYBOOKS)
def playbooks(request: HttpRequest) -> HttpResponse:
    user = viewer(request)
    rows = list(queries.playbooks(user))
    newest = _newest([row.pk for row in rows])
    known = [(row, panes.shown(queries.plan_of(row.in_force or newest[row.pk]))) for row in rows]
    context = {
        "in_force": [each for each in known if each[0].in_force_id],
        "drafts": [each for each in known if not each[0].in_force_id],
        "may_edit": people_policy.can(user, Permission.EDIT_PLAYBOOKS),
    }
    return page(request, "web/playbooks.html", "playbooks", context)


def _newest(ids: list[int]) -> dict[int, PlaybookVersion]:
    rows = PlaybookVersion.objects.filter(playbook_id__in=ids).order_by("playbook_id", "number")
    return {row.playbook_id: row for row in rows}


def _version(request: HttpRequest, pk: int) -> tuple[Any, PlaybookVersion]:
    """The playbook and the version asked for, else the one in force, else the newest."""
    user = viewer(request)
    playbook = queries.get_playbook(user, pk)
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
    if not number:
        number = playbook.in_force.number if playbook.in_force else playbook.last_number
    return playbook, queries.get_version(user, pk, number)


@require_safe
@requires(Permission.DRAFT_PLAYBOOKS)
def playbook(request: HttpRequest, pk: int) -> HttpResponse:
    found, version = _version(request, pk)
    plan = queries.plan_of(version)
    context = {
        "playbook": found,
        "version": version,
        "plan": panes.shown(plan),
        "doubts": queries.doubts(plan),
        "versions": found.versions.select_related("saved_by"),
        "trials": version.trials.select_related("asked_by")[:5],
        "may_edit": people_policy.can(viewer(request), Permission.EDIT_PLAYBOOKS),
        "is_general": found.slug == "general",
    }
    return page(request, "web/playbook.html", "playbooks", context)


@require_safe
@requires(Permission.DRAFT_PLAYBOOKS)
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """A version beside the one in force, or beside `with`."""
    found, version = _version(request, pk)
    asked = request.GET.get("with", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else max(version.number - 1, 1)
    other = queries.get_version(viewer(request), pk, number)
    context = {
        "playbook": found,
        "version": version,
        "other": other,
        "name": say(queries.plan_of(version).name, panes.reader_language()),
        "versions": found.versions.select_related("saved_by"),
        "lines": panes.differences(other.source, version.source),
    }
    return page(request, "web/playbook_compare.html", "playbooks", context)


@require_safe
@requires(Permission.DRAFT_PLAYBOOKS)
def export(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    version = queries.get_version(viewer(request), pk, number)
    name = f"{version.playbook.slug}-{version.number}.yaml"
    return HttpResponse(
        version.source,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


@require_POST
@requires(Permission.EDIT_PLAYBOOKS)
def put_in_force(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    actions.put_playbook_in_force(viewer(request), pk, number)
    text = _("Version %(n)d is in force. Complaints that began with another keep theirs.") % {"n": number}
    return back_to(request, "web:playbooks", text)


@require_POST
@requires(Permission.EDIT_PLAYBOOKS)
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    actions.retire_playbook(viewer(request), pk)
    return back_to(request, "web:playbooks", _("Out of force: complaints that have it keep it."))


@require_POST
@requires(Permission.DRAFT_PLAYBOOKS)
def preview(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return redirect("web:playbook_trial", actions.request_trial(viewer(request), pk, number).pk)


@require_safe
@requires(Permission.DRAFT_PLAYBOOKS)
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """A preview; while a worker is at it the page asks each second how far it is."""
    found = queries.get_trial(viewer(request), pk)
    context = {"trial": found, "is_done": found.state in (PlaybookTrial.State.DONE, PlaybookTrial.State.FAILED)}
    if is_fragment(request) and not context["is_done"]:
        return render(request, "web/_trial_progress.html", context)
    plan = queries.plan_of(found.version)
    seen = _seen(viewer(request), found, sensitive=plan.is_sensitive)
    language = panes.reader_language()
    steps = [{**step, "title": say(step["title"], language)} for step in found.results.get("steps", [])]
    context |= {
        "name": say(plan.name, language),
        "steps": steps,
        "examples": seen,
        "hidden": len(found.results.get("examples", [])) - len(seen),
    }
    if is_fragment(request):
        return render(request, "web/_trial.html", context)
    return page(request, "web/playbook_trial.html", "playbooks", context)


def _seen(user: User, found: PlaybookTrial, *, sensitive: bool) -> list[dict[str, Any]]:
    """The examples of complaints that the viewer may know of, with their conversations."""
    rows = found.results.get("examples", [])
    known = {row.pk: row for row in queries.complaints(user).filter(pk__in=[row["complaint"] for row in rows])}
    if sensitive:
        known = {pk: row for pk, row in known.items() if policy.may_read_backstory(user, row)}
    return [
        {**row, "conversation": known[row["complaint"]].conversation_id} for row in rows if row["complaint"] in known
    ]


@require_POST
@signed_in
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Handle a complaint by the version on offer."""
    version = required_number(request, "version", _("Choose a playbook."))
    moved = actions.move_to_playbook(viewer(request), pk, version)
    return acted(request, moved.complaint.conversation_id, _("From here on by the other playbook."))
