"""Problems behind complaints: the list, one problem with whom it hit and what it cost, why it happens, what is done."""

from typing import Any

from babel import dates
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from backstory.cases.queries import cause_tree
from backstory.improvement import policy, printing, queries
from backstory.improvement.models import FishboneBone, Problem
from backstory.improvement.rules import failures, fishbone, states
from backstory.improvement.rules.markdown import markdown
from backstory.kernel.errors import NotFound
from backstory.live import phrases
from backstory.live.queries import about
from backstory.people import policy as people
from backstory.people.policy import Permission
from backstory.web.formats import reader_locale
from backstory.web.panes import problems as panes
from backstory.web.views.common import page, requires, viewer


@require_safe
@requires(Permission.VIEW_INSIGHT)
def problems(request: HttpRequest) -> HttpResponse:
    """The list, of one state if the address asks for it."""
    user = viewer(request)
    state = request.GET.get("state", "")
    chosen = state if state in Problem.State.values else ""
    context = {
        "rows": queries.rows(user, chosen),
        "state": chosen,
        "states": Problem.State.choices,
        "tone": panes.TONES,
        "may_open": people.can(user, Permission.WORK_ON_PROBLEMS),
    }
    return page(request, "web/problems.html", "insight", context)


@require_safe
@requires(Permission.WORK_ON_PROBLEMS)
def new(request: HttpRequest) -> HttpResponse:
    """The form to open one; causes and complaints that the address names are chosen already."""
    user = viewer(request)
    context = {
        "causes": cause_tree(active_only=True),
        "chosen": panes.numbers(request.GET.getlist("cause")),
        "complaints": panes.complaints_named(user, request.GET.getlist("complaint")),
        "teams": queries.problem_teams(user),
    }
    return page(request, "web/problem_new.html", "insight", context)


def shown_problem(request: HttpRequest, pk: int) -> tuple[Problem, dict[str, Any]]:
    """The problem and what stands above each of its pages."""
    user = viewer(request)
    found = queries.get_problem(user, pk)
    facts = queries.proof_facts(found)
    context = {
        "problem": found,
        "tone": panes.TONES,
        "may_work": policy.may_work_on(user, found),
        "next_states": panes.next_states(found, facts),
        "needs_reason": states.NEEDS_REASON,
        "facts": facts,
    }
    return found, context


@require_safe
@requires(Permission.VIEW_INSIGHT)
def problem(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom it hits, since when, what it cost, and which complaints belong to it."""
    user = viewer(request)
    found, context = shown_problem(request, pk)
    weeks = queries.over_time(found)
    proposed = queries.proposals(user, found)
    context |= {
        "affected": queries.affected(user, found),
        "cost": queries.cost(found),
        "weeks": [(week, dates.format_skeleton("MMMd", week.monday, locale=reader_locale())) for week in weeks],
        "charts": panes.time_chart(weeks),
        "linked": queries.linked(user, found)[: queries.LONGEST_LIST],
        "proposed": proposed[: panes.PROPOSED_SHOWN],
        "proposed_count": proposed.count(),
        "causes": cause_tree(active_only=True),
        "chosen": set(found.cause_links.values_list("cause_id", flat=True)),
        "owners": queries.possible_owners(found.team_id),
        "history": [(event.at, phrases.sentence(event)) for event in reversed(about("problem", found.pk, 200))],
    }
    return page(request, "web/problem.html", "insight", context)


@require_safe
@requires(Permission.VIEW_INSIGHT)
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """Why after why with evidence, read back; the fishbone; what may fail how badly."""
    user = viewer(request)
    found, context = shown_problem(request, pk)
    bones = queries.bones_by_branch(found)
    labels = {value: str(label) for value, label in FishboneBone.Branch.choices}
    drawn = [(labels[branch], [bone.text for bone in rows]) for branch, rows in bones.items()]
    context |= {
        "whys": queries.whys(user, found),
        "chains": queries.chains(found, _("Therefore")),
        "bones": [(branch, labels[branch], rows) for branch, rows in bones.items()],
        "has_bones": any(bones.values()),
        "picture": Markup(fishbone.svg(found.title, drawn, _("Fishbone of the problem"))),  # noqa: S704 - escaped there
        "failures": queries.failure_modes(found),
        "scales": failures.SCALES,
    }
    return page(request, "web/problem_why.html", "insight", context)


@require_safe
@requires(Permission.VIEW_INSIGHT)
def record(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The whole record as a file: `pdf` or `md`."""
    user = viewer(request)
    report = queries.report(user, queries.get_problem(user, pk))
    if form == "pdf":
        content, kind = printing.pdf(report), "application/pdf"
    elif form == "md":
        content, kind = markdown(report).encode(), "text/markdown; charset=utf-8"
    else:
        raise NotFound(_("There is no such file."))
    headers = {
        "Content-Disposition": f'attachment; filename="problem-{pk}.{form}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=kind, headers=headers)
