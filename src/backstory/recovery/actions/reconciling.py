"""Comparing what we believe with the other side's own record."""

from datetime import timedelta

from django.db import transaction

from backstory.kernel import clock
from backstory.recovery import rules
from backstory.recovery.actions.transfers import note_health, tell
from backstory.recovery.connectors import Outcome
from backstory.recovery.models import Difference, Transfer, TransferAttempt

State = Transfer.State


def claim_reconciling(transfer_id: int) -> Transfer | None:
    """A transfer to compare now, its next comparison put off first: two workers do not ask twice."""
    moment = clock.now()
    due = Transfer.objects.filter(pk=transfer_id, reconcile_at__lte=moment)
    if not due.update(reconcile_at=clock.ahead(hours=1)):
        return None
    return Transfer.objects.select_related("connector", "remedy__complaint__conversation").get(pk=transfer_id)


@transaction.atomic
def note_comparison(transfer: Transfer, outcome: Outcome, differs: tuple[str, str] | None, *, told: bool) -> None:
    """Keep what the comparison brought. `told` False: it did not answer, so it is asked again in an hour."""
    TransferAttempt.objects.create(
        transfer=transfer,
        kind=TransferAttempt.Kind.RECONCILE,
        outcome=outcome.state,
        words=outcome.words[:500],
        reference=outcome.reference,
        request_digest=outcome.evidence.request_digest,
        status=outcome.evidence.status,
        answer=outcome.evidence.answer,
        ended_at=clock.now(),
    )
    note_health(transfer.connector_id, outcome)
    if not told:
        return
    rounds = transfer.reconciled + 1
    hours = rules.reconcile_hours(rounds)
    next_at = (
        None
        if hours is None or transfer.ended_at is None
        else max(clock.now(), transfer.ended_at + timedelta(hours=hours))
    )
    Transfer.objects.filter(pk=transfer.pk).update(reconciled=rounds, reconciled_at=clock.now(), reconcile_at=next_at)
    if differs is not None:
        kind, words = differs
        _, new = Difference.objects.get_or_create(
            transfer=transfer, kind=kind, settled_at=None, defaults={"words": words[:500]}
        )
        if new:
            tell(transfer, "differs")
