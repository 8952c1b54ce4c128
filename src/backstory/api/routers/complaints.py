"""Complaints: judge, learn the backstory, agree on steps, close."""

from typing import Any, Literal

from django.db import transaction
from django.http import HttpRequest
from ninja import Query, Router, Status

from backstory.api.auth import viewer
from backstory.api.dispatch import dispatch_of
from backstory.api.errors import READ, WRITE
from backstory.api.paging import Page, Paged, page_of
from backstory.api.schemas import (
    Backstory,
    BackstoryFields,
    CareStep,
    Closing,
    Complaint,
    ComplaintChange,
    Confirmation,
    Id,
    Message,
    NewResolutionAction,
    Reply,
    ResolutionAction,
)
from backstory.cases import actions, policy, queries
from backstory.kernel.errors import NotFound
from backstory.recovery.actions import close_complaint
from backstory.recovery.queries import care_panel

router = Router(tags=["complaints"])
steps = Router(tags=["complaints"])


@router.get("", response={200: Page[Complaint], **READ}, summary="Complaints, newest first")
def find(request: HttpRequest, paged: Query[Paged], state: Literal["open", "closed"] | None = None) -> Any:
    rows = queries.complaints(viewer(request))
    return page_of(rows.filter(state=state) if state else rows, paged)


@router.get("/{pk}", response={200: Complaint, **READ}, summary="One complaint")
def get(request: HttpRequest, pk: Id) -> Any:
    return queries.get_complaint(viewer(request), pk)


@router.patch("/{pk}", response={200: Complaint, **WRITE}, summary="Confirm the cause, set the severity")
def change(request: HttpRequest, pk: Id, sent: ComplaintChange) -> Any:
    """All of the changes are made, or none."""
    with transaction.atomic():
        if sent.cause_id is not None:
            actions.set_cause(viewer(request), pk, sent.cause_id)
        if sent.severity is not None:
            actions.set_severity(viewer(request), pk, sent.severity)
    return queries.get_complaint(viewer(request), pk)


@router.get("/{pk}/care", response={200: list[CareStep], **READ}, summary="The steps of CARE with their evidence")
def care(request: HttpRequest, pk: Id) -> Any:
    user = viewer(request)
    return list(care_panel(user, queries.get_complaint(user, pk)))


@router.get("/{pk}/backstory", response={200: Backstory, **READ}, summary="What is at stake for this person")
def backstory(request: HttpRequest, pk: Id) -> Any:
    """Only for those who may read it: 403 for others of the team's sight, 404 if none is recorded. That it was read is
    recorded."""
    complaint = queries.get_complaint(viewer(request), pk)
    policy.require_reading_backstory(viewer(request), complaint)
    found = actions.read_backstory(viewer(request), complaint)
    if found is None:
        raise NotFound("No backstory is recorded yet.")
    return found


@router.put("/{pk}/backstory", response={200: Backstory, **WRITE}, summary="Record what is at stake")
def save_backstory(request: HttpRequest, pk: Id, sent: BackstoryFields) -> Any:
    """Keeps the fields that are given. Words that change after the customer confirmed them are no longer confirmed."""
    return actions.save_backstory(viewer(request), pk, **sent.model_dump())


@router.post("/{pk}/summary", response={201: Message, **WRITE}, summary="Send “this is what I heard”")
def summary(request: HttpRequest, pk: Id, sent: Reply) -> Any:
    return Status(201, actions.send_summary(viewer(request), pk, sent.text, dispatch_of(sent)))


@router.post("/{pk}/confirmation", response={200: Backstory, **WRITE}, summary="The customer said: yes, that is it")
def confirm(request: HttpRequest, pk: Id, sent: Confirmation) -> Any:
    return actions.confirm_backstory(viewer(request), pk, sent.words)


@router.get("/{pk}/actions", response={200: list[ResolutionAction], **READ}, summary="Who does what by when")
def agreed(request: HttpRequest, pk: Id) -> Any:
    rows = queries.get_complaint(viewer(request), pk).resolution_actions.select_related("owner")
    return list(rows)


@router.post("/{pk}/actions", response={201: ResolutionAction, **WRITE}, summary="Agree on a step")
def agree(request: HttpRequest, pk: Id, sent: NewResolutionAction) -> Any:
    """One for the human need and one for the cause, each with an owner and a date."""
    row = actions.add_resolution_action(viewer(request), pk, **sent.model_dump())
    return Status(201, row)


@router.post("/{pk}/close", response={200: Complaint, **WRITE}, summary="Close it with an outcome and a reason")
def close(request: HttpRequest, pk: Id, sent: Closing) -> Any:
    """422 names whatever is still missing: a confirmed cause, overdue promises, a remedy to decide."""
    close_complaint(viewer(request), pk, sent.outcome, sent.reason)
    return queries.get_complaint(viewer(request), pk)


@router.post("/{pk}/reopen", response={200: Complaint, **WRITE}, summary="It is not over after all")
def reopen(request: HttpRequest, pk: Id) -> Any:
    actions.reopen_complaint(viewer(request), pk)
    return queries.get_complaint(viewer(request), pk)


@steps.post("/{pk}/finish", response={200: ResolutionAction, **WRITE}, summary="A step is done")
def finish(request: HttpRequest, pk: Id) -> Any:
    return actions.finish_resolution_action(viewer(request), pk)
