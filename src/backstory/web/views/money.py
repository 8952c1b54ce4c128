"""What complaints cost, and how many had a problem and said nothing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from backstory.insight import known, queries, tables
from backstory.insight import money as reading
from backstory.insight import silent as hidden
from backstory.insight.inputs import MOUTH, Group, Unit
from backstory.insight.known import Figures
from backstory.insight.money import Markets
from backstory.insight.rules import Period
from backstory.insight.silent import Hidden
from backstory.measures.damage import Levers
from backstory.measures.intervals import Estimate
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.web.panes import figures
from backstory.web.views.alarms import csv_file
from backstory.web.views.common import page, requires, viewer

allowed = requires(Permission.VIEW_INSIGHT)
PRESETS = {"4w": gettext_lazy("4 weeks"), "3m": gettext_lazy("3 months"), "6m": gettext_lazy("6 months")}
GROUPS = {
    Group.PROBLEM: gettext_lazy("The problem, and what complaining brings"),
    Group.LOSS: gettext_lazy("Who leaves"),
    Group.VALUE: gettext_lazy("What a customer is worth"),
    Group.MOUTH: gettext_lazy("Word of mouth"),
    Group.SERVICE: gettext_lazy("What service takes"),
}


def _period(request: HttpRequest) -> tuple[Period, str]:
    """The period and its name; an unknown name gives the usual one."""
    name = request.GET.get("period", "")
    chosen = name if name in PRESETS else "6m"
    return queries.period_for(chosen), chosen


def _market(user: User, period: Period) -> tuple[Figures, Markets | None, int]:
    found, _answers = reading.figures(user, period)
    complaints = queries.workload(user, period).received
    return found, reading.markets(found, complaints), complaints


def _grouped(found: Figures) -> list[tuple[str, list[tuple[known.Known, str, str, str]]]]:
    """Each group of inputs with every input's figure, interval and count."""
    rows = [(one, *figures.of_known(one), figures.counted(one.figure)) for one in reading.inputs(found)]
    return [(str(label), [row for row in rows if row[0].input.group == group]) for group, label in GROUPS.items()]


@require_safe
@allowed
def money(request: HttpRequest) -> HttpResponse:
    """Damage, causes by number and by damage, levers, value at risk, recovery and service."""
    period, chosen = _period(request)
    user = viewer(request)
    found, market, complaints = _market(user, period)
    currency = found.currency
    context = {
        **_frame(period, chosen),
        "complaints": complaints,
        "found": found,
        "told": reading.told(market) if market else None,
        "missing": reading.missing(found),
        "mouth_missing": found.missing(MOUTH),
        "groups": _grouped(found),
        **_ranked(user, period, found),
        "priced": reading.lifetime_value(found) is not None,
        "value": reading.lifetime_value(found),
        "recovery": reading.recovery(user, period, found),
        "costs": reading.costs(reading.served(user, period, currency), found),
        "service_missing": found.missing(("minutes", "minute_rate")),
        "currency": currency,
        **(_levers(request, market) if market else {}),
    }
    return page(request, "web/money.html", "insight", context)


def _ranked(user: User, period: Period, found: Figures) -> dict[str, Any]:
    """Causes with both places, and the dearest one's damage, to draw the others against."""
    rows = reading.both_ways(user, period, found)
    return {"ranked": rows, "dearest": max((row.damage.value for row in rows if row.damage), default=0.0)}


def _frame(period: Period, chosen: str) -> dict[str, Any]:
    return {
        "period": period,
        "chosen": chosen,
        "presets": PRESETS,
        "one": figures.one,
        "between": figures.between,
        "unit": Unit,
        "of_known": figures.of_known,
        "counted": figures.counted,
    }


def _lever(request: HttpRequest, name: str, usual: float) -> float:
    """A slider's place from 0 to 100 as a share; where it stands now if nothing usable was sent."""
    try:
        value = float(request.GET.get(name, ""))
    except ValueError:
        return usual
    return value / 100 if 0 <= value <= 100 else usual


