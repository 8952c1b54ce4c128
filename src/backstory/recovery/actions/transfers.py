"""The states of a remedy on its way through a connector.

One worker claims a transfer by compare-and-set; before anything is asked that may move money, that is written down; and
what an attempt brought is kept only by whoever still has the claim. So a process may end at any moment: what it had not
begun begins again, what it had begun is looked up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from backstory.kernel import clock
from backstory.kernel.durable import durable
from backstory.kernel.errors import BackstoryError
from backstory.kernel.ids import token
from backstory.live.actions import record
from backstory.people.models import User
from backstory.recovery import queries, rules
from backstory.recovery.actions.offers import mark_carried_out
from backstory.recovery.connectors import Outcome
from backstory.recovery.connectors import State as Said
from backstory.recovery.models import Connector, Difference, Remedy, Transfer, TransferAttempt
from backstory.recovery.rules.transfers import Phase, Step

log = structlog.get_logger(__name__)

State = Transfer.State
CLAIM_LASTS = timedelta(minutes=10)
WORKER_DIED = "The process that asked ended before it could tell the answer."
_random = SystemRandom()


@dataclass(frozen=True, slots=True)
class Found:
    """What one question brought, and whether what it says differs in words from the outcome's."""

    outcome: Outcome
    step: Step


@transaction.atomic
def begin_transfer(remedy_id: int) -> Transfer | None:
    """Put a granted (or, where the connector waits for it, accepted) remedy on its way. None where it is for no
    connector, or is on its way already: done twice it is done once."""
    remedy = Remedy.objects.select_related("complaint__conversation").filter(pk=remedy_id).first()
    connector = None if remedy is None else queries.connector_for(remedy)
    if remedy is None or connector is None or Transfer.objects.filter(remedy=remedy).exists():
        return None
    recipient = queries.known_recipient(remedy, connector)
    held = not recipient or rules.needs_button(remedy.amount, connector.press_above)
    transfer, new = Transfer.objects.get_or_create(
        remedy=remedy,
        defaults={
            "connector": connector,
            "amount": remedy.amount,
            "currency": remedy.currency,
            "recipient": recipient,
            "state": State.HELD if held else State.WAITING,
        },
    )
    if not new:
        return None
    tell(transfer)
    return transfer


def tell(transfer: Transfer, kind: str = "", actor: User | None = None) -> None:
    """Record what became of a transfer."""
    conversation = transfer.remedy.complaint.conversation
    record(
        f"transfer.{kind or transfer.state}",
        actor=actor,
        conversation_id=conversation.pk,
        team_id=conversation.team_id,
        subject=("transfer", transfer.pk),
        connector=transfer.connector.name,
        money=str(transfer.money),
        reference=transfer.reference[:100],
    )


def claim_transfer(transfer_id: int) -> Transfer | None:
    """Take a transfer, or None when it is not due, its connector pauses, or somebody else has it."""
    moment = clock.now()
    due = Q(state=State.WAITING, next_try_at=None) | Q(
        state__in=[State.WAITING, State.PENDING, State.UNCERTAIN], next_try_at__lte=moment
    )
    rows = Transfer.objects.filter(due, pk=transfer_id, connector__is_active=True, remedy__carried_out_at=None)
    taken = rows.exclude(remedy__answer=Remedy.Answer.DECLINED, perhaps_since=None).update(
        resumes=F("state"), state=State.RUNNING, claim=token(), claimed_at=moment
    )
    return queries.whole_transfer(transfer_id) if taken else None


def _mine(transfer: Transfer) -> Q:
    return Q(pk=transfer.pk, state=State.RUNNING, claim=transfer.claim)


@durable()
def begin_attempt(transfer: Transfer) -> TransferAttempt | None:
    """Write down, just before it happens, that the other side is asked to move money; a power cut does not take that
    back. None when it must not happen: the claim was taken back, or somebody has carried the remedy out by hand."""
    moment = clock.now()
    begun = Transfer.objects.filter(_mine(transfer), remedy__carried_out_at=None).update(
        perhaps_since=Coalesce("perhaps_since", moment),
        first_tried_at=Coalesce("first_tried_at", moment),
        attempts=F("attempts") + 1,
        look_ups=0,
        cleared_at=None,
    )
    if not begun:
        return None
    return TransferAttempt.objects.create(transfer=transfer, kind=TransferAttempt.Kind.CARRY_OUT)


def begin_look_up(transfer: Transfer) -> TransferAttempt:
    """Write down that the other side is asked what became of it."""
    return TransferAttempt.objects.create(transfer=transfer, kind=TransferAttempt.Kind.LOOK_UP)


