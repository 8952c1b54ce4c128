"""What customers are asked after a complaint, by team and by mailbox."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django_stubs_ext import StrPromise

from backstory.conversations.models import Mailbox
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.people.models import Team, User
from backstory.people.policy import Permission
from backstory.recovery import actions, queries
from backstory.recovery.models import SurveyChoice
from backstory.recovery.rules import SCALES, question
from backstory.web.panes.playbooks import reader_language
from backstory.web.views.common import back_to, page, requires, viewer
from backstory.web.views.followups import around
from backstory.web.views.forms import number_of, text_of

KINDS: dict[str, StrPromise] = {
    "csat": gettext_lazy("Satisfaction (CSAT, 1 to 5)"),
    "nps": gettext_lazy("Recommendation (NPS, 0 to 10)"),
    "ces": gettext_lazy("Effort (CES, 1 to 7)"),
    "none": gettext_lazy("Ask nothing"),
}


@dataclass(frozen=True)
class Place:
    """A team or a mailbox, and what it asks; `kind` "" leaves it to whoever is wider."""

    of: str
    id: int
    name: str
    kind: str
    low: int | None


@require_GET
@requires(Permission.EDIT_MAILBOX_MANNER)
def survey_choices(request: HttpRequest) -> HttpResponse:
    user = viewer(request)
    context = {
        **around(user, "survey_choices"),
        "places": _places(user),
        "kinds": KINDS,
        "questions": [question(kind, reader_language()) for kind in SCALES],
        "scales": SCALES,
        "desk_kind": KINDS[settings.SURVEY_KIND],
        "rest": settings.SURVEY_REST_DAYS,
        "lasts": settings.SURVEY_LASTS_DAYS,
        "delay": round(settings.SURVEY_DELAY_HOURS),
    }
    return page(request, "web/survey_choices.html", "followups", context)


def _places(user: User) -> list[Place]:
    chosen = queries.survey_choices()
    places = [_place("team", team, chosen) for team in queries.asking_teams(user)]
    return places + [_place("mailbox", box, chosen) for box in queries.asking_mailboxes(user)]


def _place(of: str, where: Team | Mailbox, chosen: dict[tuple[str, int], SurveyChoice]) -> Place:
    row = chosen.get((of, where.pk))
    return Place(of, where.pk, where.name, row.kind if row else "", row.low if row else None)


@require_POST
@requires(Permission.EDIT_MAILBOX_MANNER)
def choose(request: HttpRequest) -> HttpResponse:
    """Keep what one team or mailbox asks."""
    user, of, pk = viewer(request), text_of(request, "of"), number_of(request, "id")
    kind, low = text_of(request, "kind"), number_of(request, "low")
    if of == "team":
        team = next((one for one in queries.asking_teams(user) if one.pk == pk), None)
        if team is None:
            raise NotFound(_("There is no such team."))
        actions.choose_survey(user, kind, low, team=team)
    elif of == "mailbox":
        mailbox = next((one for one in queries.asking_mailboxes(user) if one.pk == pk), None)
        if mailbox is None:
            raise NotFound(_("There is no such mailbox."))
        actions.choose_survey(user, kind, low, mailbox=mailbox)
    else:
        raise InvalidInput(_("Choose a team or a mailbox."), "of")
    return back_to(request, "web:survey_choices", _("Saved."))
