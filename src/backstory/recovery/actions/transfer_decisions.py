"""What people decide about remedies on their way through a connector."""

from django.db import transaction

from backstory.cases import rules as case_rules
from backstory.kernel import clock
from backstory.kernel.errors import Conflict
from backstory.kernel.ids import token
from backstory.people.models import User
from backstory.recovery import policy, queries, rules
from backstory.recovery.actions.transfers import note_carried_out, tell
from backstory.recovery.models import Difference, Transfer

State = Transfer.State


def _locked(viewer: User, transfer_id: int) -> Transfer:
    """A transfer that the viewer may see, for the rest of the transaction theirs alone."""
    queries.get_transfer(viewer, transfer_id)
    rows = Transfer.objects.select_related("connector", "remedy__complaint__conversation")
    return rows.select_for_update(of=("self",)).get(pk=transfer_id)


@transaction.atomic
def release_transfer(viewer: User, transfer_id: int, recipient: str = "") -> Transfer:
    """Press the button: say (or confirm) whom it is for, and let it go.

    Below the amount above which a button must be pressed, whoever works on the case may say whom it is for; above it,
    only who may settle transfers.
    """
    transfer = _locked(viewer, transfer_id)
    policy.require_releasing(viewer, transfer)
    if transfer.state != State.HELD:
        raise Conflict("This does not wait for anybody to press a button.")
    transfer.recipient = rules.recipient(recipient or transfer.recipient)
    transfer.state, transfer.next_try_at = State.WAITING, None
    transfer.save(update_fields=["recipient", "state", "next_try_at"])
    tell(transfer, "released", viewer)
    return transfer


@transaction.atomic
def retry_transfer(viewer: User, transfer_id: int, recipient: str = "") -> Transfer:
    """Have it tried again. Whatever may have moved is looked up first.

    After a clear no the recipient can be corrected: then it goes under a new key, and the old one is looked up too. Of
    what is uncertain, trying again says: I made sure that nothing has moved.
    """
    transfer = _locked(viewer, transfer_id)
    policy.require_settling(viewer, transfer)
    if transfer.state not in {State.REFUSED, State.FAILED, State.UNCERTAIN} or transfer.by_hand:
        raise Conflict("Only what was refused, failed or is uncertain can be tried again.")
    corrected = rules.recipient(recipient) if recipient.strip() else transfer.recipient
    if transfer.state != State.UNCERTAIN and corrected != transfer.recipient:
        if transfer.first_tried_at is not None:
            transfer.former = [*transfer.former, [transfer.key, transfer.recipient]]
            transfer.key = token()
        transfer.recipient, transfer.first_tried_at, transfer.refused_last = corrected, None, False
    transfer.cleared_at = clock.now()  # and what was ever asked for is looked up all the same
    if transfer.state != State.FAILED:  # which is said only where it is certain that nothing moved
        transfer.perhaps_since = transfer.first_tried_at
    transfer.hand_over = None
    transfer.state, transfer.next_try_at, transfer.attempts, transfer.look_ups = State.WAITING, None, 0, 0
    transfer.ended_at = transfer.reconcile_at = transfer.attended_at = None
    transfer.save()
    tell(transfer, "retried", viewer)
    return transfer


@transaction.atomic
def look_again(viewer: User, transfer_id: int) -> Transfer:
    """Have an uncertain transfer looked up now; nothing is carried out by it that would not be anyway."""
    transfer = _locked(viewer, transfer_id)
    policy.require_settling(viewer, transfer)
    if transfer.state not in {State.UNCERTAIN, State.PENDING}:
        raise Conflict("Only what is uncertain or taken on can be looked up.")
    transfer.next_try_at = clock.now()
    transfer.look_ups = min(transfer.look_ups, 1)
    transfer.save(update_fields=["next_try_at", "look_ups"])
    tell(transfer, "looked_up", viewer)
    return transfer


@transaction.atomic
def confirm_transfer(viewer: User, transfer_id: int, evidence: str) -> Transfer:
    """Somebody found out that it was carried out, or has carried it out by hand; says how that is known."""
    transfer = _locked(viewer, transfer_id)
    policy.require_settling(viewer, transfer)
    if transfer.state in {State.DONE, State.RUNNING}:
        raise Conflict("This is being carried out or is carried out already.")
    reference = case_rules.required(evidence, "evidence", "how we know that it is done", 200)
    moment = clock.now()
    transfer.state, transfer.by_hand, transfer.reference = State.DONE, True, reference
    transfer.ended_at = transfer.attended_at = moment
    transfer.next_try_at = transfer.perhaps_since = transfer.reconcile_at = None
    transfer.words = f"{viewer.name} made sure that it is carried out."
    transfer.save()
    note_carried_out(transfer, reference)
    tell(transfer, "confirmed", viewer)
    return transfer


@transaction.atomic
def stop_transfer(viewer: User, transfer_id: int, reason: str) -> Transfer:
    """Somebody decides that it is not carried out through the connector (any more). Of what is uncertain that says: I
    made sure that nothing has moved."""
    transfer = _locked(viewer, transfer_id)
    policy.require_settling(viewer, transfer)
    if transfer.state in {State.DONE, State.RUNNING, State.PENDING} or transfer.by_hand:
        raise Conflict("This cannot be stopped any more.")
    why = case_rules.required(reason, "reason", "the reason", 500)
    transfer.state, transfer.by_hand = State.FAILED, True
    transfer.ended_at = transfer.attended_at = clock.now()
    transfer.next_try_at = transfer.perhaps_since = None
    hours = rules.reconcile_hours(0) if transfer.first_tried_at else None
    transfer.reconcile_at = None if hours is None else clock.ahead(hours=hours)
    transfer.words = f"{viewer.name} stopped it: {why}"
    transfer.save()
    tell(transfer, "stopped", viewer)
    return transfer


@transaction.atomic
def attend_transfer(viewer: User, transfer_id: int) -> Transfer:
    """Somebody says that nothing is left to do about one that was refused or failed."""
    transfer = _locked(viewer, transfer_id)
    policy.require_settling(viewer, transfer)
    if transfer.state not in {State.REFUSED, State.FAILED}:
        raise Conflict("This is still on its way.")
    transfer.attended_at = clock.now()
    transfer.save(update_fields=["attended_at"])
    tell(transfer, "attended", viewer)
    return transfer


@transaction.atomic
def settle_difference(viewer: User, difference_id: int, note: str) -> Difference:
    """Somebody has found out why the other side's record differs, and says what came of it."""
    seen = queries.get_difference(viewer, difference_id)
    transfer = _locked(viewer, seen.transfer_id)
    policy.require_settling(viewer, transfer)
    difference = Difference.objects.select_for_update().get(pk=difference_id)
    if difference.settled_at is not None:
        raise Conflict("Somebody has settled this already.")
    difference.note = case_rules.required(note, "note", "what came of it", 1000)
    difference.settled_at, difference.settled_by = clock.now(), viewer
    difference.save(update_fields=["note", "settled_at", "settled_by"])
    tell(transfer, "difference_settled", viewer)
    return difference
