"""Conversations: find, read, answer, hand over, close."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Query, Router, Status

from backstory.api.auth import viewer
from backstory.api.dispatch import dispatch_of
from backstory.api.errors import READ, WRITE
from backstory.api.paging import Page, Paged, page_of
from backstory.api.schemas import (
    Complaint,
    Conversation,
    ConversationChange,
    Id,
    Message,
    Person,
    Reading,
    Reply,
    ShortWords,
    Text,
    View,
)
from backstory.cases.actions import assign, open_complaint
from backstory.cases.queries import get_complaint, readings_for
from backstory.conversations import actions, queries
from backstory.conversations.models import Conversation as Row
from backstory.kernel.errors import InvalidInput
from backstory.people.models import User
from backstory.people.queries import colleagues

router = Router(tags=["conversations"])
PEOPLE = ("customer", "assignee", "team")


@router.get("", response={200: Page[Conversation], **READ}, summary="One view of the queue, newest first")
def find(request: HttpRequest, paged: Query[Paged], view: View = "open", search: ShortWords = "") -> Any:
    """`search` looks into subjects, names, addresses and messages."""
    rows = queries.queue(viewer(request), view, search).select_related(*PEOPLE)
    return page_of(rows, paged)


@router.get("/{pk}", response={200: Conversation, **READ}, summary="One conversation")
def get(request: HttpRequest, pk: Id) -> Any:
    return queries.get_conversation(viewer(request), pk)


@router.patch("/{pk}", response={200: Conversation, **WRITE}, summary="Assign, hand over, close or reopen")
def change(request: HttpRequest, pk: Id, sent: ConversationChange) -> Any:
    """All of the changes are made, or none."""
    with transaction.atomic():
        return _changed(viewer(request), pk, sent)


def _changed(user: User, pk: int, sent: ConversationChange) -> Row:
    row = queries.get_conversation(user, pk)
    if "assignee_id" in sent.model_fields_set:
        if sent.team_id is not None:
            raise InvalidInput("Hand it to the other team first; somebody there can be given it then.", "team_id")
        row = assign(user, pk, sent.assignee_id)
    if sent.state is not None:
        row = actions.close(user, pk) if sent.state == "closed" else actions.reopen(user, pk)
    if sent.team_id is not None:  # last: after it the conversation may be out of the viewer's sight
        row = actions.set_team(user, pk, sent.team_id)
    return row


@router.get("/{pk}/colleagues", response={200: list[Person], **READ}, summary="Who it can be given to")
def team(request: HttpRequest, pk: Id) -> Any:
    return list(colleagues(queries.get_conversation(viewer(request), pk).team))


@router.get("/{pk}/messages", response={200: Page[Message], **READ}, summary="Its messages and notes, oldest first")
def messages(request: HttpRequest, pk: Id, paged: Query[Paged]) -> Any:
    rows = queries.thread(queries.get_conversation(viewer(request), pk))
    return page_of(rows, paged)


@router.get("/{pk}/readings", response={200: list[Reading], **READ}, summary="What its messages were read as")
def readings(request: HttpRequest, pk: Id) -> Any:
    conversation = queries.get_conversation(viewer(request), pk)
    rows = readings_for(conversation.pk)
    return [rows[key] for key in sorted(rows)]


@router.post("/{pk}/replies", response={201: Message, **WRITE}, summary="Answer the customer")
def reply(request: HttpRequest, pk: Id, sent: Reply) -> Any:
    """The letter leaves within moments and cannot be taken back; its `delivery` tells how it is doing.

    A recipient that somebody should look at twice (new to the thread, another customer's, a look-alike domain, one of
    our own, undeliverable) is refused with 409, until its warning stands in `confirmed`.
    """
    return Status(201, actions.send_reply(viewer(request), pk, sent.text, dispatch_of(sent)))


@router.post("/{pk}/notes", response={201: Message, **WRITE}, summary="Write a note for the team")
def note(request: HttpRequest, pk: Id, sent: Text) -> Any:
    return Status(201, actions.add_note(viewer(request), pk, sent.text))


@router.post("/{pk}/complaint", response={201: Complaint, **WRITE}, summary="Make it a complaint")
def complain(request: HttpRequest, pk: Id) -> Any:
    """Gives the complaint that it is already, if it is one. Cause and severity are suggested by the reading."""
    row = open_complaint(viewer(request), pk)
    return Status(201, get_complaint(viewer(request), row.pk))
