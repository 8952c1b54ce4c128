"""What the desk says: replies, notices and notes."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from backstory.conversations import queries, quoting
from backstory.conversations.actions.drafting import LONGEST_TEXT, drop_drafts, rows
from backstory.conversations.actions.undoing import remembered
from backstory.conversations.letters import AS_THE_THREAD_SAYS, Address, Dispatch
from backstory.conversations.models import Attachment, Conversation, Delivery, Draft, Message
from backstory.conversations.recipients import MOST, UnconfirmedRecipients, domain_of, warnings
from backstory.conversations.rules import answer_subject, snippet
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.kernel.ids import token
from backstory.kernel.text import storable
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.people.queries import email_of
from backstory.people.rules import is_email, normalise_email


def _checked(text: str) -> str:
    cleaned = storable(text).strip()
    if not cleaned:
        raise InvalidInput("There is nothing written yet.", "text")
    if len(cleaned) > LONGEST_TEXT:
        raise InvalidInput(f"That is longer than {LONGEST_TEXT:,} characters.", "text")
    return cleaned


def send_reply(viewer: User, conversation_id: int, text: str, dispatch: Dispatch = AS_THE_THREAD_SAYS) -> Message:
    """Send what an agent wrote: the message and its delivery are rows at once, a worker does the mailing.

    Raises UnconfirmedRecipients when `dispatch` has not confirmed every warning about its recipients.
    """
    conversation = queries.get_conversation(viewer, conversation_id)
    policy.require(viewer, Permission.REPLY, conversation.team_id)
    words = _checked(text)
    to, cc = _addressed(conversation, dispatch)
    quote = queries.quotes(viewer, conversation) if dispatch.quote is None else dispatch.quote
    with transaction.atomic():
        before = remembered(conversation)
        signature = queries.signature_of(viewer, conversation)
        fields = {"author": viewer, "signature": signature, "quoted": _quoted(conversation) if quote else ""}
        message = _outgoing(conversation, words, to, cc, queries.answered(conversation), **fields)
        _enclose(viewer, message, dispatch.files)
        drop_drafts(Draft.objects.filter(conversation=conversation, user=viewer))
        if conversation.assignee_id is None:
            conversation.assignee = viewer
        conversation.state = Conversation.State.WAITING
        conversation.waiting_since = None
        conversation.closed_at = None
        _spoke(conversation, message, "assignee", "state", "waiting_since", "closed_at")
        _deliver(message, Delivery.Kind.REPLY, dispatch.hold_seconds, before)
        _record_sent(message, viewer)
    return message


def _addressed(conversation: Conversation, dispatch: Dispatch) -> tuple[Sequence[Address], Sequence[Address]]:
    """To and Cc, each of them an address, every warning about them confirmed."""
    thread = queries.thread(conversation)
    to, cc = queries.reply_recipients(conversation, thread)
    to, cc = (to if dispatch.to is None else list(dispatch.to)), (cc if dispatch.cc is None else list(dispatch.cc))
    if dispatch.to is None and not to:
        raise InvalidInput("This customer has no e-mail address to write to.")
    if not to:
        raise InvalidInput("There is nobody to send it to.", "to")
    if len(to) + len(cc) > MOST:
        raise InvalidInput(f"A letter can go to {MOST} people.", "cc")
    wrong = next((one for one in (*to, *cc) if not is_email(one.email)), None)
    if wrong is not None:
        raise InvalidInput(f"“{wrong.email}” is not an e-mail address.", "to")
    if dispatch.confirmed is not None:
        found = warnings((*to, *cc), queries.known_around(conversation, thread, (*to, *cc)))
        if any(warning.key not in dispatch.confirmed for warning in found):
            raise UnconfirmedRecipients(found)
    return to, cc


def _quoted(conversation: Conversation) -> str:
    """The message answered, as the letter quotes it. Only what the customer has seen: never a note."""
    last = queries.answered(conversation)
    if last is None:
        return ""
    at = last.created_at.astimezone(ZoneInfo(settings.DESK_TIME_ZONE))
    who = last.sender_name or last.sender_address
    language = conversation.customer.language or conversation.mailbox.language
    return quoting.quoted(quoting.attribution(language, who, at), last.text)


def _enclose(viewer: User, message: Message, files: Sequence[int]) -> None:
    """Move the files of the writer's draft, those that they saw, to the message."""
    wanted = set(files)
    own = Attachment.objects.filter(draft__conversation=message.conversation_id, draft__user=viewer, pk__in=wanted)
    if own.update(draft=None, message=message) != len(wanted):
        raise Conflict("A file is not there any more. Look at the files, then send.")


def send_notice(
    conversation: Conversation, text: str, *, kind: str = Delivery.Kind.NOTICE, subject: str = "", address: str = ""
) -> Message:
    """Send what the desk itself writes (a status link, a survey). Leaves the conversation's state alone.

    `address` is for what nobody but the customer may get: a Reply-To that somebody else wrote has no say in it.
    """
    words = _checked(text)
    last = queries.answered(conversation, only_customer=True)
    address = address or (last.answer_address if last else "") or email_of(conversation.customer)
    if not address:
        raise InvalidInput("This customer has no e-mail address to write to.")
    with transaction.atomic():
        to = [Address(address, conversation.customer.name)]
        message = _outgoing(conversation, words, to, (), last, subject=subject or answer_subject(conversation.subject))
        _spoke(conversation, message)
        _deliver(message, kind)
        _record_sent(message, None)
    return message


def _outgoing(
    conversation: Conversation,
    text: str,
    to: Sequence[Address],
    cc: Sequence[Address],
    last: Message | None,
    **fields: Any,
) -> Message:
    """The message, answering `last`."""
    before = [*last.references, last.message_id] if last else []
    author, mailbox = fields.get("author"), conversation.mailbox
    return Message.objects.create(
        conversation=conversation,
        direction=Message.Direction.OUT,
        sender_name=(author.name if author else mailbox.sender_name)[:200],
        sender_address=mailbox.address,
        to=rows(to),
        cc=rows(cc),
        text=text,
        # Made once and kept: a letter tried again after a crash is the same letter to every mail system.
        message_id=f"{token(20)}.{conversation.reply_token}@{mailbox.address.partition('@')[2]}",
        in_reply_to=last.message_id if last else "",
        references=[parent for parent in before if parent][-20:],
        **{"subject": answer_subject(conversation.subject), **fields},
    )


def _deliver(message: Message, kind: str, hold_seconds: int = 0, before: dict[str, Any] | None = None) -> None:
    """Queue the letter: to be sent at once, or when the time to take it back has passed."""
    held = hold_seconds > 0
    delivery = Delivery.objects.create(
        message=message,
        kind=kind,
        state=Delivery.State.HELD if held else Delivery.State.WAITING,
        next_attempt_at=clock.ahead(seconds=hold_seconds) if held else None,
        domain=domain_of(normalise_email(message.to[0]["email"])),
        before=before if held and before else {},
    )
    record(
        "delivery.held" if held else "delivery.waiting",
        conversation_id=message.conversation_id,
        team_id=message.conversation.team_id,
        subject=("delivery", delivery.pk),
    )


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


def add_note(viewer: User, conversation_id: int, text: str, files: Sequence[int] = ()) -> Message:
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
        _enclose(viewer, note, files)
        record(
            "note.added",
            actor=viewer,
            conversation_id=conversation.pk,
            team_id=conversation.team_id,
            subject=("message", note.pk),
        )
    return note
