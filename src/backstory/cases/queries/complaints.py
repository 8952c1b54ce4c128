"""Complaints, what is at stake in them, and what the queue shows of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q, QuerySet
from django.db.models.functions import Left

from backstory.cases import policy, rules
from backstory.cases.care import MOST_WEIGHED, ActionFact, CareFacts, Letter, PromiseFact
from backstory.cases.models import Backstory, Complaint, Promise, Reading
from backstory.cases.playbooks.abuse import level_of
from backstory.cases.queries.conduct import decision_facts
from backstory.cases.queries.promises import unmended
from backstory.cases.queries.readings import latest_readings
from backstory.conversations.models import Message
from backstory.conversations.queries import visible
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.live.models import Event
from backstory.people.models import User

ATTENTION_WINDOW = timedelta(hours=1)
LETTERS_WEIGHED = 30


def complaints(viewer: User) -> QuerySet[Complaint]:
    """The complaints a viewer may know of, newest first."""
    rows = Complaint.objects.select_related("conversation__customer", "conversation__team", "cause", "owner")
    return rows.filter(conversation__in=visible(viewer)).order_by("-received_at", "-id")


def get_complaint(viewer: User, pk: int) -> Complaint:
    """One complaint with the people around it; NotFound for one of another team, as for none at all."""
    found = complaints(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such complaint.")
    return found


def complaint_for(viewer: User, conversation_id: int) -> Complaint | None:
    return complaints(viewer).filter(conversation_id=conversation_id).first()


@dataclass(frozen=True, slots=True)
class Signal:
    """What a queue row shows of a conversation's matter; every field has a value that means "nothing
    known"."""

    complaint_id: int | None = None
    number: str = ""
    complaint_open: bool = False
    severity: int = 0
    emotion: str = ""
    intensity: float = 0.0
    sounds_like_complaint: bool = False
    safety: bool = False
    promise_due: datetime | None = None


def signals(conversation_ids: Collection[int]) -> dict[int, Signal]:
    """For each of the conversations: complaint, feeling and the next open promise, in three SQL statements.

    Severity is what people have set on the complaint, else what the latest reading says.
    """
    rows = Complaint.objects.filter(conversation_id__in=conversation_ids).values_list(
        "conversation_id", "pk", "number", "state", "severity"
    )
    known = {row[0]: row[1:] for row in rows}
    readings = latest_readings(conversation_ids)
    due = _next_due(conversation_ids)
    return {pk: _signal(known.get(pk), readings.get(pk), due.get(pk)) for pk in conversation_ids}


def _signal(complaint: tuple[int, str, str, int] | None, reading: Reading | None, due: datetime | None) -> Signal:
    pk, number, state, severity = complaint or (None, "", "", None)
    read = reading or Reading()
    return Signal(
        complaint_id=pk,
        number=number,
        complaint_open=state == Complaint.State.OPEN,
        severity=read.severity if severity is None else severity,
        emotion=read.emotion,
        intensity=read.intensity,
        sounds_like_complaint=read.is_complaint,
        safety=read.safety,
        promise_due=due,
    )


def _next_due(conversation_ids: Collection[int]) -> dict[int, datetime]:
    dated = Promise.objects.filter(
        Q(state=Promise.State.OPEN) | unmended(), conversation_id__in=conversation_ids, due_at__isnull=False
    ).order_by()
    return dict(dated.values("conversation_id").annotate(due=Min("due_at")).values_list("conversation_id", "due"))


def backstory(viewer: User, complaint: Complaint) -> Backstory | None:
    """What is at stake for this person; None if nothing is recorded or the viewer may not read it.

    To show it, call `actions.read_backstory`, which also records that it was read.
    """
    if not policy.may_read_backstory(viewer, complaint):
        return None
    return Backstory.objects.select_related("summary_message").filter(complaint=complaint).first()


def was_just_read(viewer: User, complaint: Complaint) -> bool:
    """Whether the log already tells of this viewer reading this backstory within the last hour."""
    return Event.objects.filter(
        subject="complaint",
        subject_id=complaint.pk,
        kind="backstory.read",
        actor_id=viewer.pk,
        at__gt=clock.now() - ATTENTION_WINDOW,
    ).exists()


def recorded_fields(complaint: Complaint) -> frozenset[str]:
    """Which fields of the backstory are filled, never what they say."""
    return _filled(Backstory.objects.filter(complaint=complaint).first(), rules.PERSONAL_FIELDS)


def _filled(row: Backstory | None, names: Collection[str]) -> frozenset[str]:
    return frozenset(name for name in names if row and getattr(row, name).strip())


def care_facts(complaint: Complaint) -> CareFacts:
    """What has really happened in a complaint the viewer was given, without remedies and survey (`recovery`
    adds them).

    Of the backstory only which fields are filled, never what they say.
    """
    told = Backstory.objects.filter(complaint=complaint).first()
    letters = _letters(complaint.conversation_id)
    return CareFacts(
        received=tuple(letter for letter, incoming in letters if incoming),
        sent=tuple(letter for letter, incoming in letters if not incoming),
        recorded=_filled(told, rules.CORE_FIELDS),
        summary_message_id=told.summary_message_id if told else None,
        confirmed=bool(told and told.confirmed_at),
        actions=tuple(
            ActionFact(
                row.serves,
                row.text,
                row.owner.name if row.owner else "",
                row.done_at is not None,
                row.created_at,
            )
            for row in complaint.resolution_actions.select_related("owner")
        ),
        promises=tuple(
            PromiseFact(row.quote, row.message_id, row.state, row.due_at)
            for row in Promise.objects.filter(conversation_id=complaint.conversation_id)
        ),
        cause=complaint.cause.name if complaint.cause and complaint.cause_confirmed_by_id else "",
        now=clock.now(),
        received_at=complaint.received_at,
        owner=complaint.owner.name if complaint.owner else "",
        decisions=decision_facts(complaint.conversation_id),
    )


def _letters(conversation_id: int) -> list[tuple[Letter, bool]]:
    """The newest messages of both sides, oldest first; letters that no person wrote prove nothing and are
    left out."""
    rows = Message.objects.filter(conversation_id=conversation_id).exclude(direction=Message.Direction.NOTE)
    rows = rows.exclude(direction=Message.Direction.OUT, author=None).order_by("-created_at", "-id")
    columns = ("pk", "created_at", "author__name", "reading__data", "direction")
    newest = rows.values_list(Left("text", MOST_WEIGHED), *columns)[:LETTERS_WEIGHED]
    found = [
        (
            Letter(pk, text, position, at, author or "", level_of(data, text)),
            direction == Message.Direction.IN,
        )
        for position, (text, pk, at, author, data, direction) in enumerate(reversed(list(newest)))
    ]
    return found
