"""Reports about letters of ours: a bounce marks its delivery and, when it is for good, the address."""

from __future__ import annotations

import re

from backstory.channels.email.parse import Parsed
from backstory.conversations import actions, queries
from backstory.conversations.letters import BouncedRecipient
from backstory.conversations.models import Delivery, RawMessage
from backstory.people.models import AddressTrouble
from backstory.people.rules import normalise_email

_RETURNED_ID = re.compile(rb"(?im)^[ \t>]*message-id:\s*<([^<>\s]{3,500})>")
Decision = RawMessage.Decision


def settle_report(raw: RawMessage, parsed: Parsed, data: bytes) -> None:
    """Mark what a bounce, a report of a delay or an abuse report is about, and keep it without a conversation."""
    delivery, who = _returned_delivery(parsed, data), _worst(parsed)
    about = f"{who.email}: {who.reason or 'no reason given'} {who.status}".strip() if who else "no recipient named"
    if delivery is None:
        actions.ignore(raw.pk, f"A bounce that names none of our letters ({about}).", Decision.BOUNCE)
        return
    conversation = delivery.message.conversation
    if who is not None and who.reason == "feedback":
        reason = f"A report that a reader calls letter {delivery.pk} unwanted ({about})."
        actions.ignore(raw.pk, reason, Decision.ABUSE_REPORT, conversation=conversation, delivery=delivery)
        actions.mark_address(delivery, _written_to(delivery, who), AddressTrouble.Kind.UNWANTED, "An abuse report")
    elif who is not None and (who.delayed or who.status.startswith("4")):
        reason = f"A report about letter {delivery.pk}, still on its way or delivered ({about})."
        actions.ignore(raw.pk, reason, Decision.DELAY, conversation=conversation, delivery=delivery)
    else:
        _bounced(raw, parsed, delivery, about)


def _bounced(raw: RawMessage, parsed: Parsed, delivery: Delivery, about: str) -> None:
    if delivery.state != Delivery.State.BOUNCED:
        who = _worst(parsed)
        actions.mark_bounced(delivery, about, _written_to(delivery, who) if who else "")
    for one in parsed.bounced:
        address = _written_to(delivery, one)
        if one.permanent and address:
            why = f"{one.reason} {one.status}".strip()
            actions.mark_address(delivery, address, AddressTrouble.Kind.UNDELIVERABLE, why)
    reason = f"A bounce of letter {delivery.pk} ({about})."
    conversation = delivery.message.conversation
    actions.ignore(raw.pk, reason, Decision.BOUNCE, conversation=conversation, delivery=delivery)


def _worst(parsed: Parsed) -> BouncedRecipient | None:
    """The recipient that says most: one that failed rather than one that waits."""
    return next((one for one in parsed.bounced if not one.delayed), next(iter(parsed.bounced), None))


def _written_to(delivery: Delivery, who: BouncedRecipient) -> str:
    """Which of the addresses we wrote to a report speaks of, "" if none can be told: nobody can mark any other. Where
    we wrote to one only, its letter may have been passed on to the address that failed."""
    message = delivery.message
    written = [normalise_email(each["email"]) for each in (*message.to, *message.cc) if each.get("email")]
    named = normalise_email(who.email)
    if named in written:
        return named
    return written[0] if len(written) == 1 else ""


def _returned_delivery(parsed: Parsed, data: bytes) -> Delivery | None:
    """Our letter that a report is about, by the Message-IDs it names: nobody else knows those."""
    enclosed = [found.decode("ascii", "replace") for found in _RETURNED_ID.findall(data)[:20]]
    for message_id in (*enclosed, parsed.in_reply_to, *parsed.references):
        message = queries.sent_message(message_id) if message_id else None
        delivery = getattr(message, "delivery", None)
        if isinstance(delivery, Delivery):
            return delivery
    return None
