"""Sending one delivery: claim it, render it, hand it over, and write down how that ended."""

from __future__ import annotations

import structlog
from django.conf import settings

from backstory.channels.email.compose import render
from backstory.channels.email.ingest import loop_token
from backstory.channels.email.submission import Ending, Outcome, submit
from backstory.conversations import actions
from backstory.conversations.letters import Address, Outbound
from backstory.conversations.models import Delivery
from backstory.kernel import files
from backstory.kernel.errors import InvalidInput

log = structlog.get_logger(__name__)

_ENDINGS = {
    Ending.DEFERRED: actions.mark_deferred,
    Ending.FAILED: actions.mark_failed,
    Ending.UNCERTAIN: actions.mark_uncertain,
}


def deliver(delivery_id: int) -> None:
    """Send a letter if it is due and nobody else has it. No transaction is open while the network is used."""
    delivery = actions.claim_delivery(delivery_id)
    if delivery is None:
        return
    letter = letter_of(delivery)
    try:
        data = render(letter, loop_token())
    except InvalidInput as error:
        actions.mark_failed(delivery, str(error))
        return
    except Exception as error:
        log.exception("letter could not be written", delivery_id=delivery.pk)
        actions.mark_failed(delivery, f"The letter could not be written ({type(error).__name__}).")
        return
    if settings.MAIL_MODE == "outbox":
        path, _ = files.put("outbox", data)
        actions.mark_sent(delivery, path)
        return
    _settle(delivery, submit(letter.from_address, [one.email for one in (*letter.to, *letter.cc)], data))


def _settle(delivery: Delivery, outcome: Outcome) -> None:
    if outcome.ending is Ending.SENT:
        actions.mark_sent(delivery)
    else:
        _ENDINGS[outcome.ending](delivery, outcome.words)
    log.info("letter handed over", delivery_id=delivery.pk, ending=outcome.ending.value)


def letter_of(delivery: Delivery) -> Outbound:
    """The letter of a delivery: the same every time, so that a second try is the same letter."""
    message = delivery.message
    mailbox = message.conversation.mailbox
    local, _, domain = mailbox.address.rpartition("@")
    signature = f"\n\n-- \n{message.signature}" if message.signature else ""
    return Outbound(
        message_id=message.message_id,
        from_address=mailbox.address,
        from_name=_sender_name(delivery),
        to=tuple(Address(one["email"], one.get("name", "")) for one in message.to),
        cc=tuple(Address(one["email"], one.get("name", "")) for one in message.cc),
        reply_to=f"{local}+{message.conversation.reply_token}@{domain}",
        subject=message.subject,
        text=f"{message.text}{signature}",
        sent_at=message.created_at,
        in_reply_to=message.in_reply_to,
        references=tuple(message.references),
        automatic=delivery.kind != Delivery.Kind.REPLY,
    )


def _sender_name(delivery: Delivery) -> str:
    """ "Alice Archer, Customer care" for a person, the mailbox's own name for the desk."""
    desk = delivery.message.conversation.mailbox.sender_name
    author = delivery.message.author
    return ", ".join(part for part in (author.name if author else "", desk) if part)
