"""Making amends, within authority."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from backstory.api.auth import viewer
from backstory.api.errors import READ, WRITE
from backstory.api.paging import Page, Paged, page_of
from backstory.api.remedy_schemas import Answer, CarriedOut, NewRemedy, Remedy
from backstory.api.schemas import Id, Reason
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


@router.post("/{pk}/offered", response={200: Remedy, **WRITE}, summary="The customer was told of it")
def offered_to_customer(request: HttpRequest, pk: Id) -> Any:
    return actions.mark_offered(viewer(request), pk)


@router.post("/{pk}/answer", response={200: Remedy, **WRITE}, summary="Keep what the customer said to it")
def answer(request: HttpRequest, pk: Id, sent: Answer) -> Any:
    """An answer stands: 409 for another one."""
    return actions.record_answer(pk, sent.answer, sent.note, viewer=viewer(request))


@router.post("/{pk}/carried-out", response={200: Remedy, **WRITE}, summary="It was carried out, and how we know")
def carried_out(request: HttpRequest, pk: Id, sent: CarriedOut) -> Any:
    return actions.mark_carried_out(pk, sent.evidence, viewer(request))
