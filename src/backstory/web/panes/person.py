"""What the page at a customer's name shows: their addresses, who else they may be, and who they turned out to be."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backstory.conversations import queries as conversations
from backstory.conversations.queries import Namesake
from backstory.people import policy
from backstory.people.models import Customer, User
from backstory.people.policy import Permission
from backstory.people.queries import merges_of

GROUNDS = {
    "answered": gettext_noop("wrote into a thread of the other under the same name"),
    "copied": gettext_noop("gets copies of their own letters under the same name"),
    "phone": gettext_noop("signs with the same name and telephone number"),
}


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be the same person; `other` is a conversation of theirs, 0 where only the address is known."""

    name: str
    addresses: str
    why: str
    other: int
    subject: str
    may_merge: bool


@dataclass(frozen=True)
class Merged:
    """Somebody whom a colleague said to be this person."""

    id: int
    name: str
    by: str
    at: datetime


@dataclass(frozen=True)
class PersonPage:
    """All of the page."""

    conversation_id: int
    subject: str
    name: str
    addresses: list[str]
    proposed: list[Candidate]
    words: str
    found: list[Candidate]
    merged: list[Merged]
    may_merge: bool


def person(viewer: User, conversation_id: int, words: str) -> PersonPage:
    """Raises NotFound for a conversation of another team."""
    conversation = conversations.get_conversation(viewer, conversation_id)
    proposed = conversations.perhaps_same(viewer, conversation)
    shown = {each.customer_id for each in proposed if each.customer_id}
    found = [each for each in conversations.look_up(viewer, conversation, words) if each.customer_id not in shown]
    may_merge = policy.can(viewer, Permission.MERGE_CUSTOMERS, conversation.team_id)
    return PersonPage(
        conversation_id=conversation.pk,
        subject=conversation.subject,
        name=conversation.customer.name,
        addresses=list(conversations.addresses(conversation.customer)),
        proposed=[_candidate(viewer, each, may_merge) for each in proposed],
        words=words,
        found=[_candidate(viewer, each, may_merge) for each in found],
        merged=[
            Merged(row.pk, row.source.name, row.user.name if row.user else _("Somebody"), row.created_at)
            for row in merges_of(conversation.customer)
        ],
        may_merge=may_merge,
    )


def hint(viewer: User, conversation_id: int) -> Candidate | None:
    """The first who may be the same person, for a line at the name; None for whoever could not say so."""
    conversation = conversations.get_conversation(viewer, conversation_id)
    may_merge = policy.can(viewer, Permission.MERGE_CUSTOMERS, conversation.team_id)
    proposed = conversations.perhaps_same(viewer, conversation) if may_merge else []
    return _candidate(viewer, proposed[0], may_merge) if proposed else None


def conversation_of(viewer: User, customer: Customer) -> int | None:
    """The latest conversation of a customer that the viewer may see."""
    found = conversations.visible(viewer).filter(customer=customer).order_by("-last_message_at").first()
    return found.pk if found else None


def _candidate(viewer: User, each: Namesake, may_merge: bool) -> Candidate:
    there = each.conversation
    return Candidate(
        name=each.name,
        addresses=", ".join(each.addresses),
        why="; ".join(_(GROUNDS[ground]) for ground in each.grounds),
        other=there.pk if there else 0,
        subject=there.subject if there else "",
        may_merge=may_merge and (there is None or policy.can(viewer, Permission.MERGE_CUSTOMERS, there.team_id)),
    )
