"""From bytes at the door to a message in a thread."""

from typing import Any

from django.db import IntegrityError, transaction

from backstory.conversations import queries
from backstory.conversations.letters import Address, Inbound, InboundAttachment
from backstory.conversations.models import Attachment, Conversation, Mailbox, Message, RawMessage
from backstory.conversations.rules import snippet
from backstory.kernel import clock, files
from backstory.kernel.errors import InvalidInput
from backstory.live.actions import record
from backstory.people.actions import customer_for
from backstory.people.models import Customer, User
from backstory.people.rules import is_email


def store_raw(
    channel: str, mailbox: Mailbox, data: bytes, envelope: dict[str, Any] | None = None
) -> tuple[RawMessage, bool]:
    """Keep the bytes on disk and a row for them before anything else. Returns (row, whether it is new).

    The same bytes to the same mailbox are one row, however often and from however many processes they come.
    """
    path, sha256 = files.put("raw", data)
    same = {"mailbox": mailbox, "channel": channel, "sha256": sha256}
    try:
        with transaction.atomic():
            known = RawMessage.objects.filter(**same).first()
            if known:
                return known, False
            raw = RawMessage.objects.create(**same, size=len(data), path=path, envelope=envelope or {})
            record("raw.stored", team_id=mailbox.team_id, subject=("raw", raw.pk), channel=channel)
            return raw, True
    except IntegrityError:
        return RawMessage.objects.get(**same), False


def receive(inbound: Inbound, mailbox: Mailbox, raw: RawMessage) -> Message | None:
    """Put an understood message into its thread or a new one; None when it repeats one we have.

    Idempotent by `raw`. Raises InvalidInput when no sender can be made out: quarantine it then.
    """
    if not is_email(inbound.from_address) and inbound.identity_kind == "email":
        raise InvalidInput("No sender address can be made out, so nobody could be answered.")
    stored = [(item, *files.put("files", item.data)) for item in inbound.attachments]
    with transaction.atomic():
        raw = RawMessage.objects.select_for_update().get(pk=raw.pk)
        if raw.state == RawMessage.State.ACCEPTED:
            return Message.objects.filter(raw=raw).first()
        repeated = queries.repeated(inbound, mailbox)
        if repeated:
            _settle(raw, RawMessage.State.IGNORED, f"Repeats message {repeated.pk}, already in its thread.")
            return None
        return _file(inbound, mailbox, raw, stored)


def _file(
    inbound: Inbound, mailbox: Mailbox, raw: RawMessage, stored: list[tuple[InboundAttachment, str, str]]
) -> Message:
    conversation = queries.thread_for(inbound, mailbox)
    sender = customer_for(inbound.identity_kind, inbound.from_address, inbound.customer_name or inbound.from_name)
    begun = conversation is None
    conversation = conversation or _begin(inbound, mailbox, sender)
    message = _add_message(inbound, conversation, raw)
    for item, path, sha256 in stored:
        Attachment.objects.create(
            message=message,
            name=item.name[:255],
            content_type=item.content_type[:150],
            size=len(item.data),
            sha256=sha256,
            path=path,
            cid=item.cid[:255],
            inline=item.inline,
        )
    _customer_spoke(conversation, message, sender)
    _settle(raw, RawMessage.State.ACCEPTED, "Began a conversation." if begun else "Joined its conversation.")
    record(
        "message.received",
        actor=sender,
        conversation_id=conversation.pk,
        team_id=conversation.team_id,
        subject=("message", message.pk),
        channel=inbound.channel,
        began=begun,
    )
    return message


def _begin(inbound: Inbound, mailbox: Mailbox, customer: Customer) -> Conversation:
    return Conversation.objects.create(
        customer=customer,
        mailbox=mailbox,
        team_id=mailbox.team_id,
        subject=" ".join(inbound.subject.split())[:500],
        channel=inbound.channel,
        last_message_at=clock.now(),
    )


