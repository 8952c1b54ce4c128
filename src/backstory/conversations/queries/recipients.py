"""Whom a reply goes to unless its writer says otherwise, and what is known of the addresses around a thread."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from backstory.conversations import signatures
from backstory.conversations.letters import Address
from backstory.conversations.models import Conversation, Mailbox, Message
from backstory.conversations.recipients import Known, reply_to_all
from backstory.people.models import AddressTrouble, Identity, User
from backstory.people.queries import email_of, troubles
from backstory.people.rules import normalise_email

Recipients = tuple[list[Address], list[Address]]


def people(rows: Iterable[dict[str, Any]] | None) -> list[Address]:
    """Addresses as messages and drafts keep them."""
    return [Address(str(row.get("email", "")), str(row.get("name", ""))) for row in rows or ()]


def reply_recipients(conversation: Conversation, messages: Sequence[Message]) -> Recipients:
    """(To, Cc) of a reply to everybody in the latest message received, our own mailboxes left out."""
    last = next((each for each in reversed(messages) if each.direction == Message.Direction.IN), None)
    address = (last.answer_address if last else "") or email_of(conversation.customer)
    if not address:
        return [], []
    sender = normalise_email(last.sender_address) if last else ""
    name = conversation.customer.name
    if last and sender and sender not in customer_addresses(conversation):
        name = last.sender_name
    mailboxes = Mailbox.objects.values_list("address", flat=True)
    return reply_to_all(
        Address(address, name), people(last.to if last else ()), people(last.cc if last else ()), mailboxes
    )


def customer_addresses(conversation: Conversation) -> set[str]:
    return set(conversation.customer.identities.values_list("value", flat=True))


def known_around(conversation: Conversation, messages: Iterable[Message], recipients: Iterable[Address]) -> Known:
    """What the warnings about these recipients rest on."""
    wanted = {normalise_email(one.email) for one in recipients}
    thread: set[str] = set()
    written: set[str] = set()
    for each in messages:
        named = {normalise_email(one.email) for one in (*people(each.to), *people(each.cc))}
        if each.direction == Message.Direction.IN:
            thread |= named | {normalise_email(each.sender_address), normalise_email(each.answer_address)}
        elif each.direction == Message.Direction.OUT:
            written |= named
    own, others = _customers(conversation, wanted)
    desk = set(Mailbox.objects.values_list("address", flat=True))
    desk |= set(User.objects.filter(email__in=wanted).values_list("email", flat=True))
    undeliverable, unwanted = _troubles(wanted)
    return Known(
        own=frozenset(own),
        thread=frozenset(thread - {""}),
        written=frozenset(written),
        desk=frozenset(desk),
        others=frozenset(others),
        undeliverable=undeliverable,
        unwanted=unwanted,
    )


def _troubles(wanted: set[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The addresses to which letters are in vain, and those that want none, each with the reason."""
    found: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for address, rows in troubles(wanted).items():
        for row in rows:
            found[row.kind == AddressTrouble.Kind.UNWANTED][address] = row.reason
    return found


def _customers(conversation: Conversation, wanted: set[str]) -> tuple[set[str], set[str]]:
    """(this customer's addresses, those of the wanted addresses that are another customer's)."""
    rows = Identity.objects.filter(Q(customer=conversation.customer_id) | Q(value__in=wanted), kind=Identity.Kind.EMAIL)
    pairs = set(rows.values_list("customer_id", "value"))
    own = {value for customer, value in pairs if customer == conversation.customer_id}
    return own, {value for _customer, value in pairs} - own


def signature_of(viewer: User, conversation: Conversation) -> str:
    """What stands below the viewer's replies in this conversation."""
    mailbox = conversation.mailbox
    return signatures.signature(
        mailbox.signature,
        viewer.signature,
        agent=viewer.name,
        team=conversation.team.name,
        mailbox=mailbox.sender_name or mailbox.name,
        address=mailbox.address,
    )


def quotes(viewer: User, conversation: Conversation) -> bool:
    """Whether the viewer's replies quote the message they answer, unless they say otherwise for one of them."""
    return viewer.quote_replies == "yes" or (not viewer.quote_replies and conversation.mailbox.quote_replies)
