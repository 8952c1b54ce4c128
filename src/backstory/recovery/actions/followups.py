"""Coming back to customers: planned by the playbook, done by somebody, told honestly when it did not work."""

from datetime import datetime

from django.db import transaction

from backstory.cases import rules as case_rules
from backstory.cases.actions import lock, lock_for, reopen_complaint, tell
from backstory.cases.models import Complaint
from backstory.cases.queries import desk_hours, matter_of, plan_of, version_of
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.kernel.text import storable
from backstory.live.actions import Actor
from backstory.people.models import User
from backstory.people.queries import colleagues
from backstory.recovery import queries, rules
from backstory.recovery.actions.second import begin_second_recovery
from backstory.recovery.models import Aftercare, FollowUp, SecondRecovery

State = FollowUp.State
OPEN_AGAIN = "The complaint was opened again."


@transaction.atomic
def plan_followups(complaint_id: int) -> int:
    """What the playbook asks for after a closing, or, where the complaint is open again, put aside what was planned.
    Done twice it is done once; returns how many were planned."""
    complaint = lock(complaint_id)
    if complaint.state != Complaint.State.CLOSED or complaint.closed_at is None:
        _put_aside(complaint)
        return 0
    return _plan(complaint, "closing", complaint.closed_at)


@transaction.atomic
def plan_after_remedy(remedy_id: int) -> int:
    """What the playbook asks for once a remedy was carried out."""
    remedy = queries.carried_out(remedy_id)
    if remedy is None or remedy.carried_out_at is None:
        return 0
    return _plan(lock(remedy.complaint_id), "remedy", remedy.carried_out_at)


def _plan(complaint: Complaint, counted_from: str, begun_at: datetime) -> int:
    _, new = Aftercare.objects.get_or_create(complaint=complaint, begun_at=begun_at)
    plans = plan_of(version_of(complaint)).followups
    if not new or not plans:
        return 0
    applying = rules.wanted(plans, counted_from, severity=complaint.severity, causes=matter_of(complaint).causes)
    waiting = set(complaint.followups.filter(state=State.OPEN).values_list("key", flat=True))
    hours = desk_hours(complaint.conversation.mailbox)
    owner = rules.keeper(queries.keepers(complaint.conversation.team_id), complaint.owner_id)
    rows = [
        FollowUp(
            complaint=complaint,
            key=plan.key,
            kind=plan.kind,
            words=dict(plan.words),
            counted_from=counted_from,
            begun_at=begun_at,
            owner_id=owner,
            due_at=rules.due_at(begun_at, plan.after_days, hours),
        )
        for plan in applying
        if plan.key not in waiting
    ]
    FollowUp.objects.bulk_create(rows)
    if rows:
        tell("followups.planned", complaint, count=len(rows))
    return len(rows)


def _put_aside(complaint: Complaint) -> None:
    rows = complaint.followups.filter(state=State.OPEN, counted_from="closing")
    rows.update(state=State.SKIPPED, reason=OPEN_AGAIN, settled_at=clock.now())


def _lock_open(viewer: User, pk: int) -> FollowUp:
    seen = queries.get_followup(viewer, pk)
    lock_for(viewer, seen.complaint_id)
    rows = FollowUp.objects.select_related("complaint__conversation__team", "owner").select_for_update(of=("self",))
    row = rows.get(pk=pk)
    if row.state != State.OPEN:
        raise Conflict("This follow-up is settled already.")
    return row


def _tell(kind: str, row: FollowUp, actor: Actor | None, **data: object) -> None:
    """Never what was said: notes may hold what is at stake for somebody."""
    tell(kind, row.complaint, actor, followup_id=row.pk, what=row.get_kind_display().lower(), **data)


def _settle(row: FollowUp, state: str, viewer: User, note: str) -> FollowUp:
    row.state, row.settled_at, row.settled_by = state, clock.now(), viewer
    row.note = storable(note).strip()[: rules.LONGEST_NOTE] or row.note
    row.save(update_fields=["state", "settled_at", "settled_by", "note", "held", "tries", "reason"])
    return row


