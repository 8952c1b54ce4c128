"""The promise ledger."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from backstory.api.auth import viewer
from backstory.api.errors import READ, WRITE
from backstory.api.paging import Page, Paged, page_of
from backstory.api.schemas import Acceptance, Id, Keeping, Promise, PromiseState
from backstory.cases import actions, queries

router = Router(tags=["promises"])


@router.get("", response={200: Page[Promise], **READ}, summary="Promises, soonest due first")
def find(request: HttpRequest, paged: Query[Paged], state: PromiseState | None = None) -> Any:
    states = (state,) if state else ()
    return page_of(queries.promises(viewer(request), *states), paged)


@router.post("/{pk}/accept", response={200: Promise, **WRITE}, summary="Yes, that is a promise")
def accept(request: HttpRequest, pk: Id, sent: Acceptance) -> Any:
    """From now on its date counts; `due_at` corrects the one that was found. Send `{}` to take it as found."""
    return actions.accept_promise(viewer(request), pk, sent.due_at, sent.owner_id)


@router.post("/{pk}/amend", response={200: Promise, **WRITE}, summary="Another date, or another owner")
def amend(request: HttpRequest, pk: Id, sent: Acceptance) -> Any:
    """For an open promise: its owner is reminded anew."""
    return actions.amend_promise(viewer(request), pk, sent.due_at, sent.owner_id)


@router.post("/{pk}/dismiss", response={200: Promise, **WRITE}, summary="Those words promise nothing")
def dismiss(request: HttpRequest, pk: Id) -> Any:
    return actions.dismiss_promise(viewer(request), pk)


@router.post("/{pk}/keep", response={200: Promise, **WRITE}, summary="It was kept")
def keep(request: HttpRequest, pk: Id, sent: Keeping) -> Any:
    """The latest message of yours since it was made stands as evidence, and what you say. Send `{}` to say nothing."""
    return actions.keep_promise(viewer(request), pk, sent.evidence)


@router.post("/{pk}/break", response={200: Promise, **WRITE}, summary="It was not, or cannot be, kept")
def break_(request: HttpRequest, pk: Id) -> Any:
    """Saying so early leaves time to tell the customer."""
    return actions.break_promise(viewer(request), pk)
