"""Who has a conversation and where it stands. A viewer of None is the desk itself."""

from typing import Any

from django.db import transaction

from backstory.conversations import queries
from backstory.conversations.models import Conversation, Message
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput
from backstory.live.actions import Actor, record
from backstory.people import policy
from backstory.people.models import Team, User
from backstory.people.policy import Permission


def _changed(kind: str, actor: Actor | None, conversation: Conversation, **data: Any) -> None:
    record(
        kind,
        actor=actor,
        conversation_id=conversation.pk,
        team_id=conversation.team_id,
        subject=("conversation", conversation.pk),
        **data,
    )


def _handled(viewer: User | None, conversation_id: int) -> Conversation:
    """The conversation, locked for a change the viewer may make."""
    if viewer is not None:
        seen = queries.get_conversation(viewer, conversation_id)
        policy.require(viewer, Permission.REPLY, seen.team_id)
        conversation_id = seen.pk  # it may have been merged into another one
    return Conversation.objects.select_for_update().get(pk=conversation_id)


@transaction.atomic
def assign(viewer: User, conversation_id: int, user_id: int | None) -> Conversation:
    """Give a conversation to a colleague of its team, or to nobody."""
    conversation = _handled(viewer, conversation_id)
    user = None
    if user_id is not None:
        user = User.objects.filter(pk=user_id, is_active=True, memberships__team_id=conversation.team_id).first()
        if user is None:
            raise InvalidInput("Only somebody of this conversation's team can take it.", "assignee")
    if conversation.assignee_id != user_id:
        conversation.assignee = user
        conversation.save(update_fields=["assignee"])
        _changed("conversation.assigned", viewer, conversation, to=user.name if user else "nobody")
    return conversation


@transaction.atomic
def close(viewer: User | None, conversation_id: int) -> Conversation:
    """Nothing more is due to the customer; closing what is closed changes nothing."""
    conversation = _handled(viewer, conversation_id)
    if conversation.state != Conversation.State.CLOSED:
        conversation.state = Conversation.State.CLOSED
        conversation.closed_at, conversation.waiting_since = clock.now(), None
        conversation.save(update_fields=["state", "closed_at", "waiting_since"])
        _changed("conversation.closed", viewer, conversation)
    return conversation


@transaction.atomic
def reopen(viewer: User | None, conversation_id: int) -> Conversation:
    """The matter is not over after all; reopening what is open changes nothing."""
    conversation = _handled(viewer, conversation_id)
    if conversation.state == Conversation.State.CLOSED:
        conversation.state = Conversation.State.OPEN
        conversation.closed_at, conversation.waiting_since = None, clock.now()
        conversation.save(update_fields=["state", "closed_at", "waiting_since"])
        _changed("conversation.reopened", viewer, conversation)
    return conversation


@transaction.atomic
def raise_conversation(conversation_id: int) -> Conversation:
    """Something needs somebody here: open again, waiting for an answer, at the top of the queue."""
    conversation = _handled(None, conversation_id)
    moment = clock.now()
    conversation.state, conversation.closed_at = Conversation.State.OPEN, None
    conversation.waiting_since = conversation.waiting_since or moment
    conversation.last_message_at = max(conversation.last_message_at, moment)  # what the queue is ordered by
    conversation.save(update_fields=["state", "closed_at", "waiting_since", "last_message_at"])
    _changed("conversation.raised", None, conversation)
    return conversation


@transaction.atomic
def set_aside(viewer: User | None, conversation_id: int) -> Conversation:
    """No answer is due for now; whoever writes next brings it back."""
    conversation = _handled(viewer, conversation_id)
    if conversation.state == Conversation.State.OPEN:
        conversation.state, conversation.waiting_since = Conversation.State.WAITING, None
        conversation.save(update_fields=["state", "waiting_since"])
        _changed("conversation.set_aside", viewer, conversation)
    return conversation


@transaction.atomic
def take_up(conversation_id: int) -> Conversation:
    """What was set aside waits for us again, if the customer spoke last."""
    conversation = _handled(None, conversation_id)
    last = conversation.messages.exclude(direction=Message.Direction.NOTE).last()
    owed = last is not None and last.direction == Message.Direction.IN
    if conversation.state == Conversation.State.WAITING and owed:
        conversation.state, conversation.waiting_since = Conversation.State.OPEN, clock.now()
        conversation.save(update_fields=["state", "waiting_since"])
        _changed("conversation.taken_up", None, conversation)
    return conversation


@transaction.atomic
def set_team(viewer: User, conversation_id: int, team_id: int) -> Conversation:
    """Hand a conversation to another team; whoever had it gives it up with that."""
    conversation = _handled(viewer, conversation_id)
    team = Team.objects.filter(pk=team_id).first()
    if team is None:
        raise InvalidInput("There is no such team.", "team")
    if conversation.team_id != team.pk:
        conversation.team, conversation.assignee = team, None
        conversation.save(update_fields=["team", "assignee"])
        _changed("conversation.moved", viewer, conversation, to=team.name)
    return conversation
