"""What is done about a problem and whether it worked: the frozen plan, its charts, and what moved reporting."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backstory.conversations.models import Channel
from backstory.improvement import actions, queries
from backstory.improvement.models import ExpectationNote, ExposureSeries, ProofPlan, ReportingChange
from backstory.kernel.errors import InvalidInput
from backstory.people.policy import Permission
from backstory.web.panes import proofs as panes
from backstory.web.views.common import back_to, page, requires, viewer
from backstory.web.views.forms import number_of, required_number, text_of, words_of
from backstory.web.views.problem_writing import day_of
from backstory.web.views.problems import shown_problem

allowed = requires(Permission.WORK_ON_PROBLEMS)


@require_safe
@requires(Permission.VIEW_INSIGHT)
def fixes(request: HttpRequest, pk: int) -> HttpResponse:
    """Fixes, their proof, and what was decided."""
    user = viewer(request)
    found, context = shown_problem(request, pk)
    plan = queries.current_plan(found)
    proof = queries.proof(plan) if plan else None
    changes, rates = queries.changes_of_reporting(found)
    context |= {
        "fixes": found.fixes.select_related("owner"),
        "decisions": found.decisions.select_related("by").order_by("-id"),
        "owners": queries.possible_owners(found.team_id),
        "today": queries.today(),
        "plan": plan,
        "proof": proof,
        "shown": panes.shown(proof) if proof else None,
        "charts": panes.charts(proof) if proof else {},
        "earlier_plans": [one for one in queries.plans(found) if one.note_id is None and one != plan],
        "changes": changes,
        "rates": rates,
        **_choices(request, found.pk),
        "series": queries.exposure_series(user),
        "suggested": panes.suggested_dates(queries.today()),
        "metric": queries.metric_causes(found),
    }
    return page(request, "web/problem_fixes.html", "insight", context)


def _choices(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {
        "kinds": ProofPlan.Kind.choices,
        "reporting_kinds": ReportingChange.Kind.choices,
        "eases": ReportingChange.Ease.choices,
        "channels": Channel.choices,
        "units": ExposureSeries.Unit.choices,
        "sources": ExposureSeries.Source.choices,
    }


def required_day(request: HttpRequest, name: str) -> date:
    found = day_of(request, name)
    if found is None:
        raise InvalidInput(_("Choose a day."), name)
    return found


def _target(request: HttpRequest) -> Decimal:
    """The part of the old rate in percent, as a share."""
    try:
        return (Decimal(text_of(request, "target") or "50") / 100).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise InvalidInput(_("Give the target in percent."), "target") from None


@require_POST
@allowed
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    fields = actions.PlanFields(
        baseline_first=required_day(request, "baseline_first"),
        baseline_last=required_day(request, "baseline_last"),
        start_on=required_day(request, "start"),
        ends_on=required_day(request, "end"),
        series_id=required_number(request, "series", _("Choose what the complaints are divided by.")),
        kind=text_of(request, "kind"),
        target=_target(request),
        fix_id=number_of(request, "fix"),
        note_id=number_of(request, "note"),
        reason=text_of(request, "reason"),
    )
    actions.freeze_plan(viewer(request), pk, fields)
    return _back(request, pk, _("Frozen. From now on nothing of it changes."), "note" if fields.note_id else "fix")


@require_POST
@allowed
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at the figures now instead of tonight."""
    problem = queries.get_problem(viewer(request), pk)
    plan = queries.current_plan(problem)
    if plan is None:
        raise InvalidInput(_("Freeze how the fix is judged first."), "plan")
    actions.judge_plan(plan.pk)
    return _back(request, pk, _("Looked at."))


@require_POST
@allowed
def reporting(request: HttpRequest, pk: int) -> HttpResponse:
    actions.note_reporting(
        viewer(request),
        pk,
        day=required_day(request, "day"),
        kind=text_of(request, "kind"),
        ease=text_of(request, "ease"),
        channel=text_of(request, "channel"),
        text=text_of(request, "text"),
    )
    return _back(request, pk, _("Noted: the verdict takes it into account."))


@require_POST
@allowed
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    actions.note_complaint_rate(
        viewer(request),
        pk,
        day=required_day(request, "day"),
        complained=number_of(request, "complained"),
        asked=number_of(request, "asked"),
        text=text_of(request, "text"),
    )
    return _back(request, pk, _("Noted: the verdict takes it into account."))


@require_safe
@requires(Permission.VIEW_INSIGHT)
def exposure(request: HttpRequest) -> HttpResponse:
    """The series of exposure, and a form to enter weeks."""
    user = viewer(request)
    rows = [(row, list(row.values.order_by("-monday")[:8])) for row in queries.exposure_series(user)]
    context = {"rows": rows, **_choices(request, 0), "teams": queries.problem_teams(user)}
    return page(request, "web/exposure.html", "insight", context)


@require_POST
@allowed
def add_exposure(request: HttpRequest) -> HttpResponse:
    """A new series, or weeks of one: `2026-03-02, 1200` a line."""
    user, series = viewer(request), number_of(request, "series")
    if series is None:
        name, unit, source = (text_of(request, field) for field in ("name", "unit", "source"))
        actions.add_series(user, name, unit, source, number_of(request, "team"))
    else:
        actions.enter_exposure(user, series, panes.weeks_typed(words_of(request, "weeks")))
    return back_to(request, reverse("web:exposure"), _("Saved."))


@require_safe
@requires(Permission.VIEW_INSIGHT)
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    """What customers are told beforehand, and whether that spared them the surprise."""
    user = viewer(request)
    found, context = shown_problem(request, pk)
    rows = []
    for note in found.notes.select_related("cause", "by"):
        plan = note.plans.filter(superseded_by=None).select_related("series", "problem").first()
        proof = queries.proof(plan) if plan else None
        rows.append((note, plan, panes.shown(proof) if proof else None))
    context |= {
        "notes": rows,
        "places": ExpectationNote.Place.choices,
        "causes": [link.cause for link in found.cause_links.select_related("cause")],
        "today": queries.today(),
        "series": queries.exposure_series(user),
        "suggested": panes.suggested_dates(queries.today()),
        **_choices(request, pk),
    }
    return page(request, "web/problem_notes.html", "insight", context)


@require_POST
@allowed
def add_note(request: HttpRequest, pk: int) -> HttpResponse:
    actions.add_note(
        viewer(request),
        pk,
        text=text_of(request, "text"),
        place=text_of(request, "place"),
        where=text_of(request, "where"),
        began_on=day_of(request, "began"),
        cause_id=number_of(request, "cause"),
    )
    return _back(request, pk, _("Noted."), "note")


@require_POST
@allowed
def end_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    actions.end_note(viewer(request), pk, note, day_of(request, "day") or queries.today())
    return _back(request, pk, _("Noted."), "note")


def _back(request: HttpRequest, pk: int, message: str, about: str = "fix") -> HttpResponse:
    place = "web:problem_notes" if about == "note" else "web:problem_fixes"
    return back_to(request, reverse(place, args=(pk,)), message)
