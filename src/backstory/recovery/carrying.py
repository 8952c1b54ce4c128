"""Asking other systems: outside every transaction, one transfer at a time. Woken by tasks."""

import structlog
from django.conf import settings

from backstory.kernel import clock
from backstory.kernel.errors import BackstoryError
from backstory.kernel.secret import unseal
from backstory.recovery import actions, queries, rules
from backstory.recovery.actions import Found
from backstory.recovery.connectors import Connector, Order, Outcome, State, believed, make, sql
from backstory.recovery.models import Connector as Row
from backstory.recovery.models import SourceReading, Transfer
from backstory.recovery.rules.transfers import Facts, Phase, Step

log = structlog.get_logger(__name__)


def connector_of(row: Row) -> Connector:
    """The connector as its row describes it, with its secret."""
    return make(row.kind, row.settings, unseal(row.secret_sealed))


def carry(transfer_id: int) -> None:
    """Take a transfer one step further, if it is due and nobody else has it."""
    transfer = actions.claim_transfer(transfer_id)
    if transfer is None:
        return
    try:
        connector = connector_of(transfer.connector)
    except BackstoryError as error:
        _unusable(transfer, str(error))
        return
    if not _former_are_clear(transfer, connector):
        return
    a_person_looked = transfer.cleared_at is not None and not connector.can_look_up
    if transfer.perhaps_since is not None and not a_person_looked and not _looked_up(transfer, connector):
        return
    _carry_out(transfer, connector)


def _unusable(transfer: Transfer, words: str) -> None:
    """The connector cannot be used as it is set up: nothing was asked."""
    perhaps = transfer.perhaps_since is not None
    outcome = Outcome(State.UNKNOWN if perhaps else State.ABSENT, words=words, hopeless=True)
    step = Step(Phase.UNCERTAIN, None, perhaps=True) if perhaps else Step(Phase.FAILED)
    actions.settle_transfer(transfer, Found(outcome, step), acted=False, perhaps=perhaps)


def _facts(transfer: Transfer, connector: Connector, *, perhaps: bool) -> Facts:
    first = transfer.first_tried_at
    hours = 0.0 if first is None else (clock.now() - first).total_seconds() / 3600
    return Facts(
        attempts=transfer.attempts,
        look_ups=transfer.look_ups,
        perhaps=perhaps,
        pending=transfer.resumes == Transfer.State.PENDING,
        refused_last=transfer.refused_last,
        cleared=transfer.cleared_at is not None,
        honours_keys=connector.honours_keys,
        in_key_hours=hours < connector.key_hours,
        can_look_up=connector.can_look_up,
    )


def _asked(order: Order, connector: Connector, *, acting: bool) -> Outcome:
    """The other side's answer as it may be believed. A fault of ours while asking leaves it open what happened."""
    try:
        return believed(order, connector.carry_out(order) if acting else connector.look_up(order))
    except Exception as error:
        log.exception("a connector failed", kind=type(connector).__name__, error=type(error).__name__)
        return Outcome(State.UNKNOWN, words=f"The desk could not read the answer ({type(error).__name__}).")


def _former_are_clear(transfer: Transfer, connector: Connector) -> bool:
    """Whether nothing has moved under a key that was used before the recipient was corrected."""
    if not connector.can_look_up or transfer.perhaps_since is not None:
        return True
    for key, recipient in transfer.former:
        attempt = actions.begin_look_up(transfer)
        former = Order(key, transfer.money, recipient, transfer.remedy.kind, transfer.remedy.complaint.number)
        outcome = _asked(former, connector, acting=False)
        actions.end_attempt(attempt, outcome)
        if outcome.state in {State.DONE, State.PENDING}:
            words = f"Before the correction it was carried out after all: {outcome.reference}"
            step = Step(Phase.UNCERTAIN, None, perhaps=True, words=words)
            actions.settle_transfer(transfer, Found(outcome, step), acted=False, perhaps=True)
            return False
        if outcome.state == State.UNKNOWN:
            step = rules.wait_for_answer(transfer.look_ups)
            actions.settle_transfer(transfer, Found(outcome, step), acted=False, perhaps=False)
            return False
    return True


def _looked_up(transfer: Transfer, connector: Connector) -> bool:
    """Ask what became of an attempt; True where it may be carried out (again) now."""
    attempt = actions.begin_look_up(transfer)
    outcome = _asked(queries.order_of(transfer), connector, acting=False)
    actions.end_attempt(attempt, outcome)
    step = rules.after_look_up(outcome, _facts(transfer, connector, perhaps=True))
    if step.phase == Phase.ACT:
        return True
    actions.settle_transfer(transfer, Found(outcome, step), acted=False, perhaps=True)
    return False


def _carry_out(transfer: Transfer, connector: Connector) -> None:
    perhaps = transfer.perhaps_since is not None
    attempt = actions.begin_attempt(transfer)
    if attempt is None:
        log.warning("not carried out: the claim was lost", transfer_id=transfer.pk)
        return
    transfer.attempts, transfer.look_ups = transfer.attempts + 1, 0
    outcome = _asked(queries.order_of(transfer), connector, acting=True)
    actions.end_attempt(attempt, outcome)
    step = rules.after_carrying_out(outcome, _facts(transfer, connector, perhaps=perhaps))
    actions.settle_transfer(transfer, Found(outcome, step), acted=True, perhaps=perhaps)


def reconcile(transfer_id: int) -> None:
    """Compare a transfer that has ended with the other side's own record."""
    transfer = actions.claim_reconciling(transfer_id)
    if transfer is None:
        return
    try:
        connector = connector_of(transfer.connector)
    except BackstoryError:
        return
    if not connector.can_look_up:
        return
    outcome = _asked(queries.order_of(transfer), connector, acting=False)
    told = outcome.state != State.UNKNOWN or outcome.hopeless
    moved = transfer.state == Transfer.State.DONE
    actions.note_comparison(transfer, outcome, rules.difference(moved, outcome) if told else None, told=told)


def try_connector(test_id: int) -> None:
    """Try a connector: asks, and carries nothing out."""
    test = actions.claim_connector_test(test_id)
    if test is None:
        return
    row = test.connector
    try:
        steps = _source_steps(row) if row.kind == Row.Kind.SQL else connector_of(row).check()
    except BackstoryError as error:
        steps = [("Settings", False, str(error))]
    actions.finish_connector_test(test, steps)


def _source_steps(row: Row) -> list[tuple[str, bool, str]]:
    settings_of = sql.read_settings(row.settings)
    nobody = dict.fromkeys(sql.asked_with(settings_of), "nobody@example.invalid")
    found = sql.read(settings_of, unseal(row.secret_sealed), nobody, settings.SOURCES_DIR)
    return [("Statement", True, f"It runs, and gives these columns: {', '.join(found.columns)}.")]


def read_source(reading_id: int) -> None:
    """Ask a source what a person wants to know; done twice it is kept once."""
    rows = SourceReading.objects.select_related("connector", "complaint__conversation")
    reading = rows.filter(pk=reading_id, state=SourceReading.State.WAITING).first()
    if reading is None:
        return
    try:
        row = reading.connector
        found = sql.read(
            sql.read_settings(row.settings), unseal(row.secret_sealed), reading.parameters, settings.SOURCES_DIR
        )
    except BackstoryError as error:
        actions.finish_reading(reading, None, str(error))
    else:
        actions.finish_reading(reading, found.model_dump())
