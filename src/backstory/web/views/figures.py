"""Entering a figure that the desk cannot count, with its source, and taking it back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backstory.cases.queries import cause_tree
from backstory.insight import actions, known, queries
from backstory.insight.inputs import INPUTS, Input, Unit
from backstory.insight.models import Assumption
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.people import policy
from backstory.people.models import Team, User
from backstory.people.policy import Permission
from backstory.web.panes import figures
from backstory.web.views.common import back_to, page, requires, viewer
from backstory.web.views.forms import number_of, text_of

allowed = requires(Permission.VIEW_INSIGHT)


def _input(key: str) -> Input:
    if key not in INPUTS:
        raise NotFound(_("There is no such figure."))
    return INPUTS[key]


def _teams(user: User) -> list[Team]:
    rows = Team.objects.order_by("name")
    if policy.sees_all_teams(user, Permission.VIEW_INSIGHT):
        return list(rows)
    return list(rows.filter(pk__in=policy.team_ids(user)))


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@dataclass(frozen=True)
class Where:
    """The place a figure is entered for, in words."""

    cause_id: int | None
    team_id: int | None
    name: str


def _where(user: User, one: Input, cause_id: int | None, team_id: int | None) -> Where:
    """The place the address names, as far as the input may differ there and the reader may see it."""
    cause = next((node for node in cause_tree() if node.id == cause_id), None) if one.per_cause else None
    team = next((row for row in _teams(user) if row.pk == team_id), None) if one.per_team else None
    name = cause.path if cause else team.name if team else _("The whole desk")
    return Where(cause.id if cause else None, team.pk if team else None, name)


@require_safe
@allowed
def figure(request: HttpRequest, key: str) -> HttpResponse:
    """The form of one input at one place, with all that was said of it before."""
    one, user = _input(key), viewer(request)
    where = _where(user, one, _number(request, "cause"), _number(request, "team"))
    place = (where.cause_id, where.team_id)
    found = known.figures()
    history = known.history(key, place)
    context = {
        "one": one,
        "where": where,
        "unit": Unit,
        "bases": Assumption.Basis.choices,
        "now": known.figures().exactly(key, place),
        "history": [(row, *_told(one, row)) for row in history],
        "causes": cause_tree(active_only=True) if one.per_cause else [],
        "teams": _teams(user) if one.per_team else [],
        "currency": found.currency or "EUR",
        "today": queries.today().isoformat(),
    }
    return page(request, "web/figure.html", "insight", context)


def _told(one: Input, row: Assumption) -> tuple[str, str, str]:
    """Figure, interval and count of an earlier row; empty where it took the input back."""
    if not row.is_known:
        return "", "", ""
    shown = known.Known(one, known.Origin.ENTERED, known.uncertain(row), row)
    return *figures.of_known(shown), figures.counted(shown.figure)


def _decimal(request: HttpRequest, name: str, unit: Unit) -> Decimal | None:
    """A figure as typed, shares in percent; None for an empty field."""
    text = text_of(request, name).replace(",", ".").removesuffix("%").strip()
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise InvalidInput(_("“%(text)s” is not a number such as 12.5.") % {"text": text[:30]}, name) from None
    if not value.is_finite() or abs(value) > Decimal("1e12"):
        raise InvalidInput(_("That number is too large."), name)
    return round(value / 100 if unit == Unit.SHARE else value, 6)


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(text_of(request, "known_on"))
    except ValueError:
        raise InvalidInput(_("Choose the day it was found out."), "known_on") from None


@require_POST
@allowed
def enter(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what was typed; back to the page that asked for it."""
    one = _input(key)
    counted = text_of(request, "how") == "counted"
    value, low, high = (None if counted else _decimal(request, name, one.unit) for name in ("value", "low", "high"))
    actions.enter_figure(
        viewer(request),
        actions.Entry(
            key,
            text_of(request, "basis"),
            text_of(request, "source"),
            _day(request),
            cause_id=number_of(request, "cause"),
            team_id=number_of(request, "team"),
            value=value,
            low=low,
            high=high,
            count=number_of(request, "count") if counted else None,
            total=number_of(request, "total") if counted else None,
            currency=text_of(request, "currency"),
        ),
    )
    return back_to(request, reverse("web:money"), _("Entered."))


@require_POST
@allowed
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    _input(key)
    actions.withdraw_figure(viewer(request), key, number_of(request, "cause"), number_of(request, "team"))
    return back_to(request, reverse("web:money"), _("Taken back: it counts as not known."))
