"""Moving messages between conversations: split off, merge, keep where it is, and taking each of these back.

Whoever has more to move along (readings, promises, a complaint) calls these inside a transaction of their own: see
`cases.actions`.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from backstory.conversations import queries
from backstory.conversations.models import Conversation, Draft, Message, Participant, RawMessage, ThreadMove
from backstory.conversations.rules import snippet
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotFound
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.actions import customer_for
from backstory.people.models import Identity, User
from backstory.people.policy import Permission
from backstory.people.rules import normalise_email

State, Direction = Conversation.State, Message.Direction
STANDING = ("state", "snippet", "last_message_at", "waiting_since", "closed_at")
"""What a conversation shows of its messages, and so changes when they move."""


@transaction.atomic
def split(viewer: User, message_id: int, *, following: bool = False) -> ThreadMove:
    """Give a message received, with all `following` ones if wanted, a conversation of its own.

    It belongs to whoever wrote that message. Raises Conflict where nothing would stay behind.
    """
    seen = queries.get_message(viewer, message_id)
    source = _lock(viewer, seen.conversation_id)[0]
    message = Message.objects.get(pk=message_id, conversation=source)
    if message.direction != Direction.IN:
        raise InvalidInput("Only a message that was received can begin a conversation.")
    later = source.messages.filter(created_at__gt=message.created_at) | source.messages.filter(
        created_at=message.created_at, pk__gte=message.pk
    )
    moved = list(later.order_by("created_at", "id")) if following else [message]
    if not source.messages.filter(direction=Direction.IN).exclude(pk__in=[each.pk for each in moved]).exists():
        raise Conflict("Nothing that was received would stay behind: it is its own conversation already.")
    target = _begin_with(message, source)
    if message.doubt:
        message.doubt_answer = "split"
        message.save(update_fields=["doubt_answer"])
    move = _move(ThreadMove.Kind.SPLIT, viewer, source, target, moved)
    _tell("conversation.split", viewer, source, to=target.pk)
    _tell("conversation.split_off", viewer, target, of=source.pk)
    return move


def _begin_with(message: Message, source: Conversation) -> Conversation:
    known = source.customer.identities.filter(value=normalise_email(message.sender_address)).exists()
    customer = source.customer
    if not known and message.sender_address:
        customer = customer_for(Identity.Kind.EMAIL, message.sender_address, message.sender_name)
    return Conversation.objects.create(
        customer=customer,
        mailbox=source.mailbox,
        team=source.team,
        assignee=source.assignee,
        subject=message.subject or source.subject,
        channel=source.channel,
        last_message_at=message.created_at,
    )


@transaction.atomic
def merge(viewer: User, source_id: int, target_id: int) -> ThreadMove:
    """Make one conversation of two of the same customer; who opens the one that is gone is led to the other."""
    source, target = _lock(viewer, source_id, target_id)
    if source.pk == target.pk:
        raise InvalidInput("That is the same conversation.")
    if source.customer_id != target.customer_id:
        raise Conflict("They are of different customers: what one wrote is not for the other to read.")
    move = _move(ThreadMove.Kind.MERGE, viewer, source, target, list(source.messages.all()))
    source.merged_into, source.state, source.waiting_since = target, State.CLOSED, None
    source.save(update_fields=["merged_into", "state", "waiting_since"])
    _keep_drafts(source, target)
    _tell("conversation.merged_away", viewer, source, to=target.pk)
    _tell("conversation.merged", viewer, target, of=source.pk)
    return move


def _keep_drafts(source: Conversation, target: Conversation) -> None:
    """Whoever was writing in the conversation that is gone goes on in the other, unless they write there already."""
    writing = Draft.objects.filter(conversation=target).values("user_id")
    Draft.objects.filter(conversation=source).exclude(user_id__in=writing).update(conversation=target)


@transaction.atomic
def undo_move(viewer: User, move_id: int) -> ThreadMove:
    """Take a split or a merge back. Raises Conflict where the messages have moved on since."""
    move = ThreadMove.objects.filter(pk=move_id, undone_at=None).first()
    if move is None:
        raise NotFound("There is nothing to take back.")
    source, target = _lock(viewer, move.source_id, move.target_id, also_merged=True)
    moved = list(Message.objects.filter(pk__in=move.message_ids, conversation=target))
    if len(moved) != len(move.message_ids):
        raise Conflict("The messages have moved on since: take that back first.")
    if move.kind == ThreadMove.Kind.SPLIT and target.messages.exclude(pk__in=move.message_ids).exists():
        raise Conflict("More was said in it since: merge the two instead.")
    _carry(moved, source)
    _restore(move, source, target)
    move.undone_at = clock.now()
    move.save(update_fields=["undone_at"])
    _tell("conversation.move_undone", viewer, source, what=move.kind)
    _tell("conversation.move_undone", viewer, target, what=move.kind)
    return move


def _restore(move: ThreadMove, source: Conversation, target: Conversation) -> None:
    if move.kind == ThreadMove.Kind.MERGE:
        source.merged_into, source.state = None, str(move.before.get("state", State.OPEN))
        source.save(update_fields=["merged_into", "state"])
        _close_again(move, target)
        refresh(target)
    else:
        Message.objects.filter(pk__in=move.message_ids, doubt_answer="split").update(doubt_answer="")
        target.merged_into, target.state, target.waiting_since = source, State.CLOSED, None
        target.save(update_fields=["merged_into", "state", "waiting_since"])
    refresh(source)


def _close_again(move: ThreadMove, target: Conversation) -> None:
    """A conversation that the merge opened is closed again, unless somebody has written since."""
    was_closed = move.before.get("target_state") == State.CLOSED
    wrote = target.messages.filter(created_at__gt=move.created_at).exclude(direction=Direction.NOTE).exists()
    if was_closed and not wrote and target.state != State.CLOSED:
        target.state = State.CLOSED
        target.closed_at = datetime.fromisoformat(str(move.before["target_closed_at"]))


@transaction.atomic
def keep_message(viewer: User, message_id: int) -> Message:
    """A person says that a doubtful message belongs where it is."""
    return _answer_doubt(viewer, message_id, "kept")


@transaction.atomic
def doubt_message_again(viewer: User, message_id: int) -> Message:
    """Take back that a doubtful message belongs where it is."""
    return _answer_doubt(viewer, message_id, "")


def _answer_doubt(viewer: User, message_id: int, answer: str) -> Message:
    seen = queries.get_message(viewer, message_id)
    policy.require(viewer, Permission.MOVE_MESSAGES, seen.conversation.team_id)
    message = Message.objects.select_for_update().get(pk=message_id)
    if not message.doubt or message.doubt_answer == "split":
        raise Conflict("There is no doubt about this message.")
    if message.doubt_answer != answer:
        message.doubt_answer = answer
        message.save(update_fields=["doubt_answer"])
        kind = "conversation.message_kept" if answer else "conversation.message_doubted"
        _tell(kind, viewer, seen.conversation)
    return message


def _lock(viewer: User, *ids: int, also_merged: bool = False) -> list[Conversation]:
    """The conversations, held in one order for everybody, if the viewer may move messages in each of them."""
    around = Conversation.objects.select_related("mailbox", "team", "customer", "assignee")
    rows = around.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    held = {row.pk: row for row in rows}
    for pk in ids:
        conversation = held.get(pk)
        if conversation is None or not policy.can(viewer, Permission.VIEW_CONVERSATIONS, conversation.team_id):
            raise NotFound("There is no such conversation.")
        if conversation.merged_into_id and not also_merged:
            raise Conflict("That conversation was merged into another one already.")
        policy.require(viewer, Permission.MOVE_MESSAGES, conversation.team_id)
    return [held[pk] for pk in ids]


def _move(kind: str, viewer: User, source: Conversation, target: Conversation, messages: list[Message]) -> ThreadMove:
    move = ThreadMove.objects.create(
        kind=kind,
        source=source,
        target=target,
        message_ids=[message.pk for message in messages],
        before={
            "state": source.state,
            "target_state": target.state,
            "target_closed_at": target.closed_at.isoformat() if target.closed_at else "",
        },
        user=viewer,
    )
    _carry(messages, target)
    if kind == ThreadMove.Kind.MERGE and State.OPEN in (source.state, target.state):
        target.state, target.closed_at = State.OPEN, None
    for conversation in (source, target):
        refresh(conversation)
    return move


def _carry(messages: list[Message], target: Conversation) -> None:
    """Put messages, the originals they came as and their senders into another conversation."""
    ids = [message.pk for message in messages]
    left = {message.conversation_id for message in messages}
    Message.objects.filter(pk__in=ids).update(conversation=target)
    RawMessage.objects.filter(message__in=ids).update(conversation=target)
    for message in messages:
        address = normalise_email(message.sender_address)
        if message.direction == Direction.IN and (kind := queries.part_of(target, address)):
            known = {"name": message.sender_name, "kind": kind}
            Participant.objects.get_or_create(conversation=target, address=address, defaults=known)
    for person in Participant.objects.filter(conversation_id__in=left):
        if not Message.objects.filter(conversation=person.conversation_id, sender_address__iexact=person.address):
            person.delete()


def refresh(conversation: Conversation) -> None:
    """Set what a conversation shows of its messages by those that it has now."""
    letters = conversation.messages.exclude(direction=Direction.NOTE)
    said = list(letters.defer("html", "quoted").order_by("created_at", "id"))
    if said:
        last = said[-1]
        conversation.last_message_at = last.created_at
        conversation.snippet = snippet(last.text) or snippet(last.subject)
    if conversation.state == State.CLOSED:
        conversation.waiting_since = None
    else:
        conversation.waiting_since = _unanswered_since(said)
        conversation.state = State.OPEN if conversation.waiting_since else State.WAITING
    conversation.save(update_fields=STANDING)


def _unanswered_since(said: list[Message]) -> datetime | None:
    """When the oldest message came that no letter of ours followed, or None."""
    oldest = None
    for message in reversed(said):
        if message.direction == Direction.OUT:
            break
        oldest = message.created_at
    return oldest


def _tell(kind: str, viewer: User, conversation: Conversation, **data: Any) -> None:
    record(
        kind,
        actor=viewer,
        conversation_id=conversation.pk,
        team_id=conversation.team_id,
        subject=("conversation", conversation.pk),
        **data,
    )
