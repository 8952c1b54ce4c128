"""Sending one delivery: claim it, render it, hand it over, and write down how that ended."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.db import DatabaseError

from backstory.channels.email import sessions
from backstory.channels.email.compose import envelope, render
from backstory.channels.email.ingest import loop_token
from backstory.channels.email.signing import CannotSign, signed
from backstory.channels.email.submission import Ending, Outcome
from backstory.channels.email.ways_out import hand_over
from backstory.conversations import actions, queries
from backstory.conversations.letters import Outbound, OutboundAttachment
from backstory.conversations.models import Attachment, Delivery, Message
from backstory.conversations.recipients import domain_of
from backstory.improvement.queries import news_link
from backstory.kernel import clock, files
from backstory.kernel.errors import InvalidInput
from backstory.people.queries import unsubscribe_link
from backstory.recovery.queries import revealed

log = structlog.get_logger(__name__)

BATCH = 20
"""Letters that follow another over its connection; other work of the thread waits for no more than these."""
_ENDINGS = {
    Ending.FAILED: actions.mark_failed,
    Ending.UNCERTAIN: actions.mark_uncertain,
}


def deliver(delivery_id: int) -> None:
    """Send a letter if it is due and nobody else has it. No transaction is open while the network is used."""
    delivery = actions.claim_delivery(delivery_id)
    if delivery is None:
        return
    try:
        letter = letter_of(delivery)
        data = _written(letter)
    except CannotSign as error:
        actions.mark_deferred(delivery, str(error))
    except InvalidInput as error:
        actions.mark_failed(delivery, str(error))
    except FileNotFoundError:
        actions.mark_failed(delivery, "A file of this letter is not there any more.")
    except (OSError, DatabaseError) as error:
        actions.mark_deferred(delivery, f"The letter could not be read from the disk ({type(error).__name__}).")
    except Exception as error:  # a fault of ours in this one letter: a person sees it, and the others go on
        log.exception("letter could not be written", delivery_id=delivery.pk)
        actions.mark_failed(delivery, f"The letter could not be written ({type(error).__name__}).")
    else:
        _send(delivery, letter, data)


def deliver_batch(delivery_id: int) -> None:
    """Send a letter, and behind it, over the same connection, others that are due. Each is claimed just before it goes
    out, so nothing is held by a batch that ends in the middle."""
    with sessions.batch() as connections:
        deliver(delivery_id)
        for other in queries.due_deliveries(clock.now(), BATCH):
            if connections.broken:
                break  # each of the others has a task of its own, and the sweep
            deliver(other)


def _written(letter: Outbound) -> bytes:
    """The bytes of the letter, signed where its domain has a key."""
    data = render(letter, loop_token())
    key = queries.dkim_key(domain_of(letter.from_address))
    return signed(data, key) if key else data


def _send(delivery: Delivery, letter: Outbound, data: bytes) -> None:
    if settings.MAIL_MODE == "outbox":
        path, _ = files.put("outbox", data)
        actions.mark_sent(delivery, path)
        return
    wanted = {to: known for to, known in envelope(letter).items() if known not in delivery.results}
    outcome = hand_over(delivery, letter.from_address, wanted, data)
    _settle(delivery, outcome, wanted)
    log.info("letter handed over", delivery_id=delivery.pk, ending=outcome.ending.value)


def _settle(delivery: Delivery, outcome: Outcome, wanted: dict[str, str]) -> None:
    """Write down the result. `wanted` maps the addresses as the server knows them to those the desk knows."""
    results = {wanted[one]: words for one, words in outcome.refused.items()}
    if outcome.ending is Ending.SENT:
        taken = [known for to, known in wanted.items() if to not in outcome.refused and to not in outcome.later]
        results |= dict.fromkeys(taken, "sent")
    if outcome.ending is Ending.SENT and not outcome.later:
        actions.mark_sent(delivery, results=results)
    elif outcome.ending in (Ending.SENT, Ending.DEFERRED):
        named = [f"{wanted[one]}: {words}" for one, words in outcome.later.items()]
        words = f"Not yet taken for {'; '.join(named)}" if outcome.ending is Ending.SENT else outcome.words
        actions.mark_deferred(delivery, words, results)
    else:
        _ENDINGS[outcome.ending](delivery, outcome.words)


def letter_of(delivery: Delivery) -> Outbound:
    """The letter of a delivery: the same every time, so that a second try is the same letter.

    Raises InvalidInput for a message that is none to a customer: notes of the team leave by no way.
    """
    message = delivery.message
    if message.direction != Message.Direction.OUT:
        raise InvalidInput("Only what is written to a customer can be sent.")
    mailbox = message.conversation.mailbox
    local, _, domain = mailbox.address.rpartition("@")
    return Outbound(
        message_id=message.message_id,
        from_address=mailbox.address,
        from_name=_sender_name(delivery),
        to=tuple(queries.people(message.to)),
        cc=tuple(queries.people(message.cc)),
        reply_to=f"{local}+{message.conversation.reply_token}@{domain}",
        subject=message.subject,
        text=revealed(message),
        signature=message.signature,
        quoted=message.quoted,
        sent_at=message.created_at,
        in_reply_to=message.in_reply_to,
        references=tuple(message.references),
        automatic=delivery.kind != Delivery.Kind.REPLY,
        attachments=tuple(_file(item) for item in message.attachments.order_by("id")),
        unsubscribe=_way_out(delivery),
    )


def _way_out(delivery: Delivery) -> str:
    """Where the reader can say that they want no more letters of this kind; "" for what nobody needs to decline."""
    customer = delivery.message.conversation.customer
    if delivery.kind == Delivery.Kind.SURVEY:
        return unsubscribe_link(customer)
    return news_link(customer.pk) if delivery.kind == Delivery.Kind.NEWS else ""


def _file(item: Attachment) -> OutboundAttachment:
    return OutboundAttachment(item.name, item.content_type, files.get(item.path), item.cid)


def _sender_name(delivery: Delivery) -> str:
    """ "Alice Archer, Customer care" for a person, the mailbox's own name for the desk."""
    desk = delivery.message.conversation.mailbox.sender_name
    author = delivery.message.author
    return ", ".join(part for part in (author.name if author else "", desk) if part)