def end_attempt(attempt: TransferAttempt, outcome: Outcome) -> None:
    """Keep what an attempt brought, whoever has the claim now: it is what happened."""
    attempt.outcome, attempt.words, attempt.reference = outcome.state, outcome.words[:500], outcome.reference
    attempt.request_digest = outcome.evidence.request_digest
    attempt.status, attempt.answer = outcome.evidence.status, outcome.evidence.answer
    attempt.ended_at = clock.now()
    attempt.save()


@transaction.atomic
def settle_transfer(transfer: Transfer, found: Found, *, acted: bool, perhaps: bool) -> bool:
    """Keep what follows from an attempt (`acted`) or a look-up; False where the claim is somebody else's by now.

    `perhaps` says whether money may have moved before this attempt.
    """
    current = Transfer.objects.select_for_update().filter(_mine(transfer)).first()
    if current is None:
        log.warning("result of a lost claim", transfer_id=transfer.pk, outcome=found.outcome.state)
        return False
    step, outcome = found.step, found.outcome
    before = transfer.resumes
    transfer.state, transfer.claim, transfer.claimed_at, transfer.resumes = State(step.phase), "", None, ""
    transfer.words = (step.words or outcome.words)[:500]
    transfer.reference = outcome.reference or transfer.reference
    transfer.next_try_at = None if step.minutes is None else _after(step.minutes)
    transfer.look_ups = current.look_ups + (not acted)
    transfer.attempts, transfer.first_tried_at = current.attempts, current.first_tried_at
    transfer.cleared_at = current.cleared_at
    transfer.perhaps_since = (current.perhaps_since or clock.now()) if step.perhaps or perhaps else None
    transfer.refused_last = outcome.state == Said.REFUSED if acted else transfer.refused_last
    _end(transfer)
    transfer.save()
    if step.phase == Phase.DONE:
        note_carried_out(transfer, f"{transfer.connector.name}: {transfer.reference or transfer.key}")
    if transfer.state != before:
        tell(transfer)
    note_health(transfer.connector_id, outcome)
    return True


def _after(minutes: float) -> datetime:
    """The moment so many minutes from now, some more or less: many do not come back at once."""
    return clock.ahead(minutes=minutes * _random.uniform(0.8, 1.2))


def _end(transfer: Transfer) -> None:
    """A transfer that has come to an end is compared with the other side's own record later."""
    ended = transfer.state in {State.DONE, State.REFUSED, State.FAILED}
    transfer.ended_at = clock.now() if ended else None
    hours = rules.reconcile_hours(0) if ended and transfer.first_tried_at else None
    transfer.reconcile_at = None if hours is None else clock.ahead(hours=hours)
    transfer.reconciled = 0
    if transfer.state in {State.DONE, State.REFUSED}:
        transfer.perhaps_since = None


def note_carried_out(transfer: Transfer, evidence: str) -> None:
    """Say on the remedy that it is carried out. Where that contradicts what the customer said meanwhile, the money has
    moved all the same: that is for somebody to look at."""
    try:
        with transaction.atomic():
            mark_carried_out(transfer.remedy_id, evidence[:300], None)
    except BackstoryError as error:
        words = f"It was carried out, but: {error}"
        Difference.objects.get_or_create(
            transfer=transfer, kind=Difference.Kind.CONTRADICTS, settled_at=None, defaults={"words": words}
        )
        tell(transfer, "differs")


def note_health(connector_id: int, outcome: Outcome) -> None:
    """How the connector is: whether the other side answered, and if not, why."""
    moment = clock.now()
    row = Connector.objects.filter(pk=connector_id)
    if outcome.state in {Said.DONE, Said.PENDING, Said.REFUSED} or outcome.evidence.status == 200:
        row.update(last_good_at=moment, last_error="")
    elif outcome.evidence.status is None or outcome.evidence.status >= 400:
        row.update(last_error=outcome.words[:500], last_error_at=moment)


def release_stuck_transfers() -> int:
    """Transfers whose worker died: begun again where nothing may have moved, else looked up."""
    stuck = Transfer.objects.filter(state=State.RUNNING, claimed_at__lt=clock.now() - CLAIM_LASTS)
    return sum(_release(transfer) for transfer in stuck.select_related("connector", "remedy__complaint__conversation"))


@transaction.atomic
def _release(transfer: Transfer) -> bool:
    if transfer.perhaps_since is None:
        state, at = State.WAITING, None
    else:
        state = State.PENDING if transfer.resumes == State.PENDING else State.UNCERTAIN
        at = clock.now()
    mine = Transfer.objects.filter(_mine(transfer), perhaps_since=transfer.perhaps_since)
    freed = mine.update(state=state, next_try_at=at, claim="", claimed_at=None, words=WORKER_DIED)
    if freed:
        transfer.state = state
        tell(transfer)
    return bool(freed)
