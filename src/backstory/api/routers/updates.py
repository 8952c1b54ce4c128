"""Keeping customers informed."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from backstory.api.auth import viewer
from backstory.api.errors import READ, WRITE
from backstory.api.schemas import Id, Reason
from backstory.api.update_schemas import NewUpdate, StatusShown, Update
from backstory.cases.queries import get_complaint
from backstory.recovery import actions, queries

router = Router(tags=["updates"])
of_complaint = Router(tags=["updates"])


@of_complaint.get("/{pk}/status", response={200: StatusShown, **READ}, summary="What the customer sees of it")
def status(request: HttpRequest, pk: Id) -> Any:
    return queries.status_for(get_complaint(viewer(request), pk))


@of_complaint.get("/{pk}/updates", response={200: list[Update], **READ}, summary="What they were and will be told")
def updates(request: HttpRequest, pk: Id) -> Any:
    user = viewer(request)
    return queries.updates(user, get_complaint(user, pk))


@of_complaint.post("/{pk}/updates", response={201: Update, **WRITE}, summary="Plan an update")
def plan(request: HttpRequest, pk: Id, sent: NewUpdate) -> Any:
    return Status(201, actions.plan_update(viewer(request), pk, sent.due_at, sent.text))


@router.post("/{pk}/send", response={200: Update, **WRITE}, summary="Send an update now")
def send(request: HttpRequest, pk: Id) -> Any:
    """Neither hours nor switches hold it back: who calls this has decided."""
    return actions.send_update(viewer(request), pk)


@router.post("/{pk}/skip", response={200: Update, **WRITE}, summary="Skip an update, with the reason")
def skip(request: HttpRequest, pk: Id, sent: Reason) -> Any:
    return actions.skip_update(viewer(request), pk, sent.reason)