@transaction.atomic
def finish_followup(viewer: User, pk: int, note: str = "", held: bool | None = None) -> FollowUp:
    """It is done. A check says whether the fix `held`; one that did not opens the complaint again, with a second
    recovery."""
    row = _lock_open(viewer, pk)
    if row.kind == FollowUp.Kind.CHECK and held is None:
        raise InvalidInput("Say whether the fix held: yes or no.", "held")
    row.held = held if row.kind == FollowUp.Kind.CHECK else None
    _settle(row, State.DONE, viewer, note)
    _tell("followup.done", row, viewer)
    if row.held is False:
        begin_second_recovery(row.complaint, SecondRecovery.Why.CHECK_FAILED, viewer, followup=row)
        if row.complaint.state == Complaint.State.CLOSED:
            reopen_complaint(viewer, row.complaint_id)
    return row


@transaction.atomic
def miss_followup(viewer: User, pk: int, note: str = "", again_at: datetime | None = None) -> FollowUp:
    """Nobody was reached: it is tried again at `again_at` (aware, to come), or given up where there is none."""
    row = _lock_open(viewer, pk)
    row.tries += 1
    if again_at is None:
        _settle(row, State.NOT_REACHED, viewer, note)
        _tell("followup.not_reached", row, viewer)
        return row
    if again_at <= clock.now():
        raise InvalidInput("Choose a day to come.", "again")
    row.due_at, row.reminded_at = again_at, None
    row.note = storable(note).strip()[: rules.LONGEST_NOTE]
    row.save(update_fields=["tries", "due_at", "reminded_at", "note"])
    _tell("followup.put_off", row, viewer)
    return row


@transaction.atomic
def skip_followup(viewer: User, pk: int, reason: str) -> FollowUp:
    """It is not needed, and why."""
    row = _lock_open(viewer, pk)
    row.reason = case_rules.required(reason, "reason", "why it is not needed", 300)
    _settle(row, State.SKIPPED, viewer, "")
    _tell("followup.skipped", row, viewer)
    return row


@transaction.atomic
def hand_over_followup(viewer: User, pk: int, owner_id: int) -> FollowUp:
    """Somebody else of the team does it."""
    row = _lock_open(viewer, pk)
    owner = colleagues(row.complaint.conversation.team).filter(pk=owner_id).first()
    if owner is None:
        raise InvalidInput("Only somebody of this team can take it.", "owner")
    if row.owner_id != owner.pk:
        row.owner, row.reminded_at = owner, None
        row.save(update_fields=["owner", "reminded_at"])
        _tell("followup.given", row, viewer, owner=owner.name, owner_id=owner.pk)
    return row


def hand_over_absent() -> int:
    """What somebody who is gone or away was to do goes to their stand-in, else to whoever cares for the complaint, else
    to a lead; returns how many."""
    return sum(_hand_over(pk) for pk in queries.left_alone())


@transaction.atomic
def _hand_over(pk: int) -> bool:
    row = FollowUp.objects.select_related("complaint__conversation").select_for_update(of=("self",)).get(pk=pk)
    wanted = queries.deputy_of(row.owner_id) or row.complaint.owner_id
    owner = rules.keeper(queries.keepers(row.complaint.conversation.team_id), wanted)
    if row.state != State.OPEN or owner is None or owner == row.owner_id:
        return False
    row.owner_id, row.reminded_at = owner, None
    row.save(update_fields=["owner", "reminded_at"])
    _tell("followup.given", row, None, owner=User.objects.get(pk=owner).name, owner_id=owner)
    return True


def remind_of_followups() -> int:
    """Record a reminder for each follow-up that comes due, once; returns how many."""
    return sum(_remind(pk) for pk in queries.due_followup_reminders(clock.now()))


@transaction.atomic
def _remind(pk: int) -> bool:
    waiting = FollowUp.objects.filter(pk=pk, state=State.OPEN, reminded_at=None)
    if not waiting.update(reminded_at=clock.now()):
        return False
    row = FollowUp.objects.select_related("complaint__conversation").get(pk=pk)
    _tell("followup.reminded", row, None, owner_id=row.owner_id)
    return True
