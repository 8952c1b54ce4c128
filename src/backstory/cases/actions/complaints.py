"""Opening, judging, closing and reopening a complaint."""

from django.db import transaction

from backstory.cases import queries, rules
from backstory.cases.actions.common import lock, lock_for, lock_open, tell
from backstory.cases.actions.issues import ensure_issues_decided
from backstory.cases.actions.playbooks import begin_playbook
from backstory.cases.models import Cause, Complaint, ComplaintCounter, Promise
from backstory.conversations import actions as conversations
from backstory.conversations.models import Conversation
from backstory.conversations.queries import get_conversation
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.live.actions import Actor
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

DEFAULT_SEVERITY = 1


def open_complaint(viewer: User, conversation_id: int) -> Complaint:
    """Make a conversation a complaint, or return the one that it is already.

    Cause and severity are suggested from the latest reading; a person has to confirm the cause.
    """
    seen = get_conversation(viewer, conversation_id)
    policy.require(viewer, Permission.HANDLE_COMPLAINTS, seen.team_id)
    with transaction.atomic():
        # Whoever holds the conversation is the only one who can find that it is no complaint yet.
        conversation = Conversation.objects.select_for_update().get(pk=seen.pk)
        known = Complaint.objects.filter(conversation=conversation).first()
        return known or _open(viewer, conversation)


def _open(viewer: User, conversation: Conversation) -> Complaint:
    reading = queries.latest_readings([conversation.pk]).get(conversation.pk)
    slug = rules.suggested_cause(reading.data) if reading else ""
    first = conversation.messages.first()
    complaint = Complaint.objects.create(
        number=_next_number(),
        conversation=conversation,
        owner=conversation.assignee or viewer,
        opened_by=viewer,
        received_at=first.created_at if first else conversation.created_at,
        severity=max(reading.severity, DEFAULT_SEVERITY) if reading else DEFAULT_SEVERITY,
        cause=Cause.objects.filter(slug=slug, is_active=True).first() if slug else None,
    )
    begin_playbook(complaint)
    tell("complaint.opened", complaint, viewer, number=complaint.number)
    return complaint


def _next_number() -> str:
    """The next number of this year, gapless; the counter's row makes concurrent writers wait for each
    other."""
    year = clock.now().year
    ComplaintCounter.objects.get_or_create(year=year)
    counter = ComplaintCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return rules.complaint_number(year, counter.last)


@transaction.atomic
def set_cause(viewer: User, complaint_id: int, cause_id: int) -> Complaint:
    """Confirm the cause: a person says so. Allowed after closing too, since causes are often found late."""
    complaint = lock_for(viewer, complaint_id)
    cause = Cause.objects.filter(pk=cause_id, is_active=True).first()
    if cause is None:
        raise InvalidInput("Choose one of the causes in use.", "cause")
    if complaint.cause_id == cause.pk and complaint.cause_confirmed_by_id:
        return complaint
    complaint.cause, complaint.cause_confirmed_by = cause, viewer
    complaint.save(update_fields=["cause", "cause_confirmed_by"])
    tell("cause.set", complaint, viewer, cause=cause.name, cause_id=cause.pk)
    return complaint


@transaction.atomic
def set_severity(viewer: User, complaint_id: int, severity: int) -> Complaint:
    """How serious it is, from 0 (trifle) to 4 (danger)."""
    complaint = lock_for(viewer, complaint_id)
    if complaint.severity != rules.severity(severity):
        complaint.severity = severity
        complaint.save(update_fields=["severity"])
        tell("severity.set", complaint, viewer, severity=severity)
    return complaint


@transaction.atomic
def close_complaint(viewer: User, complaint_id: int, outcome: str, reason: str) -> Complaint:
    """Close the complaint and its conversation with an outcome and the reason for it (kept in the file).

    Raises InvalidInput naming everything that is missing, and Conflict if it is closed already.
    """
    complaint = lock_open(viewer, complaint_id)
    moment = clock.now()
    overdue = Promise.objects.filter(
        conversation_id=complaint.conversation_id, state=Promise.State.OPEN, due_at__lt=moment
    )
    rules.ensure_closable(
        rules.ClosingFacts(
            outcomes=frozenset(Complaint.Outcome.values),
            outcome=outcome,
            reason=reason,
            cause_confirmed=complaint.cause_confirmed_by_id is not None,
            overdue_promises=overdue.count(),
        )
    )
    ensure_issues_decided(complaint)
    complaint.state, complaint.closed_at = Complaint.State.CLOSED, moment
    complaint.outcome, complaint.outcome_reason = outcome, rules.required(reason, "reason", "the reason")
    complaint.save(update_fields=["state", "closed_at", "outcome", "outcome_reason"])
    conversations.close(viewer, complaint.conversation_id)
    tell("complaint.closed", complaint, viewer, outcome=outcome)
    return complaint


@transaction.atomic
def reopen_complaint(viewer: User, complaint_id: int) -> Complaint:
    """It is not over: open the complaint and its conversation again. The former outcome stays until the
    next."""
    return _reopen(lock_for(viewer, complaint_id), viewer, viewer)


@transaction.atomic
def reopen_for_customer(complaint_id: int) -> Complaint:
    """The customer says that it is not settled: open complaint and conversation, whoever is at the desk."""
    complaint = lock(complaint_id)
    if complaint.state == Complaint.State.OPEN:
        conversations.reopen(None, complaint.conversation_id)
        return complaint
    return _reopen(complaint, None, complaint.conversation.customer)


def _reopen(complaint: Complaint, viewer: User | None, actor: Actor) -> Complaint:
    if complaint.state != Complaint.State.CLOSED:
        raise Conflict(f"{complaint.number} is open already.")
    complaint.state, complaint.closed_at = Complaint.State.OPEN, None
    complaint.reopened_count += 1
    complaint.save(update_fields=["state", "closed_at", "reopened_count"])
    conversations.reopen(viewer, complaint.conversation_id)
    tell("complaint.reopened", complaint, actor, number=complaint.number)
    return complaint
