"""What the desk says: replies, notices, notes and drafts."""

from django.db import transaction

from backstory.conversations import queries
from backstory.conversations.models import Conversation, Delivery, Draft, Message
from backstory.conversations.rules import answer_subject, snippet
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput
from backstory.kernel.ids import token
from backstory.kernel.text import storable
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.people.queries import email_of

LONGEST = 200_000


def _checked(text: str) -> str:
    cleaned = storable(text).strip()
    if not cleaned:
        raise InvalidInput("There is nothing written yet.", "text")
    if len(cleaned) > LONGEST:
        raise InvalidInput(f"That is longer than {LONGEST:,} characters.", "text")
    return cleaned


def send_reply(viewer: User, conversation_id: int, text: str) -> Message:
    """Send what an agent wrote: the message and its delivery are rows at once, a worker does the mailing."""
    conversation = queries.get_conversation(viewer, conversation_id)
    policy.require(viewer, Permission.REPLY, conversation.team_id)
    words = _checked(text)
    with transaction.atomic():
        message = _outgoing(conversation, words, Delivery.Kind.REPLY, author=viewer)
        Draft.objects.filter(conversation=conversation, user=viewer).delete()
        if conversation.assignee_id is None:
            conversation.assignee = viewer
        conversation.state = Conversation.State.WAITING
        conversation.waiting_since = None
        conversation.closed_at = None
        _spoke(conversation, message, "assignee", "state", "waiting_since", "closed_at")
        _record_sent(message, viewer)
    return message


def send_notice(
    conversation: Conversation, text: str, *, kind: str = Delivery.Kind.NOTICE, subject: str = ""
) -> Message:
    """Send what the desk itself writes (a status link, a survey). Leaves the conversation's state alone."""
    words = _checked(text)
    with transaction.atomic():
        message = _outgoing(conversation, words, kind, subject=subject)
        _spoke(conversation, message)
        _record_sent(message, None)
    return message


def _outgoing(
    conversation: Conversation, text: str, kind: str, *, author: User | None = None, subject: str = ""
) -> Message:
    last = queries.answered(conversation, only_customer=kind != Delivery.Kind.REPLY)
    address = (last.answer_address if last else "") or email_of(conversation.customer)
    if not address:
        raise InvalidInput("This customer has no e-mail address to write to.")
    before = [*last.references, last.message_id] if last else []
    mailbox = conversation.mailbox
    message = Message.objects.create(
        conversation=conversation,
        direction=Message.Direction.OUT,
        author=author,
        subject=subject or answer_subject(conversation.subject),
        sender_name=(author.name if author else mailbox.sender_name)[:200],
        sender_address=mailbox.address,
        to=[{"name": conversation.customer.name, "email": address}],
        text=text,
        signature=author.signature if author else "",
        # Made once and kept: a letter tried again after a crash is the same letter to every mail system.
        message_id=f"{token(20)}.{conversation.reply_token}@{mailbox.address.partition('@')[2]}",
        in_reply_to=last.message_id if last else "",
        references=[parent for parent in before if parent][-20:],
    )
    delivery = Delivery.objects.create(message=message, kind=kind)
    record(
        "delivery.waiting",
        conversation_id=conversation.pk,
        team_id=conversation.team_id,
        subject=("delivery", delivery.pk),
    )
    return message


def _spoke(conversation: Conversation, message: Message, *fields: str) -> None:
    conversation.snippet = snippet(message.text)
    conversation.last_message_at = message.created_at
    conversation.save(update_fields=["snippet", "last_message_at", *fields])


def _record_sent(message: Message, author: User | None) -> None:
    conversation = message.conversation
    record(
        "message.sent",
        actor=author,
        conversation_id=conversation.pk,
        team_id=conversation.team_id,
        subject=("message", message.pk),
    )


def add_note(viewer: User, conversation_id: int, text: str) -> Message:
    """Write a note that only the team sees; it can never become mail because it has no delivery."""
    conversation = queries.get_conversation(viewer, conversation_id)
    policy.require(viewer, Permission.REPLY, conversation.team_id)
    words = _checked(text)
    with transaction.atomic():
        note = Message.objects.create(
            conversation=conversation,
            direction=Message.Direction.NOTE,
            author=viewer,
            sender_name=viewer.name,
            text=words,
        )
        record(
            "note.added",
            actor=viewer,
            conversation_id=conversation.pk,
            team_id=conversation.team_id,
            subject=("message", note.pk),
        )
    return note


def save_draft(
    viewer: User, conversation_id: int, text: str | None = None, *, mode: str = "reply", dismiss: str | None = None
) -> Draft | None:
    """Keep what an agent is writing, or which finding they set aside. An emptied draft is gone.

    `mode` is reply or note: what was begun for the team alone must not come back as a letter to the customer.
    """
    conversation = queries.get_conversation(viewer, conversation_id)
    policy.require(viewer, Permission.REPLY, conversation.team_id)
    with transaction.atomic():
        # Saving and dismissing can come at the same moment from one page: the first makes the row.
        Draft.objects.get_or_create(conversation=conversation, user=viewer, defaults={"updated_at": clock.now()})
        draft = Draft.objects.select_for_update().get(conversation=conversation, user=viewer)
        if text is not None:
            draft.text, draft.mode = storable(text)[:LONGEST], "note" if mode == "note" else "reply"
        if dismiss and dismiss not in draft.dismissed:
            draft.dismissed = [*draft.dismissed, dismiss[:600]][-200:]
        if draft.text.strip() or draft.dismissed:
            draft.updated_at = clock.now()
            draft.save()
            return draft
        draft.delete()
        return None


def discard_draft(viewer: User, conversation_id: int) -> None:
    conversation = queries.get_conversation(viewer, conversation_id)
    Draft.objects.filter(conversation=conversation, user=viewer).delete()
