"""Noting what a customer is to be told of, and planning when. Whatever woke us, the rows decide."""

from datetime import datetime
from typing import Any

from django.db import transaction

from backstory.cases.actions import lock
from backstory.cases.models import Complaint
from backstory.kernel import clock
from backstory.live.models import Event
from backstory.recovery import queries
from backstory.recovery.models import StageChange, StageUpdate
from backstory.recovery.rules import updates as timing

Kind, State = StageUpdate.Kind, StageUpdate.State


def note_changes(since: datetime | None = None) -> int:
    """Note every event since then (the last day) that customers have to be told of, once; returns how many."""
    events = queries.unnoted(since or clock.now() - queries.LOOK_BACK)
    return sum(_note(event) for event in events)


@transaction.atomic
def _note(event: Event) -> bool:
    found = Complaint.objects.filter(conversation=event.conversation_id).values_list("pk", flat=True).first()
    if found is None:
        return False
    complaint = lock(found)
    if StageChange.objects.filter(event_id=event.pk).exists():
        return False
    stage, detail = timing.STAGES[event.kind], _detail(event)
    change = StageChange(complaint=complaint, event_id=event.pk, stage=stage, at=event.at, detail=detail)
    if complaint.state == Complaint.State.OPEN and _is_news(event):
        change.update = _collecting(complaint, change)
    change.save()
    if change.update is not None:
        _settle_time(change.update)
        plan_next(complaint)
    return True


def _detail(event: Event) -> dict[str, Any]:
    return {event.subject: event.subject_id} if event.subject in ("remedy", "promise") else {}


def _is_news(event: Event) -> bool:
    """An amended promise is news where its date moved; somebody's leaving a conversation is none."""
    if event.kind == "promise.amended":
        return bool(event.data.get("moved"))
    return not (event.kind == "conversation.assigned" and event.data.get("to") == "nobody")


def _collecting(complaint: Complaint, change: StageChange) -> StageUpdate:
    """The letter that changes of this complaint are collected in; one whose words a person wrote takes no more."""
    row, _ = StageUpdate.objects.get_or_create(
        complaint=complaint,
        kind=Kind.CHANGED,
        state=State.PLANNED,
        planned_by=None,
        edited_by=None,
        defaults={"stage": change.stage, "due_at": change.at, "next_attempt_at": change.at},
    )
    return row


def _settle_time(update: StageUpdate) -> None:
    changes = list(update.changes.order_by("at", "id"))
    stages = [change.stage for change in changes]
    due = timing.changed_due(
        changes[0].at,
        changes[-1].at,
        _latest_update(update.complaint_id),
        queries.hours_of(update.complaint),
        at_once="acknowledged" in stages,
    )
    update.stage, update.due_at, update.next_attempt_at, update.held = timing.weightiest(stages), due, due, ""
    update.save(update_fields=["stage", "due_at", "next_attempt_at", "held"])


def _latest_update(complaint_id: int) -> datetime | None:
    sent = StageUpdate.objects.filter(complaint=complaint_id, state=State.SENT).order_by("-sent_at")
    return sent.values_list("sent_at", flat=True).first()


def plan_next(complaint: Complaint, promised: datetime | None = None) -> StageUpdate | None:
    """Plan the next letter at its time: so many working days after the customer last heard from one of us.

    `promised` is the day that a letter has just named. Without news the time stays where it is. None where the
    complaint is closed or letters at set times are off.
    """
    every = queries.manner_of(complaint).every
    planned = StageUpdate.objects.filter(
        complaint=complaint, kind=Kind.SCHEDULED, state=State.PLANNED, planned_by=None, edited_by=None
    )
    if complaint.state != Complaint.State.OPEN or not every:
        planned.delete()  # it never was a letter, and nobody has written in it
        return None
    told = queries.last_told(complaint) or complaint.received_at
    told = max(told, complaint.created_at)  # a letter of last month that becomes a complaint today
    due, _ = timing.scheduled(told, every, queries.hours_of(complaint))
    row = planned.first()
    if row is None:
        return StageUpdate.objects.create(
            complaint=complaint,
            kind=Kind.SCHEDULED,
            stage="still",
            due_at=due,
            next_attempt_at=due,
            promised_by=promised,
        )
    if promised is not None or row.due_at != due:
        row.due_at, row.next_attempt_at, row.held = due, due, ""
        row.promised_by = promised  # whoever wrote since has kept the word that was given
        row.save(update_fields=["due_at", "next_attempt_at", "held", "promised_by"])
    return row


@transaction.atomic
def replan(complaint_id: int) -> StageUpdate | None:
    """Look at the plan again after one of us wrote or the severity changed; only where there is one."""
    complaint = lock(complaint_id)
    planned = StageUpdate.objects.filter(complaint=complaint, kind=Kind.SCHEDULED, state=State.PLANNED)
    return plan_next(complaint) if planned.exists() else None
