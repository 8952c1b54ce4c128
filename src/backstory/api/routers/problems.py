"""Problems: read them, and link complaints to them."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from backstory.api.auth import viewer
from backstory.api.errors import READ, WRITE
from backstory.api.paging import Page, Paged, page_of
from backstory.api.problem_schemas import Linked, Links, Problem, ProblemFigures
from backstory.api.schemas import Complaint, Id
from backstory.improvement import actions, queries
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

router = Router(tags=["problems"])


def _insider(request: HttpRequest) -> User:
    policy.require(viewer(request), Permission.VIEW_INSIGHT)
    return viewer(request)


@router.get("", response={200: Page[Problem], **READ}, summary="Problems, newest first")
def find(request: HttpRequest, paged: Query[Paged], state: str = "") -> Any:
    rows = queries.problems(_insider(request)).order_by("-id")
    return page_of(rows.filter(state=state) if state else rows, paged)


@router.get("/{pk}", response={200: Problem, **READ}, summary="One problem")
def get(request: HttpRequest, pk: Id) -> Any:
    return queries.get_problem(_insider(request), pk)


@router.get("/{pk}/figures", response={200: ProblemFigures, **READ}, summary="Whom it hit, and whether the fix worked")
def figures(request: HttpRequest, pk: Id) -> Any:
    user = _insider(request)
    problem = queries.get_problem(user, pk)
    hit = queries.affected(user, problem)
    return {
        "customers": hit.customers,
        "complaints": hit.complaints,
        "open_complaints": hit.open_complaints,
        "proposed": queries.proposals(user, problem).count(),
        "verdict": queries.proof_facts(problem).verdict,
    }


@router.get("/{pk}/complaints", response={200: Page[Complaint], **READ}, summary="Its complaints that you may see")
def complaints(request: HttpRequest, pk: Id, paged: Query[Paged]) -> Any:
    user = _insider(request)
    return page_of(queries.linked(user, queries.get_problem(user, pk)), paged)


@router.post("/{pk}/complaints", response={200: Linked, **WRITE}, summary="Let complaints belong to it")
def link(request: HttpRequest, pk: Id, sent: Links) -> Any:
    """All of them, or none: 404 if one cannot be seen."""
    return {"linked": actions.link_complaints(viewer(request), pk, sent.complaint_ids)}
