"""From a stored original to a message: parse, then receive it, or ignore it with a reason."""

from __future__ import annotations

import re
from dataclasses import replace

from django.conf import settings

from backstory.channels.email.addresses import plus_token, without_plus
from backstory.channels.email.auto import Ourselves
from backstory.channels.email.parse import Parsed, parse_bytes
from backstory.conversations import actions, queries
from backstory.conversations.letters import Inbound
from backstory.conversations.models import Delivery, RawMessage
from backstory.kernel import files
from backstory.kernel.errors import InvalidInput
from backstory.kernel.ids import digest

_RETURNED_ID = re.compile(rb"(?im)^[ \t>]*message-id:\s*<([^<>\s]{3,500})>")


def loop_token() -> str:
    """What marks this installation's own letters in their header; tells nothing about the secret key."""
    return digest(f"loop:{settings.SECRET_KEY}")[:20]


def accept(raw: RawMessage) -> None:
    """Put a stored original into a conversation, or keep it with the reason why not.

    Raises InvalidInput for what holds no letter that could be answered: quarantine it then.
    """
    data = files.get(raw.path)
    if not data.strip():
        raise InvalidInput("The message is empty.")
    parsed = parse_bytes(data, ours=Ourselves(loop_token(), null_sender=raw.envelope.get("sender") == ""))
    if parsed.auto == "bounce":
        _settle_bounce(raw, parsed, data)
    elif reason := _why_ignored(raw, parsed):
        actions.ignore(raw.pk, reason)
    else:
        actions.receive(inbound_of(raw, parsed), raw.mailbox, raw)


def _why_ignored(raw: RawMessage, parsed: Parsed) -> str:
    """Why a letter that is no bounce gets no conversation, or ""."""
    if parsed.auto == "loop":
        return "A loop: this letter has been here before."
    if parsed.message_id and queries.sent_message(parsed.message_id):
        return "A loop: this is a letter of our own that came back."
    if parsed.auto == "auto-reply":
        return "An automatic answer, such as an absence notice."
    if _is_from_mailbox(raw, parsed) and not _other_reply_to(raw, parsed):
        return "A loop: sent from this mailbox's own address."
    return ""


def _is_from_mailbox(raw: RawMessage, parsed: Parsed) -> bool:
    return without_plus(parsed.sender.email) == raw.mailbox.address.lower()


def _other_reply_to(raw: RawMessage, parsed: Parsed) -> str:
    own = raw.mailbox.address.lower()
    return next((one.email for one in parsed.reply_to if one.email and without_plus(one.email) != own), "")


def inbound_of(raw: RawMessage, parsed: Parsed) -> Inbound:
    """The letter for `conversations`. A web site's form often writes from the mailbox's own address for a customer
    named in Reply-To: then that is who speaks."""
    inbound = parsed.to_inbound(mailbox_address=raw.mailbox.address, received_at=raw.created_at)
    token = next((plus_token(one) for one in raw.envelope.get("recipients", []) if plus_token(one)), "")
    inbound = replace(inbound, reply_token=token or inbound.reply_token)
    if _is_from_mailbox(raw, parsed) and (customer := _other_reply_to(raw, parsed)):
        return replace(inbound, from_address=customer)
    return inbound


def _settle_bounce(raw: RawMessage, parsed: Parsed, data: bytes) -> None:
    delivery = _returned_delivery(parsed, data)
    who = parsed.bounced[0] if parsed.bounced else None
    about = f"{who.email}: {who.reason or 'no reason given'} {who.status}".strip() if who else "no recipient named"
    if delivery is None:
        actions.ignore(raw.pk, f"A bounce that names none of our letters ({about}).")
        return
    if who is not None and (who.status.startswith("4") or who.reason == "feedback"):
        actions.ignore(raw.pk, f"A report about letter {delivery.pk}, still on its way or delivered ({about}).")
        return
    if delivery.state != Delivery.State.FAILED:
        actions.mark_bounced(delivery, about)
    actions.ignore(raw.pk, f"A bounce of letter {delivery.pk} ({about}).")


def _returned_delivery(parsed: Parsed, data: bytes) -> Delivery | None:
    """Our letter that a bounce sends back, by the Message-IDs it names."""
    enclosed = [found.decode("ascii", "replace") for found in _RETURNED_ID.findall(data)[:20]]
    for message_id in (*enclosed, parsed.in_reply_to, *parsed.references):
        message = queries.sent_message(message_id) if message_id else None
        delivery = getattr(message, "delivery", None)
        if isinstance(delivery, Delivery):
            return delivery
    return None
