"""From a stored original to a message: parse, then receive it, or keep it with the reason why not."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings

from backstory.channels.email.addresses import plus_token, without_plus
from backstory.channels.email.auto import Ourselves
from backstory.channels.email.checking import passes
from backstory.channels.email.forwarding import inbound_from, originals_in
from backstory.channels.email.parse import Parsed, parse_bytes
from backstory.channels.email.returned import settle_report
from backstory.conversations import actions, queries
from backstory.conversations.letters import Inbound
from backstory.conversations.models import RawMessage
from backstory.kernel import files
from backstory.kernel.errors import InvalidInput
from backstory.kernel.ids import digest
from backstory.people.queries import colleague
from backstory.people.rules import is_email

Decision = RawMessage.Decision


def loop_token() -> str:
    """What marks this installation's own letters in their header; tells nothing about the secret key."""
    return digest(f"loop:{settings.SECRET_KEY}")[:20]


def accept(raw: RawMessage) -> None:
    """Put a stored original into a conversation, or keep it with the reason why not.

    Raises InvalidInput for what holds no letter that could be answered: quarantine it then.
    """
    data = files.get(raw.path)
    if not data.strip():
        raise InvalidInput("The message is empty.", "empty")
    if not passes(raw, data):
        return
    parsed = parse_bytes(data, ours=Ourselves(loop_token(), null_sender=raw.envelope.get("sender") == ""))
    inbound = inbound_of(raw, parsed)
    actions.describe(raw.pk, inbound, parsed.auto)
    if raw.corrections.get("ordinary"):
        actions.receive(inbound, raw.mailbox, raw)
    elif parsed.auto == "bounce":
        settle_report(raw, parsed, data)
    elif reason := _why_loop(raw, parsed):
        actions.ignore(raw.pk, reason, Decision.LOOP)
    elif parsed.auto == "auto-reply":
        _keep_automatic(raw, inbound)
    else:
        first, *enclosed = _opened(raw, parsed, inbound)
        actions.receive(first, raw.mailbox, raw, enclosed)


def _why_loop(raw: RawMessage, parsed: Parsed) -> str:
    """Why a letter is one of our own coming back, or ""."""
    if parsed.auto == "loop":
        return "A loop: this letter has been here before."
    if parsed.message_id and queries.sent_message(parsed.message_id):
        return "A loop: this is a letter of our own that came back."
    if _is_from_mailbox(raw, parsed) and not _other_reply_to(raw, parsed) and not raw.corrections.get("sender"):
        return "A loop: sent from this mailbox's own address."
    return ""


def _keep_automatic(raw: RawMessage, inbound: Inbound) -> None:
    """An automatic answer is no new work and is never answered; its thread tells of it in a line."""
    found = queries.thread_for(inbound, raw.mailbox)
    reason = "An automatic answer, such as an absence notice."
    actions.ignore(raw.pk, reason, Decision.AUTO_REPLY, conversation=found.conversation if found else None)


def _is_from_mailbox(raw: RawMessage, parsed: Parsed) -> bool:
    return without_plus(parsed.sender.email) == raw.mailbox.address.lower()


def _other_reply_to(raw: RawMessage, parsed: Parsed) -> str:
    own = raw.mailbox.address.lower()
    return next((one.email for one in parsed.reply_to if one.email and without_plus(one.email) != own), "")


def inbound_of(raw: RawMessage, parsed: Parsed) -> Inbound:
    """The letter for `conversations`. A web site's form often writes from the mailbox's own address for a customer
    named in Reply-To: then that is who speaks. What a person has corrected counts before all else."""
    inbound = parsed.to_inbound(mailbox_address=raw.mailbox.address, received_at=raw.created_at)
    token = next((plus_token(one) for one in raw.envelope.get("recipients", []) if plus_token(one)), "")
    inbound = replace(inbound, reply_token=token or inbound.reply_token)
    sender, name = str(raw.corrections.get("sender", "")), str(raw.corrections.get("name", ""))
    if sender:
        return replace(inbound, from_address=sender, from_name=name, customer_name=name, reply_to=())
    if _is_from_mailbox(raw, parsed) and (customer := _other_reply_to(raw, parsed)):
        return replace(inbound, from_address=customer)
    return inbound


def _opened(raw: RawMessage, parsed: Parsed, inbound: Inbound) -> list[Inbound]:
    """The originals of a letter that somebody who works here passed on; any other letter as it is. Only log-ins count:
    a customer who forwards something writes to us about it."""
    if raw.corrections.get("sender") or colleague(parsed.sender.email) is None:
        return [inbound]
    originals = [
        one for one in originals_in(parsed) if is_email(one.sender.email) and not _is_ours(raw, one.sender.email)
    ]
    return inbound_from(parsed, inbound, originals) if originals else [inbound]


def _is_ours(raw: RawMessage, address: str) -> bool:
    return without_plus(address) == raw.mailbox.address.lower() or colleague(address) is not None
