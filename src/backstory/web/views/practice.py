"""Role-play as an agent plays it: choosing a scenario, the conversation, the debrief, one's own progress."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.practice import actions, queries
from backstory.practice import scenarios as stories
from backstory.practice.models import PracticeSession
from backstory.practice.rules import EFFECTS
from backstory.web.panes import practice as panes
from backstory.web.panes.advice import shown
from backstory.web.views.common import back_to, is_fragment, page, signed_in, viewer
from backstory.web.views.forms import number_of, required_number, text_of, words_of


def tabs(user: User, here: str) -> dict[str, Any]:
    """What every page of practice needs: its words, and which tabs this reader sees."""
    return {"words": panes.WORDS, "here": here, "leads": policy.can(user, Permission.LEAD_PRACTICE)}


@require_safe
@signed_in
def scenarios(request: HttpRequest) -> HttpResponse:
    """Everything that can be played, what was assigned first."""
    user = viewer(request)
    entries = queries.entries(user)
    given = {field: request.GET.get(field, "") for field in panes.FIELDS}
    language = request.GET.get("language", "en")
    found = panes.narrowed(entries, {**given, "language": language if language in panes.LANGUAGES else ""})
    assigned = queries.open_assignments(user)
    known = {one.ref: one for one in entries}
    context = {
        "found": found,
        "fields": panes.FIELDS,
        "chosen": {**given, "language": language},
        "assigned": [(one, known[one.ref]) for one in assigned if one.ref in known],
        "unfinished": list(queries.sessions(user).filter(finished_at=None)[:5]),
    }
    return page(request, "web/practice.html", "practice", {**context, **tabs(user, "scenarios")})


@require_POST
@signed_in
def begin(request: HttpRequest) -> HttpResponse:
    with_coach = text_of(request, "coach") != "without"
    made = actions.begin(
        viewer(request), text_of(request, "ref"), with_coach=with_coach, seed=number_of(request, "seed")
    )
    return HttpResponseRedirect(reverse("web:practice_session", args=[made.pk]))


def _talk(one: PracticeSession) -> dict[str, Any]:
    turns = queries.turns(one)
    return {
        "session": one,
        "scenario": stories.parse(one.source),
        "lines": panes.talk(one, turns),
        "number": len(turns) + 1,
        "hints": panes.hints(one) if one.with_coach else [],
        "words": panes.WORDS,
        "problem": "",
        "draft": "",
        "longest": actions.LONGEST_SAID,
    }


@require_safe
@signed_in
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """The conversation; a finished one can still be read here."""
    one = queries.own_session(viewer(request), pk)
    return page(request, "web/practice_session.html", "practice", {**_talk(one), "advice": None})


@require_safe
@signed_in
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    """The conversation alone: asked for while a language model words the customer's answer."""
    return render(request, "web/_practice_talk.html", _talk(queries.own_session(viewer(request), pk)))


@require_POST
@signed_in
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """The agent's message; for htmx the conversation as it is then."""
    user = viewer(request)
    number = required_number(request, "number", _("That is not one of the choices."))
    actions.say(user, pk, words_of(request, "said"), number)
    if not is_fragment(request):
        return HttpResponseRedirect(reverse("web:practice_session", args=[pk]) + "#newest")
    return render(request, "web/_practice_said.html", {**_talk(queries.own_session(user, pk)), "advice": None})


@require_POST
@signed_in
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The coach's margin while the agent writes; nothing for sessions without a coach."""
    one = queries.own_session(viewer(request), pk)
    draft = words_of(request, "said")[: actions.LONGEST_SAID]
    found = shown(panes.advice(one, draft)) if one.with_coach and draft.strip() else None
    return render(request, "web/_practice_advice.html", {"session": one, "advice": found, "hints": panes.hints(one)})


@require_POST
@signed_in
def end(request: HttpRequest, pk: int) -> HttpResponse:
    actions.finish(viewer(request), pk)
    return HttpResponseRedirect(reverse("web:practice_debrief", args=[pk]))


@require_safe
@signed_in
def debrief(request: HttpRequest, pk: int) -> HttpResponse:
    """What the session teaches; an unfinished one goes back to its conversation."""
    user = viewer(request)
    one = queries.readable_session(user, pk)
    if not one.finished_at:
        return HttpResponseRedirect(reverse("web:practice_session", args=[pk]))
    turns = queries.turns(one)
    taught = queries.debrief_of(one, turns)
    context = {
        "session": one,
        "own": one.user_id == user.pk,
        "scenario": stories.parse(one.source),
        "taught": taught,
        "curve": panes.curve(taught.curve),
        "opening": panes.opening(one, turns),
        "turns": turns,
        "effects": EFFECTS,
    }
    return page(request, "web/practice_debrief.html", "practice", {**context, **tabs(user, "")})


@require_POST
@signed_in
def share(request: HttpRequest, pk: int) -> HttpResponse:
    shared = text_of(request, "shared") == "yes"
    actions.share(viewer(request), pk, shared=shared)
    said = _("Your leads can read this session now.") if shared else _("Only you can read this session now.")
    return back_to(request, "web:practice_progress", said)


@require_POST
@signed_in
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    actions.forget(viewer(request), pk)
    return back_to(request, "web:practice_progress", _("Deleted for good."))


@require_safe
@signed_in
def progress(request: HttpRequest) -> HttpResponse:
    """What one has practised; nobody else can open this page for one."""
    user = viewer(request)
    found = queries.progress(user)
    context = {"progress": found, "newest": list(reversed(found.finished))[:50]}
    return page(request, "web/practice_progress.html", "practice", {**context, **tabs(user, "progress")})


@require_safe
@signed_in
def export(request: HttpRequest, ref: str) -> HttpResponse:
    """The YAML of a scenario, to be changed and brought back."""
    source = queries.entry(viewer(request), ref).source
    headers = {"Content-Disposition": f'attachment; filename="{ref}.yaml"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(source, content_type="application/yaml; charset=utf-8", headers=headers)
