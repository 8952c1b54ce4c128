"""Making amends, within authority."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Status

from backstory.api.auth import viewer
from backstory.api.authority_schemas import Amount, Currency, Options, Weighed
from backstory.api.errors import READ, WRITE
from backstory.api.paging import Page, Paged, page_of
from backstory.api.remedy_schemas import Answer, Approval, CarriedOut, NewRemedy, Remedy, RemedyKind
from backstory.api.schemas import Id, Reason
from backstory.cases.queries import get_complaint
from backstory.kernel import money
from backstory.recovery import actions, queries

router = Router(tags=["remedies"])
of_complaint = Router(tags=["remedies"])


@of_complaint.get("/{pk}/remedies", response={200: list[Remedy], **READ}, summary="What was offered on a complaint")
def offered(request: HttpRequest, pk: Id) -> Any:
    user = viewer(request)
    return list(queries.remedies(user, get_complaint(user, pk)))


@of_complaint.get("/{pk}/remedies/options", response={200: Options, **READ}, summary="What may be offered here")
def options(request: HttpRequest, pk: Id, currency: Currency | None = None) -> Any:
    """Up to three kinds by policy, each with what similar cases received and your authority; the desk's currency unless
    you name another."""
    user = viewer(request)
    return queries.options(user, get_complaint(user, pk), (currency or settings.CURRENCY).upper())


@of_complaint.get(
    "/{pk}/remedies/weigh", response={200: Weighed, **READ}, summary="Hold an offer against what is known"
)
def weigh(
    request: HttpRequest, pk: Id, kind: RemedyKind = "goodwill", amount: Amount = "0", currency: Currency | None = None
) -> Any:
    """Policy, precedent, worth and authority. Warnings never block. The desk's currency unless you name another."""
    user = viewer(request)
    wanted = money.parse(amount, currency or settings.CURRENCY)
    return queries.weigh(user, get_complaint(user, pk), kind, wanted)


@of_complaint.post("/{pk}/remedies", response={201: Remedy, **WRITE}, summary="Offer a remedy")
def offer(request: HttpRequest, pk: Id, sent: NewRemedy) -> Any:
    """Granted at once within your limit, else requested from somebody who may: see `state`."""
    return Status(201, actions.offer_remedy(viewer(request), pk, **sent.model_dump()))


@router.get("/waiting", response={200: Page[Remedy], **READ}, summary="Requests that wait for you to decide")
def waiting(request: HttpRequest, paged: Query[Paged]) -> Any:
    return page_of(queries.approvals(viewer(request)), paged)


@router.post("/{pk}/approve", response={200: Remedy, **WRITE}, summary="Grant a request")
def approve(request: HttpRequest, pk: Id, sent: Approval) -> Any:
    """403 says who may, if it is above your limit. Nobody decides about their own request. Where two people decide the
    first yes leaves it `requested`."""
    return actions.approve_remedy(viewer(request), pk, sent.reason, sent.amount)


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
