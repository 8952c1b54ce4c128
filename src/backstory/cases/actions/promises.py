"""The promise ledger: found in what we sent, accepted by a person, then kept or broken."""

from datetime import datetime
from typing import Any

from django.db import transaction

from backstory.cases import queries, rules
from backstory.cases.actions.common import tell_of_promise
from backstory.cases.models import Promise, PromiseSearch
from backstory.conversations.actions import raise_conversation
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.language import promises as language
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.people.queries import colleagues

OURS = frozenset({"agent", "company"})
LONGEST_QUOTE = 500
LONGEST_EVIDENCE = 500


def suggest_promises(message_id: int) -> list[Promise]:
    """Look through a reply or a note that one of us wrote and suggest the promises in it; once for each message."""
    message = queries.unsearched_message(message_id)
    if message is None:
        return []
    hours = queries.desk_hours(message.conversation.mailbox)
    found = language.find(message.text, message.created_at, hours)  # before the transaction
    with transaction.atomic():
        _, first_time = PromiseSearch.objects.get_or_create(message=message)
        if not first_time:
            return []
        return [_suggest(message, promise) for promise in found if promise.by in OURS]


def _suggest(message: Message, found: language.Promise) -> Promise:
    row, _ = Promise.objects.get_or_create(
        message=message,
        start=found.start,
        end=found.end,
        defaults={
            "conversation_id": message.conversation_id,
            "quote": found.quote[:LONGEST_QUOTE],
            "owner_id": message.author_id,
            "due_at": found.due,
        },
    )
    tell_of_promise("promise.suggested", row)
    return row


def _lock(viewer: User, promise_id: int) -> Promise:
    """The promise, held, if the viewer may handle it; NotFound if they cannot see its conversation."""
    seen = queries.promises(viewer).filter(pk=promise_id).first()
    if seen is None:
        raise NotFound("There is no such promise.")
    policy.require(viewer, Permission.HANDLE_COMPLAINTS, seen.conversation.team_id)
    rows = Promise.objects.select_related("conversation__team", "owner").select_for_update(of=("self",))
    return rows.get(pk=promise_id)


def _move(promise: Promise, step: str, viewer: User | None, **data: Any) -> Promise:
    before = promise.state
    promise.state = rules.promise_after(before, step)
    promise.decided_at = clock.now()
    promise.save(update_fields=["state", "decided_at", "due_at", "reminded_at", "owner", "kept_by", "evidence"])
    tell_of_promise(f"promise.{_PAST[step]}", promise, viewer, before=before, **data)
    return promise


_PAST = {"accept": "accepted", "amend": "amended", "dismiss": "dismissed", "keep": "kept", "break": "broken"}


@transaction.atomic
def accept_promise(
    viewer: User, promise_id: int, due_at: datetime | None = None, owner_id: int | None = None
) -> Promise:
    """Yes, that is a promise; from now on its date counts. `due_at` (aware) corrects the date that was found,
    `owner_id` who is to keep it."""
    promise = _lock(viewer, promise_id)
    _correct(promise, due_at, owner_id)
    return _move(promise, "accept", viewer)


@transaction.atomic
def amend_promise(
    viewer: User, promise_id: int, due_at: datetime | None = None, owner_id: int | None = None
) -> Promise:
    """Another date was agreed, or somebody else keeps it: the owner is reminded anew."""
    promise = _lock(viewer, promise_id)
    if due_at is None and owner_id is None:
        raise InvalidInput("Say what changes: the date or who keeps it.", "due_at")
    was = promise.due_at
    _correct(promise, due_at, owner_id)
    return _move(promise, "amend", viewer, moved=promise.due_at != was)


def _correct(promise: Promise, due_at: datetime | None, owner_id: int | None) -> None:
    if due_at is not None:
        if due_at.tzinfo is None or due_at <= clock.now():
            raise InvalidInput("Give a date in the future.", "due_at")
        promise.due_at, promise.reminded_at = due_at, None
    if owner_id is not None and owner_id != promise.owner_id:
        owner = colleagues(promise.conversation.team).filter(pk=owner_id).first()
        if owner is None:
            raise InvalidInput("Only somebody of this conversation's team can keep it.", "owner_id")
        promise.owner, promise.reminded_at = owner, None


@transaction.atomic
def dismiss_promise(viewer: User, promise_id: int) -> Promise:
    """No, those words promise nothing."""
    return _move(_lock(viewer, promise_id), "dismiss", viewer)


@transaction.atomic
def keep_promise(viewer: User, promise_id: int, evidence: str = "") -> Promise:
    """It was kept: the latest message that one of us wrote since stands as evidence, and what somebody says of it.

    Also for one counted as broken because nobody had said so; the log shows the correction.
    """
    promise = _lock(viewer, promise_id)
    promise.kept_by = queries.message_after(promise)
    promise.evidence = evidence.strip()[:LONGEST_EVIDENCE]
    return _move(promise, "keep", viewer)


@transaction.atomic
def break_promise(viewer: User, promise_id: int) -> Promise:
    """It was not, or cannot be, kept: saying so early leaves time to tell the customer."""
    return _broken(_lock(viewer, promise_id), viewer)


def _broken(promise: Promise, viewer: User | None) -> Promise:
    """Broken, and so its conversation stands at the top of the queue until somebody has written."""
    moved = _move(promise, "break", viewer)
    raise_conversation(promise.conversation_id)
    return moved


def remind_due_promises() -> int:
    """Record a reminder for each open promise that comes due soon, once; returns how many."""
    return sum(_remind(pk) for pk in queries.due_reminders(clock.now()))


@transaction.atomic
def _remind(promise_id: int) -> bool:
    moment = clock.now()
    waiting = Promise.objects.filter(pk=promise_id, state=Promise.State.OPEN, reminded_at=None)
    if not waiting.update(reminded_at=moment):
        return False
    promise = Promise.objects.select_related("conversation").get(pk=promise_id)
    due = promise.due_at.isoformat() if promise.due_at else ""
    tell_of_promise("promise.reminded", promise, owner_id=promise.owner_id, due_at=due)
    return True


def break_overdue_promises() -> int:
    """Count open promises as broken once their time has passed; returns how many."""
    return sum(_break_overdue(pk) for pk in queries.overdue_promises(clock.now()))


@transaction.atomic
def _break_overdue(promise_id: int) -> bool:
    rows = Promise.objects.select_related("conversation").select_for_update(of=("self",))
    promise = rows.filter(pk=promise_id, state=Promise.State.OPEN, due_at__lt=clock.now()).first()
    if promise is None:  # kept, moved or dismissed in the meantime
        return False
    _broken(promise, None)
    return True
