"""From an understood letter to a message in a thread."""

from collections.abc import Sequence

from django.db import transaction

from backstory.conversations import belonging, queries
from backstory.conversations.actions.originals import Verdict, describe, settle, store_raw
from backstory.conversations.letters import Address, Inbound, InboundAttachment
from backstory.conversations.models import Attachment, Conversation, Mailbox, Message, Participant, RawMessage
from backstory.conversations.queries import Found
from backstory.conversations.rules import snippet
from backstory.kernel import clock, files
from backstory.kernel.errors import InvalidInput
from backstory.live.actions import record
from backstory.people.actions import clear_undeliverable, customer_for
from backstory.people.models import Customer
from backstory.people.queries import colleague
from backstory.people.rules import is_email, normalise_email

State, Decision = RawMessage.State, RawMessage.Decision
Stored = list[tuple[InboundAttachment, str, str]]
"""Files that came along, each with where it is stored and its SHA-256."""
JOINED_BY = {
    "reply-address": "Joined its conversation by the reply address.",
    "reference": "Joined its conversation by the letter it answers.",
    "subject": "Joined a conversation by subject and sender.",
}


def receive(inbound: Inbound, mailbox: Mailbox, raw: RawMessage, enclosed: Sequence[Inbound] = ()) -> Message | None:
    """Put an understood message into its thread or a new one; None when it repeats one we have.

    `enclosed` are further letters that came inside this one, to be received after it, all or none: each becomes an
    original of its own. Idempotent by `raw`. Raises InvalidInput when no sender can be made out: quarantine it then.
    """
    if not is_email(inbound.from_address) and inbound.identity_kind == "email":
        raise InvalidInput("No sender address can be made out, so nobody could be answered.", "no-sender")
    stored = [(item, *files.put("files", item.data)) for item in inbound.attachments]
    with transaction.atomic():
        raw = RawMessage.objects.select_for_update().get(pk=raw.pk)
        if raw.state == State.ACCEPTED:
            return Message.objects.filter(raw=raw).first()
        message = None
        repeated = queries.repeated(inbound, mailbox)
        if repeated is None:
            message = _file(inbound, mailbox, raw, stored)
        else:
            _repeats(inbound, repeated, raw)
        for letter in enclosed:
            _receive_enclosed(letter, mailbox, raw)
        return message


def _receive_enclosed(letter: Inbound, mailbox: Mailbox, outer: RawMessage) -> None:
    """A letter that came inside another one; nothing where its bytes came before."""
    assert letter.forward is not None
    origin = {"protocol": "enclosed", "enclosed_in": outer.pk}
    raw, _ = store_raw(letter.channel, mailbox, letter.forward.source, origin)
    if raw.state == State.RECEIVED:
        describe(raw.pk, letter)
        receive(letter, mailbox, raw)


def _repeats(inbound: Inbound, message: Message, raw: RawMessage) -> None:
    """The same letter again; what a colleague wrote when passing it on is news all the same."""
    conversation = message.conversation
    reason = f"Repeats message {message.pk}, already in its thread."
    if inbound.forward and inbound.forward.words:
        _add_forwarders_note(inbound, conversation)
    settle(raw, Verdict(State.IGNORED, Decision.DUPLICATE, reason, conversation=conversation))


def _file(inbound: Inbound, mailbox: Mailbox, raw: RawMessage, stored: Stored) -> Message:
    found = queries.thread_for(inbound, mailbox)
    if found is not None and not inbound.forward and _is_colleague(inbound, found.conversation):
        return _file_note(inbound, found, raw, stored)
    sender = customer_for(inbound.identity_kind, inbound.from_address, inbound.customer_name or inbound.from_name)
    conversation = found.conversation if found else _begin(inbound, mailbox, sender)
    part = queries.part_of(conversation, inbound.from_address) if found else ""
    message = _add_message(inbound, conversation, raw, Message.Direction.IN, found.doubt if found else "")
    _add_files(message, stored)
    if part:
        _took_part(conversation, inbound, part)
    if inbound.forward:
        _add_forwarders_note(inbound, conversation)
    elif clear_undeliverable(inbound.from_address):
        _tell("address.cleared", conversation, sender)
    _customer_spoke(conversation, message, sender)
    settle(raw, _verdict(inbound, conversation, found))
    record(
        "message.received",
        actor=sender,
        conversation_id=conversation.pk,
        team_id=conversation.team_id,
        subject=("message", message.pk),
        channel=inbound.channel,
        began=found is None,
    )
    return message


