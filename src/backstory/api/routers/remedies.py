"""Making amends, within authority."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from backstory.api.auth import viewer
from backstory.api.errors import READ, WRITE
from backstory.api.paging import Page, Paged, page_of
from backstory.api.schemas import Id, NewRemedy, Reason, Remedy
from backstory.cases.queries import get_complaint
from backstory.recovery import actions, queries

router = Router(tags=["remedies"])
of_complaint = Router(tags=["remedies"])


@of_complaint.get("/{pk}/remedies", response={200: list[Remedy], **READ}, summary="What was offered on a complaint")
def offered(request: HttpRequest, pk: Id) -> Any:
    user = viewer(request)
    return list(queries.remedies(user, get_complaint(user, pk)))


@of_complaint.post("/{pk}/remedies", response={201: Remedy, **WRITE}, summary="Offer a remedy")
def offer(request: HttpRequest, pk: Id, sent: NewRemedy) -> Any:
    """Granted at once within your limit, else requested from somebody who may: see `state`."""
    return Status(201, actions.offer_remedy(viewer(request), pk, **sent.model_dump()))


@router.get("/waiting", response={200: Page[Remedy], **READ}, summary="Requests that wait for you to decide")
def waiting(request: HttpRequest, paged: Query[Paged]) -> Any:
    return page_of(queries.approvals(viewer(request)), paged)


@router.post("/{pk}/approve", response={200: Remedy, **WRITE}, summary="Grant a request")
def approve(request: HttpRequest, pk: Id, sent: Reason) -> Any:
    """403 says who may, if it is above your limit. Nobody decides about their own request."""
    return actions.approve_remedy(viewer(request), pk, sent.reason)


@router.post("/{pk}/decline", response={200: Remedy, **WRITE}, summary="Refuse a request, with the reason")
def decline(request: HttpRequest, pk: Id, sent: Reason) -> Any:
    return actions.decline_remedy(viewer(request), pk, sent.reason)
