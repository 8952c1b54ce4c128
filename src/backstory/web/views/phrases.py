"""The phrase toolkit: offered while one writes, kept on a page of the team's own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from backstory.cases import actions as cases
from backstory.cases import toolkit
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.people import policy
from backstory.people.models import Team, User
from backstory.people.policy import Permission
from backstory.web.panes import phrases as pane
from backstory.web.views.common import back_to, page, requires, signed_in, viewer
from backstory.web.views.forms import number_of, text_of

LANGUAGES = {"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français"}


@require_GET
@signed_in
def offered(request: HttpRequest, pk: int) -> HttpResponse:
    """What could be said here, for the reply box."""
    found = pane.offers(viewer(request), pk, request.GET.get("q", "")[:200])
    return render(request, "web/_phrase_results.html", {"offers": found})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPLY)
def phrases(request: HttpRequest) -> HttpResponse:
    """A team's phrases with what followed; those who may edit them do it here."""
    return _change(request) if request.method == "POST" else _show(request)


def _show(request: HttpRequest) -> HttpResponse:
    user, asked = viewer(request), request.GET
    teams = _teams(user)
    team = next((each for each in teams if str(each.pk) == asked.get("team")), teams[0])
    language = asked.get("language", "")
    language = language if language in toolkit.LANGUAGES else toolkit.LANGUAGES[0]
    step = asked.get("step", "") if asked.get("step") in toolkit.STEPS else ""
    words = asked.get("q", "")[:200]
    context = {
        "teams": teams,
        "team": team,
        "languages": LANGUAGES,
        "language": language,
        "step": step,
        "steps": toolkit.STEPS,
        "q": words,
        "choices": pane.CHOICES,
        "names": pane.WORDS,
        "offers": pane.page(user, team.pk, language, step, words),
        "may_edit": policy.can(user, Permission.EDIT_PHRASES, team.pk),
    }
    return page(request, "web/phrases.html", "phrases", context)


def _change(request: HttpRequest) -> HttpResponse:
    user = viewer(request)
    team_id = number_of(request, "team") or _teams(user)[0].pk
    language, key, decision = (text_of(request, name) for name in ("language", "key", "decision"))
    if decision == "save":
        cases.save_phrase(user, team_id, _words(request, language), key)
        return back_to(request, "web:phrases", _("Phrase saved."))
    if decision == "hide":
        cases.hide_phrase(user, team_id, language, key)
        return back_to(request, "web:phrases", _("Not offered any more."))
    if decision == "restore":
        cases.restore_phrase(user, team_id, language, key)
        return back_to(request, "web:phrases", _("Offered again."))
    raise InvalidInput(_("Say what to do with the phrase."), "decision")


def _words(request: HttpRequest, language: str) -> cases.Words:
    step, emotion, style, channel = (text_of(request, name) for name in pane.CHOICES)
    return cases.Words(text_of(request, "text"), language, step, emotion, style, channel)


def _teams(user: User) -> list[Team]:
    found = list(Team.objects.filter(pk__in=policy.team_ids(user)).order_by("name"))
    if not found:
        raise NotFound(_("Phrases belong to teams, and you are in none."))
    return found
