"""Taking a letter back while it is held: the message goes, the draft and the conversation are as they were."""

from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from backstory.conversations import queries
from backstory.conversations.actions.drafting import locked_draft
from backstory.conversations.models import Attachment, Conversation, Delivery, Draft, Message
from backstory.conversations.rules import snippet
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, NotAllowed
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission


def remembered(conversation: Conversation) -> dict[str, Any]:
    """What sending a reply changes of a conversation, as it is before."""
    return {
        "state": conversation.state,
        "assignee": conversation.assignee_id,
        "waiting_since": conversation.waiting_since.isoformat() if conversation.waiting_since else None,
        "closed_at": conversation.closed_at.isoformat() if conversation.closed_at else None,
    }


def undo_send(viewer: User, delivery_id: int) -> Draft:
    """Take one's own letter back while it is held; returns the draft that it is again.

    Raises Conflict when a worker has it already: the claim and this are one compare-and-set on the same row.
    """
    seen = queries.get_delivery(viewer, delivery_id)
    policy.require(viewer, Permission.REPLY, seen.message.conversation.team_id)
    if seen.message.author_id != viewer.pk:
        raise NotAllowed("Only whoever wrote a letter can take it back.")
    with transaction.atomic():
        if not Delivery.objects.filter(pk=delivery_id, state=Delivery.State.HELD).update(next_attempt_at=None):
            raise Conflict("Too late: the letter is on its way.")
        delivery = Delivery.objects.get(pk=delivery_id)
        message = Message.objects.get(pk=delivery.message_id)
        draft = _back_to_draft(viewer, message)
        message.delete()
        _restore(viewer, message.conversation_id, delivery.before)
        record(
            "message.taken_back",
            actor=viewer,
            conversation_id=message.conversation_id,
            team_id=seen.message.conversation.team_id,
            subject=("conversation", message.conversation_id),
        )
    return draft


def _back_to_draft(viewer: User, message: Message) -> Draft:
    """What was sent is a draft again. What has been begun since stands below it; was that a note, then all of it is
    one now: no words meant for the team may stand in a reply unasked."""
    draft = locked_draft(viewer, message.conversation_id)
    draft.text = f"{message.text}\n\n{draft.text}".strip() if draft.text.strip() else message.text
    draft.to, draft.cc, draft.quote = message.to, message.cc, bool(message.quoted)
    draft.updated_at = clock.now()
    draft.save()
    Attachment.objects.filter(message=message).update(message=None, draft=draft)
    return draft


def _restore(viewer: User, conversation_id: int, before: dict[str, Any]) -> None:
    """The conversation as it was, unless the customer has written since: then it is open anyway."""
    conversation = Conversation.objects.select_for_update().get(pk=conversation_id)
    if conversation.state != Conversation.State.OPEN:
        conversation.state = before.get("state", Conversation.State.OPEN)
        conversation.closed_at = _moment(before.get("closed_at"))
    waiting = [moment for moment in (_moment(before.get("waiting_since")), conversation.waiting_since) if moment]
    conversation.waiting_since = min(waiting, default=None)
    if before.get("assignee") is None and conversation.assignee_id == viewer.pk:
        conversation.assignee = None
    last = conversation.messages.exclude(direction=Message.Direction.NOTE).last()
    if last is not None:
        conversation.snippet, conversation.last_message_at = snippet(last.text or last.subject), last.created_at
    conversation.save()


def _moment(text: str | None) -> Any:
    return parse_datetime(text) if text else None
