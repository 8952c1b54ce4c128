"""The second attempt: begun by a low score or a fix that did not hold, with an owner and a date of its own."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from backstory.cases.actions import lock, lock_for, reopen_complaint, tell
from backstory.cases.models import Complaint
from backstory.cases.queries import desk_hours
from backstory.kernel import calendars, clock
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.live.actions import Actor
from backstory.people.models import User
from backstory.people.queries import colleagues
from backstory.recovery import policy, queries, rules
from backstory.recovery.models import FollowUp, SecondRecovery, Survey

State, Outcome = SecondRecovery.State, SecondRecovery.Outcome


def begin_second_recovery(
    complaint: Complaint,
    why: str,
    actor: Actor | None,
    *,
    survey: Survey | None = None,
    followup: FollowUp | None = None,
) -> SecondRecovery:
    """Within the caller's transaction, which holds the complaint: the row that says why, who and by when.

    One at a time: a second reason while one is under way changes nothing. It begins with a lead, who decides who does
    it: never silently with whoever cared for the complaint before.
    """
    under_way = complaint.second_recoveries.filter(state=State.OPEN).first()
    if under_way is not None:
        return under_way
    owner = rules.second_owner(queries.second_candidates(complaint.conversation.team_id), complaint.owner_id)
    row = SecondRecovery.objects.create(
        complaint=complaint,
        why=why,
        survey=survey,
        followup=followup,
        before_id=complaint.owner_id,
        owner_id=owner,
        due_at=_due(complaint),
    )
    _tell("recovery.begun", row, actor, why=row.get_why_display().lower(), owner_id=owner)
    return row


def _due(complaint: Complaint) -> datetime:
    hours = desk_hours(complaint.conversation.mailbox)
    today = hours.local(clock.now()).date()
    last = calendars.add_business_days(today, settings.SECOND_RECOVERY_DAYS, hours)
    return calendars.end_of_business_day(last, hours)


def _tell(kind: str, row: SecondRecovery, actor: Actor | None, **data: object) -> None:
    tell(kind, row.complaint, actor, second_id=row.pk, **data)


@transaction.atomic
def ask_for_second_recovery(viewer: User, complaint_id: int) -> SecondRecovery:
    """Somebody of the team sees that it was not enough: the complaint is opened again, with a second recovery."""
    complaint = lock_for(viewer, complaint_id)
    row = begin_second_recovery(complaint, SecondRecovery.Why.ASKED, viewer)
    if complaint.state == Complaint.State.CLOSED:
        reopen_complaint(viewer, complaint_id)
    return row


def _lock_open(viewer: User, pk: int) -> SecondRecovery:
    seen = queries.get_second_recovery(viewer, pk)
    lock_for(viewer, seen.complaint_id)
    row = SecondRecovery.objects.select_related("complaint__conversation").select_for_update(of=("self",)).get(pk=pk)
    if row.state != State.OPEN:
        raise Conflict("This second recovery is done already.")
    return row


@transaction.atomic
def give_second_recovery(viewer: User, pk: int, owner_id: int) -> SecondRecovery:
    """A lead decides who makes the second attempt; to give it to whoever had it before takes a lead as well."""
    row = _lock_open(viewer, pk)
    policy.require_giving_second_recovery(viewer, row.complaint.conversation.team_id)
    owner = colleagues(row.complaint.conversation.team).filter(pk=owner_id).first()
    if owner is None:
        raise InvalidInput("Only somebody of this team can take it.", "owner")
    if row.owner_id != owner.pk:
        row.owner = owner
        row.save(update_fields=["owner"])
        _tell("recovery.given", row, viewer, owner=owner.name, owner_id=owner.pk)
    return row


@transaction.atomic
def finish_second_recovery(viewer: User, pk: int, outcome: str) -> SecondRecovery:
    """It is done; `outcome` is what the desk believes, until the customer's next answer says it."""
    if outcome not in Outcome.values:
        raise InvalidInput("Say whether it is settled now.", "outcome")
    row = _lock_open(viewer, pk)
    _finish(row, outcome, viewer)
    return row


def _finish(row: SecondRecovery, outcome: str, actor: Actor | None) -> None:
    row.state, row.done_at, row.outcome = State.DONE, clock.now(), outcome
    row.outcome_by = "" if outcome == Outcome.UNKNOWN else "desk"
    row.save(update_fields=["state", "done_at", "outcome", "outcome_by"])
    _tell("recovery.done", row, actor, outcome=row.get_outcome_display().lower())


@transaction.atomic
def settle_second_recoveries(complaint_id: int) -> int:
    """Whatever is under way when its complaint is closed is done, its outcome not known yet; returns how many."""
    complaint = lock(complaint_id)
    if complaint.state != Complaint.State.CLOSED:
        return 0
    rows = list(complaint.second_recoveries.select_related("complaint__conversation").filter(state=State.OPEN))
    for row in rows:
        _finish(row, Outcome.UNKNOWN, None)
    return len(rows)


def note_second_answer(survey: Survey) -> None:
    """The customer's answer after a second attempt is what came of it, whatever the desk believed. Within the caller's
    transaction."""
    if survey.round < 2 or survey.score is None:
        return
    rows = SecondRecovery.objects.filter(complaint=survey.complaint_id, created_at__lt=survey.sent_at, state=State.DONE)
    latest = rows.order_by("-created_at", "-pk").first()
    if latest is not None:
        latest.outcome, latest.outcome_by = rules.outcome_of(survey.score, survey.low), "customer"
        latest.save(update_fields=["outcome", "outcome_by"])
