"""Splitting and merging conversations with everything that hangs on their messages: readings, promises, a complaint."""

from django.db import transaction

from backstory.cases.models import Complaint, Promise, QuestionAsked, Reading, Retelling
from backstory.conversations import actions as conversations
from backstory.conversations.models import ThreadMove
from backstory.kernel.errors import Conflict
from backstory.people.models import User


@transaction.atomic
def split_message(viewer: User, message_id: int, *, following: bool = False) -> ThreadMove:
    """Give a message a conversation of its own; readings and promises go with their messages, a complaint stays."""
    move = conversations.split(viewer, message_id, following=following)
    _follow(move.message_ids, move.target_id)
    return move


@transaction.atomic
def merge_conversations(viewer: User, source_id: int, target_id: int) -> ThreadMove:
    """Make one conversation of two of the same customer, with the complaint that one of them may be.

    Raises Conflict where both are complaints: each has a number and clocks of its own.
    """
    move = conversations.merge(viewer, source_id, target_id)
    complaints = list(Complaint.objects.select_for_update().filter(conversation_id__in=[source_id, target_id]))
    if len(complaints) > 1:
        numbers = " and ".join(sorted(one.number for one in complaints))
        raise Conflict(f"Both are complaints ({numbers}): each keeps its own number, clock and answer.")
    _follow(move.message_ids, move.target_id)
    for complaint in complaints:
        if complaint.conversation_id == move.source_id:
            _carry_complaint(complaint, move.target_id)
            move.before = {**move.before, "complaint": complaint.pk}
            move.save(update_fields=["before"])
    return move


@transaction.atomic
def undo_move(viewer: User, move_id: int) -> ThreadMove:
    """Take a split or a merge back, with everything that went along."""
    move = conversations.undo_move(viewer, move_id)
    _follow(move.message_ids, move.source_id)
    complaint = Complaint.objects.filter(pk=move.before.get("complaint"), conversation_id=move.target_id).first()
    if complaint:
        _carry_complaint(complaint, move.source_id)
    return move


def _follow(message_ids: list[int], conversation_id: int) -> None:
    for model in (Reading, Promise, QuestionAsked, Retelling):
        model._default_manager.filter(message_id__in=message_ids).update(conversation_id=conversation_id)


def _carry_complaint(complaint: Complaint, conversation_id: int) -> None:
    complaint.conversation_id = conversation_id
    complaint.save(update_fields=["conversation_id"])