def _people(addresses: tuple[Address, ...]) -> list[dict[str, str]]:
    return [{"name": person.name, "email": person.email} for person in addresses[:100]]


def _add_message(inbound: Inbound, conversation: Conversation, raw: RawMessage) -> Message:
    return Message.objects.create(
        conversation=conversation,
        direction=Message.Direction.IN,
        raw=raw,
        subject=" ".join(inbound.subject.split())[:500],
        sender_name=inbound.from_name[:200],
        sender_address=inbound.from_address[:320],
        answer_address=inbound.answer_address[:320],
        to=_people(inbound.to),
        cc=_people(inbound.cc),
        text=inbound.text,
        html=inbound.html,
        quoted=inbound.quoted,
        signature=inbound.signature,
        message_id=inbound.message_id[:500],
        in_reply_to=inbound.in_reply_to[:500],
        references=list(inbound.references)[:100],
        sent_at=inbound.sent_at,
        problems=list(inbound.problems),
    )


def _customer_spoke(conversation: Conversation, message: Message, sender: Customer) -> None:
    reopened = conversation.state == Conversation.State.CLOSED
    conversation.state = Conversation.State.OPEN
    conversation.closed_at = None
    conversation.snippet = snippet(message.text) or snippet(message.subject)
    conversation.last_message_at = message.created_at
    conversation.waiting_since = conversation.waiting_since or message.created_at
    conversation.save(update_fields=["state", "closed_at", "snippet", "last_message_at", "waiting_since"])
    if reopened:
        record(
            "conversation.reopened",
            actor=sender,
            conversation_id=conversation.pk,
            team_id=conversation.team_id,
            subject=("conversation", conversation.pk),
        )


def _settle(raw: RawMessage, state: str, reason: str) -> None:
    raw.state, raw.reason, raw.next_attempt_at = state, reason[:2000], None
    raw.save(update_fields=["state", "reason", "next_attempt_at"])


@transaction.atomic
def quarantine(raw_id: int, reason: str) -> None:
    """Set an original aside where an administrator sees it, with the reason. The bytes stay."""
    raw = RawMessage.objects.select_for_update().select_related("mailbox").get(pk=raw_id)
    if raw.state != RawMessage.State.RECEIVED:
        return
    _settle(raw, RawMessage.State.QUARANTINED, reason)
    record("raw.quarantined", team_id=raw.mailbox.team_id, subject=("raw", raw.pk), reason=reason[:300])


@transaction.atomic
def ignore(raw_id: int, reason: str) -> None:
    """Keep an original without a conversation: an automatic answer, our own letter come back, a bounce."""
    raw = RawMessage.objects.select_for_update().select_related("mailbox").get(pk=raw_id)
    if raw.state != RawMessage.State.RECEIVED:
        return
    _settle(raw, RawMessage.State.IGNORED, reason)
    record("raw.ignored", team_id=raw.mailbox.team_id, subject=("raw", raw.pk), reason=reason[:300])


@transaction.atomic
def postpone(raw_id: int, reason: str, minutes: int) -> None:
    """Try to understand an original again later; the attempt is counted."""
    raw = RawMessage.objects.select_for_update().get(pk=raw_id)
    raw.attempts += 1
    raw.reason, raw.next_attempt_at = reason[:2000], clock.ahead(minutes=minutes)
    raw.save(update_fields=["attempts", "reason", "next_attempt_at"])


@transaction.atomic
def retry_raw(viewer: User, raw_id: int) -> RawMessage:
    """An administrator sends an original through the door again."""
    raw = queries.quarantined(viewer).select_for_update(of=("self",)).filter(pk=raw_id).first()
    if raw is None:
        raise InvalidInput("That original is not in the quarantine.")
    raw.attempts = 0
    _settle(raw, RawMessage.State.RECEIVED, "")
    record("raw.stored", actor=viewer, team_id=raw.mailbox.team_id, subject=("raw", raw.pk), again=True)
    return raw
