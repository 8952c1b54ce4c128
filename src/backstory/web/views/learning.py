"""Where leads have the desk learn its own causes, see what a model is worth, and put one in force."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backstory.cases import actions, queries
from backstory.cases import learning as lessons
from backstory.cases.models import CauseModel
from backstory.language.learned_data import FEWEST_EXAMPLES
from backstory.people.policy import Permission
from backstory.web.views.common import back_to, is_fragment, page, requires, viewer

STEPS_OF_HEAT = 5
FEWEST_COMPARED = 20
"""With fewer messages a comparison says so, whatever its interval."""


@require_safe
@requires(Permission.TEACH_CAUSES)
def learning(request: HttpRequest) -> HttpResponse:
    """The page; for htmx, when a training has ended, all of it below the tabs."""
    ready = lessons.readiness()
    force = lessons.model_in_force()
    context = {
        "ready": ready,
        "learnable": [row for row in ready if not row.missing],
        "fewest": FEWEST_EXAMPLES,
        "labelled": sum(row.examples for row in ready),
        "force": force,
        "problem": lessons.problem_of(force),
        "choice": lessons.choices().first(),
        "choices": lessons.choices()[:20],
        "models": lessons.models(),
        "busy": lessons.in_training(),
        "names": _names(),
    }
    if is_fragment(request):
        return render(request, "web/_learning.html", context)
    return page(request, "web/learning.html", "causes", context)


@require_safe
@requires(Permission.TEACH_CAUSES)
def progress(request: HttpRequest) -> HttpResponse:
    """How far the training is: asked for each second, so it looks at one row only."""
    return render(request, "web/_learning_progress.html", {"busy": lessons.in_training()})


@require_safe
@requires(Permission.TEACH_CAUSES)
def model(request: HttpRequest, pk: int) -> HttpResponse:
    """One model: what it is worth, against the one in force, and what to look at next."""
    found = lessons.get_model(pk)
    figures = found.figures
    doubts, unsure = figures.get("doubts", []), figures.get("next", [])
    known = lessons.shown(viewer(request), [int(row["name"]) for row in (*doubts, *unsure)])
    force = lessons.model_in_force()
    context = {
        "model": found,
        "figures": figures,
        "names": _names(),
        "is_in_force": force == found,
        "problem": lessons.problem_of(found) if found.state == CauseModel.State.TRAINED else "",
        "cells": _confusion(figures) if figures else [],
        "doubts": [(row, known[int(row["name"])]) for row in doubts if int(row["name"]) in known],
        "unsure": [(row, known[int(row["name"])]) for row in unsure if int(row["name"]) in known],
        "hidden": len(doubts) + len(unsure) - len(known),
        "fewest_compared": FEWEST_COMPARED,
    }
    return page(request, "web/learned.html", "causes", context)


def _names() -> dict[str, str]:
    """The path of each cause by its slug: models know slugs only, as names change."""
    return {node.slug: node.path for node in queries.cause_tree()}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the confusion table: how many, how strongly it is coloured, and whether it is right."""

    count: int
    heat: int
    right: bool


def _confusion(figures: dict[str, Any]) -> list[list[Cell]]:
    """Rows of cells; the heat is each row's share in five steps, 0 for none."""
    return [
        [Cell(count, -(-count * STEPS_OF_HEAT // max(sum(row), 1)), at == place) for place, count in enumerate(row)]
        for at, row in enumerate(figures["confusion"]["rows"])
    ]


@require_POST
@requires(Permission.TEACH_CAUSES)
def train(request: HttpRequest) -> HttpResponse:
    actions.request_training(viewer(request))
    return back_to(request, "web:learning", _("A new model is being trained. You can leave this page; it goes on."))


@require_POST
@requires(Permission.TEACH_CAUSES)
def use(request: HttpRequest, pk: int) -> HttpResponse:
    actions.put_in_force(viewer(request), pk)
    return back_to(request, "web:learning", _("Model %(n)d now proposes the causes of new messages.") % {"n": pk})


@require_POST
@requires(Permission.TEACH_CAUSES)
def use_shipped(request: HttpRequest) -> HttpResponse:
    actions.put_in_force(viewer(request), None)
    return back_to(request, "web:learning", _("The model that the desk comes with proposes causes again."))
