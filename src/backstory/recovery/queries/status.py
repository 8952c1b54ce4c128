"""What a customer may see of their own complaint."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from backstory.cases.models import Complaint, Promise
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.live.models import Event
from backstory.recovery.models import Remedy
from backstory.recovery.queries.remedies import label


@dataclass(frozen=True, slots=True)
class Milestone:
    """One thing that happened; `detail` is for a remedy its kind and money, else ""."""

    at: datetime
    kind: Literal[
        "received",
        "answered",
        "told",
        "step_done",
        "remedy",
        "accepted",
        "declined",
        "remedy_done",
        "reopened",
        "closed",
    ]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PromiseSeen:
    """A promise in the words the customer has already got from us; "" for one that stands in a note of ours: it was
    spoken, and notes are for the team alone. State open, kept or broken."""

    quote: str
    due_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Status:
    """What a customer may see of their complaint: no notes, no backstory, no names of staff, no internal
    reasons."""

    number: str
    is_open: bool
    outcome: str  # upheld, partly_upheld, not_upheld, or "" while open
    happened: tuple[Milestone, ...]
    promised: tuple[PromiseSeen, ...]
    next_step_due: datetime | None  # of the agreed steps and open promises whose date is still to come
    again_by: datetime | None  # by when we said that we would write again
    is_settled: bool  # closed, and nothing that was agreed or promised is left to do


def status_for(complaint: Complaint) -> Status:
    """What happened, what we promised and what comes next, oldest first."""
    is_open = complaint.state == Complaint.State.OPEN
    promises = (
        Promise.objects.filter(
            conversation_id=complaint.conversation_id,
            state__in=[Promise.State.OPEN, Promise.State.KEPT, Promise.State.BROKEN],
        )
        .select_related("message")
        .order_by("created_at", "id")
    )
    ahead = _still_to_do(complaint, promises)
    return Status(
        number=complaint.number,
        is_open=is_open,
        outcome="" if is_open else complaint.outcome,
        happened=tuple(sorted(_milestones(complaint), key=lambda milestone: milestone.at)),
        promised=tuple(_promise_seen(row) for row in promises),
        next_step_due=min((due for due in ahead if due and due >= clock.now()), default=None),
        again_by=_again_by(complaint) if is_open else None,
        is_settled=not (is_open or ahead),
    )


def _again_by(complaint: Complaint) -> datetime | None:
    """The day that we named for our next letter; None where none was named, or it is over."""
    planned = complaint.updates.filter(state="planned", promised_by__gte=clock.now())
    return planned.order_by("promised_by").values_list("promised_by", flat=True).first()


def _promise_seen(promise: Promise) -> PromiseSeen:
    spoken = promise.message.direction == Message.Direction.NOTE
    return PromiseSeen("" if spoken else promise.quote, promise.due_at, promise.state)


def _still_to_do(complaint: Complaint, promises: Iterable[Promise]) -> list[datetime | None]:
    """The dates of what was agreed and promised but not done; a promise may have none."""
    steps = complaint.resolution_actions.filter(done_at=None).values_list("due_at", flat=True)
    return [*steps, *(row.due_at for row in promises if row.state == Promise.State.OPEN)]


def _milestones(complaint: Complaint) -> list[Milestone]:
    happened = [Milestone(complaint.received_at, "received")]
    replies = Message.objects.filter(
        conversation_id=complaint.conversation_id, direction=Message.Direction.OUT, author__isnull=False
    )
    happened += [Milestone(at, "answered") for at in replies.values_list("created_at", flat=True)]
    told = complaint.updates.filter(state="sent", sent_at__isnull=False).values_list("sent_at", flat=True)
    happened += [Milestone(at, "told") for at in told if at]
    steps = complaint.resolution_actions.filter(done_at__isnull=False).values_list("done_at", flat=True)
    happened += [Milestone(at, "step_done") for at in steps if at]
    for row in complaint.remedies.filter(state=Remedy.State.GRANTED):
        happened += _of_remedy(row)
    events = Event.objects.filter(subject="complaint", subject_id=complaint.pk)
    reopened = events.filter(kind="complaint.reopened").values_list("at", flat=True)
    happened += [Milestone(at, "reopened") for at in reopened]
    if complaint.closed_at:
        happened.append(Milestone(complaint.closed_at, "closed"))
    return happened


def _of_remedy(remedy: Remedy) -> list[Milestone]:
    """What happened to a granted remedy: decided, answered, carried out."""
    words = label(remedy)
    happened = [Milestone(remedy.decided_at or remedy.created_at, "remedy", words)]
    if remedy.answered_at:
        accepted = remedy.answer == Remedy.Answer.ACCEPTED
        happened.append(Milestone(remedy.answered_at, "accepted" if accepted else "declined", words))
    if remedy.carried_out_at:
        happened.append(Milestone(remedy.carried_out_at, "remedy_done", words))
    return happened