def _levers(request: HttpRequest, market: Markets) -> dict[str, Any]:
    """Where the levers stand and what they would change; untouched ones leave the model's own draws as they are."""
    now = market.guess
    fixed = _lever(request, "fixed", 0.0)
    rate = _lever(request, "rate", float(now.complaint_rate))
    satisfied = _lever(request, "satisfied", float(now.satisfied))
    dissatisfied = min(_lever(request, "dissatisfied", float(now.dissatisfied)), 1 - satisfied)
    moved_rate = abs(rate - float(now.complaint_rate)) > 0.006
    moved = abs(satisfied - float(now.satisfied)) > 0.006 or abs(dissatisfied - float(now.dissatisfied)) > 0.006
    levers = Levers(
        problems=1 - fixed,
        complaint_rate=rate if moved_rate else None,
        outcomes=(satisfied, 1 - satisfied - dissatisfied, dissatisfied) if moved else None,
    )
    places = {"fixed": fixed, "rate": rate, "satisfied": satisfied, "dissatisfied": dissatisfied}
    return {"places": places, "pulled": reading.pulled(market, levers), "untouched": levers == Levers()}


@require_safe
@allowed
def levers(request: HttpRequest) -> HttpResponse:
    """What the levers would change, for the page's sliders; the whole page where somebody opens this by itself."""
    period, chosen = _period(request)
    found, market, _complaints = _market(viewer(request), period)
    context = {**_frame(period, chosen), "currency": found.currency, "pulled": None}
    if market:
        context |= _levers(request, market)
    return render(request, "web/_levers.html", context)


@require_safe
@allowed
def silent(request: HttpRequest) -> HttpResponse:
    """How many had the problem, by cause and team, and where complaining is hard."""
    period, chosen = _period(request)
    context = {**_frame(period, chosen), "shown": hidden.silent(viewer(request), period)}
    return page(request, "web/silent.html", "insight", context)


def _edges(found: Estimate | None) -> tuple[tables.Cell, ...]:
    return (round(found.value, 2), round(found.low, 2), round(found.high, 2)) if found else ("", "", "")


@require_safe
@allowed
def money_csv(request: HttpRequest) -> HttpResponse:
    """Causes by number and by damage."""
    period, _chosen = _period(request)
    user = viewer(request)
    found, _answers = reading.figures(user, period)
    unit = found.currency if reading.lifetime_value(found) else "customers"
    header = ("cause", "complaints", "place_by_number", "place_by_damage", "damage", "low", "high", "unit")
    rows = [
        (row.item.path, row.count, row.by_count, row.by_damage or "", *_edges(row.damage), unit)
        for row in reading.both_ways(user, period, found)
    ]
    return csv_file(f"damage-{period.first}-{period.last}", tables.csv_text(header, rows))


def _silent_line(kind: str, row: Hidden) -> tuple[tables.Cell, ...]:
    estimate = row.estimate
    counts = (estimate.rate.count, estimate.rate.total) if estimate else ("", "")
    problems: tuple[tables.Cell, ...] = ("", "", "")
    if estimate:
        problems = tuple(
            "" if edge is None else round(edge, 1) for edge in (estimate.low, estimate.value, estimate.high)
        )
    return (kind, row.name or _("The whole desk"), row.complaints, *counts, *problems, "yes" if row.is_hard else "no")


@require_safe
@allowed
def silent_csv(request: HttpRequest) -> HttpResponse:
    """Everything the page of the silent majority shows."""
    period, _chosen = _period(request)
    shown = hidden.silent(viewer(request), period)
    header = ("kind", "name", "complaints", "complained", "of", "low", "problems", "high", "hard_to_complain")
    rows = [_silent_line("desk", shown.desk)]
    rows += [_silent_line("cause", row) for row in shown.causes] + [_silent_line("team", row) for row in shown.teams]
    return csv_file(f"silent-{period.first}-{period.last}", tables.csv_text(header, rows))