def _verdict(inbound: Inbound, conversation: Conversation, found: Found | None) -> Verdict:
    basis = found.basis if found else ""
    if inbound.forward:
        words = "The original of a letter that a colleague passed on."
        sure = min(inbound.forward.confidence, found.confidence if found else belonging.CERTAIN)
        return Verdict(State.ACCEPTED, Decision.FORWARDED, words, basis, sure, conversation)
    if found is None:
        return Verdict(State.ACCEPTED, Decision.NEW, "Began a conversation.", conversation=conversation)
    return Verdict(State.ACCEPTED, Decision.JOINED, JOINED_BY[basis], basis, found.confidence, conversation)


def _is_colleague(inbound: Inbound, conversation: Conversation) -> bool:
    """Whether somebody who works here writes into somebody else's thread."""
    value = normalise_email(inbound.from_address)
    return colleague(value) is not None and not conversation.customer.identities.filter(value=value).exists()


def _file_note(inbound: Inbound, found: Found, raw: RawMessage, stored: Stored) -> Message:
    """What somebody who works here writes into a thread is for the team: a note, whose author is only claimed."""
    conversation = found.conversation
    note = _add_message(inbound, conversation, raw, Message.Direction.NOTE)
    _add_files(note, stored)
    _took_part(conversation, inbound, Participant.Kind.COLLEAGUE)
    words = "A colleague's letter into a thread: kept as an internal note."
    settle(raw, Verdict(State.ACCEPTED, Decision.NOTE, words, found.basis, found.confidence, conversation))
    _tell("note.added", conversation, None, ("message", note.pk))
    return note


def _add_forwarders_note(inbound: Inbound, conversation: Conversation) -> None:
    """The words with which a colleague passed a letter on, for the team alone; who wrote them is only claimed."""
    forward = inbound.forward
    if forward is None:
        return
    _took_part(conversation, inbound, Participant.Kind.COLLEAGUE, forward.by)
    if not forward.words.strip():
        return
    note = Message.objects.create(
        conversation=conversation,
        direction=Message.Direction.NOTE,
        sender_name=forward.by.name[:200],
        sender_address=forward.by.email[:320],
        text=forward.words,
        message_id=forward.message_id[:500],
    )
    _tell("note.added", conversation, None, ("message", note.pk))


def _took_part(conversation: Conversation, inbound: Inbound, kind: str, who: Address | None = None) -> None:
    """Remember somebody beside the customer; they get none of the customer's rights by it."""
    address = normalise_email(who.email if who else inbound.from_address)[:320]
    name = (who.name if who else inbound.from_name)[:200]
    Participant.objects.get_or_create(conversation=conversation, address=address, defaults={"name": name, "kind": kind})


def _add_files(message: Message, stored: Stored) -> None:
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


def _begin(inbound: Inbound, mailbox: Mailbox, customer: Customer) -> Conversation:
    return Conversation.objects.create(
        customer=customer,
        mailbox=mailbox,
        team_id=mailbox.team_id,
        subject=" ".join(inbound.subject.split())[:500],
        channel=inbound.channel,
        place=queries.place_by_code(inbound.place),
        last_message_at=clock.now(),
    )


def _people(addresses: tuple[Address, ...]) -> list[dict[str, str]]:
    return [{"name": person.name, "email": person.email} for person in addresses[:100]]


def _add_message(
    inbound: Inbound, conversation: Conversation, raw: RawMessage, direction: str, doubt: str = ""
) -> Message:
    return Message.objects.create(
        conversation=conversation,
        direction=direction,
        doubt=doubt,
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
        _tell("conversation.reopened", conversation, sender, ("conversation", conversation.pk))


def _tell(
    kind: str, conversation: Conversation, actor: Customer | None, subject: tuple[str, int] | None = None
) -> None:
    record(kind, actor=actor, conversation_id=conversation.pk, team_id=conversation.team_id, subject=subject)
