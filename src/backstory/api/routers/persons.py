"""Customers who are one person: who may be, saying so, and taking it back."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from backstory.api.auth import viewer
from backstory.api.errors import READ, WRITE
from backstory.api.schemas import Id, Sent, ShortWords
from backstory.conversations import actions, queries
from backstory.conversations.models import Conversation
from backstory.people.models import User
from backstory.people.queries import merges_of

of_conversation = Router(tags=["conversations"])
router = Router(tags=["conversations"])


class Namesake(Schema):
    """Somebody who may be the same person; without a conversation of their own they wrote into this one only."""

    name: str
    addresses: list[str]
    conversation_id: int | None = Field(None, description="Their latest one that you may see.")
    grounds: list[Literal["answered", "copied", "phone"]]

    @staticmethod
    def resolve_conversation_id(row: queries.Namesake) -> int | None:
        return row.conversation.pk if row.conversation else None


class Merge(Schema):
    """That somebody said so."""

    id: int
    name: str = Field(description="Of the customer who turned out to be this one.", validation_alias="source.name")
    created_at: datetime


class PersonKnown(Schema):
    id: int
    name: str
    addresses: list[str]
    perhaps: list[Namesake]
    merges: list[Merge]


class SamePerson(Sent):
    """One of the two."""

    conversation_id: Id | None = Field(None, description="A conversation of the customer who is the same person.")
    address: ShortWords = Field("", description="By which they wrote into this conversation.")


def _person(user: User, conversation: Conversation) -> dict[str, Any]:
    customer = conversation.customer
    return {
        "id": customer.pk,
        "name": customer.name,
        "addresses": queries.addresses(customer),
        "perhaps": queries.perhaps_same(user, conversation),
        "merges": merges_of(customer),
    }


@of_conversation.get("/{pk}/person", response={200: PersonKnown, **READ}, summary="Who it is, and who else they may be")
def get(request: HttpRequest, pk: Id) -> Any:
    """`grounds`: `answered`, they wrote into a thread of the other; `copied`, their letters go to that address too;
    `phone`, the same telephone number stands in the signatures; each under the same name."""
    user = viewer(request)
    return _person(user, queries.get_conversation(user, pk))


@of_conversation.post("/{pk}/person", response={200: PersonKnown, **WRITE}, summary="Say who is the same person")
def same(request: HttpRequest, pk: Id, sent: SamePerson) -> Any:
    """Addresses, conversations, complaints and promises stand together from then on, until it is taken back."""
    user = viewer(request)
    actions.same_person(user, pk, sent.conversation_id, sent.address)
    return _person(user, queries.get_conversation(user, pk))


@router.post("/{pk}/undo", response={204: None, **WRITE}, summary="Take it back")
def undo(request: HttpRequest, pk: Id) -> Any:
    actions.undo_same_person(viewer(request), pk)
    return Status(204, None)
