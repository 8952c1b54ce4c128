"""Which other customers may be the same person as this one, on what grounds, as far as the viewer may see them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from django.db.models import Q

from backstory.conversations import sameness
from backstory.conversations.models import Conversation, Message, Participant
from backstory.conversations.queries.threads import visible
from backstory.people.models import Customer, Identity, User
from backstory.people.rules import normalise_email

Ground = Literal["answered", "copied", "phone"]
MOST = 20
"""Customers of the same name, letters of each and rows found that are looked at."""


@dataclass(frozen=True, slots=True)
class Namesake:
    """Somebody who may be the same person: a customer, by the latest conversation of theirs that the viewer sees, or
    (without one) an address that has only taken part in this conversation."""

    name: str
    addresses: tuple[str, ...]
    customer_id: int = 0
    conversation: Conversation | None = None
    grounds: tuple[Ground, ...] = ()


def perhaps_same(viewer: User, conversation: Conversation) -> list[Namesake]:
    """Customers who may be the one of this conversation: they answered our letters to the other address, are copied by
    them, or write the same telephone number under the same name. A name alone is no ground."""
    customer = conversation.customer
    looked: dict[Ground, set[int]] = {
        "answered": _answering(customer),
        "copied": _copied(customer),
        "phone": _calling(customer),
    }
    grounds: dict[int, list[Ground]] = {}
    for ground, found in looked.items():
        for pk in found:
            grounds.setdefault(pk, []).append(ground)
    known = [replace(each, grounds=tuple(grounds[each.customer_id])) for each in _shown(viewer, grounds)]
    return known + _only_here(conversation)


def _only_here(conversation: Conversation) -> list[Namesake]:
    """Whoever took part in this conversation under the customer's name and has none of their own."""
    told = Participant.Kind.UNKNOWN, Participant.Kind.COPIED
    rows = list(conversation.participants.filter(kind__in=told).order_by("pk"))
    written = Identity.objects.filter(value__in=[row.address for row in rows], customer__conversations__isnull=False)
    known = set(written.values_list("value", flat=True))
    name = conversation.customer.name
    return [
        Namesake(row.name or row.address, (row.address,), grounds=("answered",))
        for row in rows
        if row.address not in known
        and (sameness.is_same_name(row.name, name) or sameness.may_be_named(row.address, name))
    ]


def look_up(viewer: User, conversation: Conversation, words: str) -> list[Namesake]:
    """Other customers by name or address, to choose from."""
    wanted = words.strip()
    if not wanted:
        return []
    known = Q(name__icontains=wanted) | Q(identities__value__icontains=wanted)
    rows = Customer.objects.filter(known, merged_into=None, conversations__in=visible(viewer))
    found = rows.exclude(pk=conversation.customer_id).order_by("pk").values_list("pk", flat=True).distinct()
    return _shown(viewer, found[:MOST])


def _shown(viewer: User, customers: Iterable[int]) -> list[Namesake]:
    """These customers, each by the latest conversation that the viewer may see; without one they are not there."""
    rows = visible(viewer).filter(customer__in=list(customers), customer__merged_into=None)
    latest: dict[int, Conversation] = {}
    for row in rows.select_related("customer").prefetch_related("customer__identities").order_by("-last_message_at"):
        latest.setdefault(row.customer_id, row)
    return [Namesake(row.customer.name, addresses(row.customer), row.customer_id, row) for row in latest.values()]


def addresses(customer: Customer) -> tuple[str, ...]:
    """How a customer is known, oldest first."""
    return tuple(one.value for one in sorted(customer.identities.all(), key=lambda one: one.pk))


def _answering(customer: Customer) -> set[int]:
    """Whoever of the same name took part in this customer's threads, or in whose threads this customer did."""
    own = customer.identities.values("value")
    here = Participant.objects.filter(conversation__customer=customer).values("address")
    took_part = Customer.objects.filter(identities__value__in=here)
    there = Customer.objects.filter(conversations__participants__address__in=own)
    return _of_that_name(customer, (took_part | there).distinct())


def _copied(customer: Customer) -> set[int]:
    """Whoever of the same name this customer's letters were sent to as well."""
    said = Message.objects.filter(conversation__customer=customer, direction=Message.Direction.IN)
    rows = said.order_by("-id").values_list("to", "cc")[:MOST]
    named = {normalise_email(each["email"]) for to, cc in rows for each in (*to, *cc) if each.get("email")}
    return _of_that_name(customer, Customer.objects.filter(identities__value__in=named))


def _calling(customer: Customer) -> set[int]:
    """Whoever of the same name signs with the same telephone number."""
    if not customer.name:
        return set()
    own = _signatures([customer.pk])[customer.pk]
    if not any(sameness.phones(one) for one in own):
        return set()
    found = _of_that_name(customer, Customer.objects.filter(name__iexact=customer.name).order_by("-pk")[:MOST])
    return {pk for pk, signed in _signatures(found).items() if sameness.shared_phone(own, signed)}


def _of_that_name(customer: Customer, rows: Iterable[Customer]) -> set[int]:
    others = (one for one in rows if one.pk != customer.pk and one.merged_into_id is None)
    return {one.pk for one in others if sameness.is_same_name(one.name, customer.name) or _reads_like(one, customer)}


def _reads_like(one: Customer, customer: Customer) -> bool:
    known = one.identities.filter(kind=Identity.Kind.EMAIL).values_list("value", flat=True)
    return any(sameness.may_be_named(address, customer.name) for address in known)


def _signatures(customers: Iterable[int]) -> dict[int, list[str]]:
    """What the latest letters of some customers are signed with, by customer."""
    found: dict[int, list[str]] = {pk: [] for pk in customers}
    for pk in found:
        said = Message.objects.filter(conversation__customer_id=pk, direction=Message.Direction.IN)
        found[pk] = list(said.exclude(signature="").order_by("-id").values_list("signature", flat=True)[:MOST])
    return found
