"""For leads: which checks the coach makes for a team, how much each weighs, and what the team sets aside."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backstory.coach.checks.law import regimes
from backstory.coach.registry import Check, checks
from backstory.conversations import actions, queries
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.people.models import Team
from backstory.people.policy import Permission
from backstory.web.views.common import back_to, page, requires, viewer
from backstory.web.views.forms import number_of, text_of

WEIGHTS: dict[str, int | None] = {"off": None, "quieter": -1, "normal": 0, "louder": 1}


@require_safe
@requires(Permission.EDIT_COACHING)
def coaching(request: HttpRequest) -> HttpResponse:
    """The checks with their weights for one of the viewer's teams (`?team=`), the first where none is named."""
    user, teams = viewer(request), queries.coached_teams(viewer(request))
    if not teams:
        raise NotFound(_("You lead no team."))
    team = _chosen(teams, request.GET.get("team", ""))
    setting = queries.coaching_of(user, team.pk)
    dismissed = queries.dismissals_of_team(user, team.pk)
    rows = [_row(one, setting.adjusted, dismissed) for one in checks() if one.level != "blocker"]
    context = {
        "teams": teams,
        "team": team,
        "rows": rows,
        "regime": setting.regime,
        "regimes": [(name, one["title"], one["strength"] == "V") for name, one in regimes().items()],
        "weights": [("off", _("Off")), ("quieter", _("Quieter")), ("normal", _("As it is")), ("louder", _("Louder"))],
        "days": queries.COUNTED_DAYS,
        "least": queries.LEAST_PEOPLE,
    }
    return page(request, "web/coaching.html", "coaching", context)


def _chosen(teams: list[Team], wanted: str) -> Team:
    found = next((team for team in teams if str(team.pk) == wanted), None)
    if wanted and found is None:
        raise NotFound(_("There is no such team."))
    return found or teams[0]


def _row(one: Check, adjusted: dict[str, int | None], dismissed: dict[str, int]) -> dict[str, Any]:
    weight = adjusted.get(one.id, 0)
    name = next(word for word, value in WEIGHTS.items() if value == weight)
    return {"check": one, "weight": name, "times": dismissed.get(one.id)}


@require_POST
@requires(Permission.EDIT_COACHING)
def save(request: HttpRequest) -> HttpResponse:
    """Keep the weights of all checks and the regime of a team."""
    names = [one.id for one in checks() if one.level != "blocker"]
    chosen = {name: WEIGHTS.get(text_of(request, f"weight-{name}"), 0) for name in names}
    team = number_of(request, "team")
    if team is None:
        raise InvalidInput(_("Choose a team."), "team")
    actions.adjust_coaching(viewer(request), team, chosen, text_of(request, "regime"))
    return back_to(request, "web:coaching", _("Saved: the coach speaks like that from now on."))
