"""What leads do for practice: assigning, writing their teams' scenarios, seeing what several people did together."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backstory.cases.queries import desk_hours
from backstory.kernel.errors import InvalidInput
from backstory.people.policy import Permission
from backstory.people.queries import colleagues
from backstory.practice import actions, plays, queries
from backstory.practice.scenarios import LARGEST, Problem, Scenario, ScenarioProblems
from backstory.web.views.common import back_to, page, requires, viewer
from backstory.web.views.forms import end_of_day, number_of, numbers_of, required_number, text_of, words_of
from backstory.web.views.practice import tabs

LARGEST_BYTES = 4 * LARGEST


@require_safe
@requires(Permission.LEAD_PRACTICE)
def assignments(request: HttpRequest) -> HttpResponse:
    """Who is asked to play what, and how the teams do together."""
    user = viewer(request)
    teams = queries.led_teams(user)
    context = {
        "assigned": queries.assignments(user),
        "entries": queries.entries(user),
        "teams": [(team, [one for one in colleagues(team) if one.pk != user.pk]) for team in teams],
        "together": queries.together(user),
        "shared": list(queries.shared_sessions(user)[:20]),
        "fewest": queries.FEWEST_PEOPLE,
        "chosen": request.GET.get("ref", ""),
    }
    return page(request, "web/practice_assignments.html", "practice", {**context, **tabs(user, "assignments")})


@require_POST
@requires(Permission.LEAD_PRACTICE)
def assign(request: HttpRequest) -> HttpResponse:
    due_at = end_of_day(request, "due", desk_hours()) if text_of(request, "due") else None
    team = required_number(request, "team", _("Choose a team."))
    people = numbers_of(request, "people")
    ref, note = text_of(request, "ref"), text_of(request, "note")
    actions.assign(viewer(request), ref, team, people, note=note, due_at=due_at)
    return back_to(request, "web:practice_assignments", _("Assigned. They see it at the top of their practice page."))


@require_POST
@requires(Permission.LEAD_PRACTICE)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    actions.withdraw(viewer(request), pk)
    return back_to(request, "web:practice_assignments", _("Withdrawn."))


@require_safe
@requires(Permission.LEAD_PRACTICE)
def scenarios(request: HttpRequest) -> HttpResponse:
    """The teams' own scenarios, and those to start from."""
    user = viewer(request)
    context = {"own": list(queries.team_scenarios(user)), "entries": queries.entries(user)}
    return page(request, "web/practice_scenarios.html", "practice", {**context, **tabs(user, "editor")})


def _editing(request: HttpRequest, source: str, pk: int | None, more: dict[str, Any]) -> HttpResponse:
    user = viewer(request)
    context = {
        "source": source,
        "pk": pk,
        "teams": list(queries.led_teams(user)),
        "problems": [],
        "plays": None,
        **more,
    }
    return page(request, "web/practice_editor.html", "practice", {**context, **tabs(user, "editor")})


@require_safe
@requires(Permission.LEAD_PRACTICE)
def editor(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """One scenario as YAML: a team's own, or a new one begun from another (`?from=`)."""
    user = viewer(request)
    if pk is not None:
        return _editing(request, queries.team_scenario(user, pk).source, pk, {})
    begun = request.GET.get("from", "hot_water.en")
    return _editing(request, queries.entry(user, begun).source, None, {})


def _source(request: HttpRequest) -> str:
    """The YAML sent: a file if one was chosen, else the box."""
    sent = request.FILES.get("upload")
    if sent is None or not hasattr(sent, "read"):
        return words_of(request, "source")
    if (sent.size or 0) > LARGEST_BYTES:
        raise InvalidInput(_("That file is too large for a scenario."), "upload")
    return str(sent.read().decode("utf-8-sig", "replace")).replace("\r\n", "\n")


def _proved(source: str) -> tuple[Scenario | None, list[Problem]]:
    try:
        return plays.proven(source), []
    except ScenarioProblems as error:
        return None, error.problems


@require_POST
@requires(Permission.LEAD_PRACTICE)
def preview(request: HttpRequest) -> HttpResponse:
    """What is wrong with the scenario and where, or how its two plays go."""
    source = _source(request)
    scenario, problems = _proved(source)
    played = (
        {"good": plays.play(scenario, scenario.good), "bad": plays.play(scenario, scenario.bad)} if scenario else None
    )
    more = {"problems": problems, "plays": played, "scenario": scenario, "checked": True}
    return _editing(request, source, number_of(request, "pk"), more)


@require_POST
@requires(Permission.LEAD_PRACTICE)
def save(request: HttpRequest) -> HttpResponse:
    """Keep it; a bad one comes back with its problems and every word still there."""
    source, pk = _source(request), number_of(request, "pk")
    team = required_number(request, "team", _("Choose a team."))
    try:
        actions.save_scenario(viewer(request), team, source, pk)
    except ScenarioProblems as error:
        answer = _editing(request, source, pk, {"problems": error.problems, "checked": True})
        answer.status_code = error.status
        return answer
    return back_to(request, "web:practice_scenarios", _("Saved: the team can play it."))


@require_POST
@requires(Permission.LEAD_PRACTICE)
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    actions.retire_scenario(viewer(request), pk)
    return back_to(request, "web:practice_scenarios", _("Retired: sessions that were played keep it."))
