"""Money never moves twice: seeded histories of faults, killed workers and workers that come back from the dead.

Each history has some refunds, a service that fails in every way it knows, and workers that are killed at every point
between claiming a transfer and writing down how it went. Whatever happens, the service's ledger has at most one
movement for each remedy; and once the faults end, nothing is left that neither moved nor waits for a person.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from unittest.mock import patch

import pytest

from backstory.kernel import clock
from backstory.recovery import actions, carrying, queries
from backstory.recovery.connectors.tests.bank import FAULTS, SECRET, Bank, http_settings, running
from backstory.recovery.models import Transfer
from backstory.recovery.tests.transferring import another_complaint, later, set_up

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HISTORIES = int(os.environ.get("TRANSFER_HISTORIES", "6"))
STEPS = 14
KILL_POINTS = ("begin_look_up", "begin_attempt", "end_attempt", "settle_transfer")
State = Transfer.State


class Killed(BaseException):
    """The process ends here."""


@contextmanager
def killed_at(point: str, *, after: bool) -> Iterator[None]:
    """The worker ends when it reaches a point, before or after what happens there."""
    real = getattr(actions, point)

    def dies(*args: object, **kwargs: object) -> None:
        if after:
            real(*args, **kwargs)
        raise Killed

    with patch.object(carrying.actions, point, dies):
        yield


def work(random: Random, transfer_id: int) -> None:
    """One worker takes the transfer a step further, or dies over it."""
    if random.random() < 0.35:
        try:
            with killed_at(random.choice(KILL_POINTS), after=random.random() < 0.5):
                carrying.carry(transfer_id)
        except Killed:
            return
    else:
        carrying.carry(transfer_id)


def back_from_the_dead(random: Random, transfer_id: int) -> None:
    """A worker that slept since it claimed wakes up when somebody else has gone on, and goes on itself."""
    claimed = actions.claim_transfer(transfer_id)
    if claimed is None:
        return
    with later(minutes=11):
        actions.release_stuck_transfers()
        work(random, transfer_id)
        connector = carrying.connector_of(claimed.connector)
        if claimed.perhaps_since is None or carrying._looked_up(claimed, connector):
            carrying._carry_out(claimed, connector)


def misbehave(random: Random, bank: Bank) -> None:
    bank.faults = [random.choice(FAULTS)] if random.random() < 0.6 else []
    bank.look_faults = ["closes"] if random.random() < 0.2 else []


@pytest.mark.parametrize("honours_keys", [True, False], ids=["keys honoured", "keys ignored"])
@pytest.mark.parametrize("seed", range(HISTORIES))
def test_money_never_moves_twice(cast, write, seed: int, honours_keys: bool) -> None:
    random = Random(seed)
    with running(honours_keys=honours_keys) as bank:
        set_up(cast, "http", http_settings(bank), SECRET)
        moving = []
        for number in range(3):
            complaint = another_complaint(cast, write)
            remedy = actions.offer_remedy(cast.bob, complaint.pk, "refund", str(10 + number), "EUR", "Paid twice.")
            moving.append(actions.begin_transfer(remedy.pk).pk)
        moment = clock.now()
        for _ in range(STEPS):
            moment += random.choice([1, 5, 20, 90]) * (clock.ahead(minutes=1) - clock.ahead(minutes=0))
            with clock.travel(moment):
                actions.release_stuck_transfers()
                misbehave(random, bank)
                transfer_id = random.choice(moving)
                (back_from_the_dead if random.random() < 0.15 else work)(random, transfer_id)
        bank.settle()
        finish(bank, moment, moving)
        for transfer in Transfer.objects.all():
            assert len(bank.moved(transfer.key)) <= 1, f"seed {seed}: {transfer} moved twice"
            ended_well(cast, bank, transfer)


def finish(bank: Bank, moment, moving: list[int]) -> None:
    """The faults end, and the sweeps do their work for some days."""
    bank.faults, bank.look_faults = [], []
    for movement in bank.ledger:
        movement.status = "succeeded"
    for day in range(1, 9):
        with clock.travel(moment + day * (clock.ahead(days=1) - clock.ahead(days=0))):
            actions.release_stuck_transfers()
            for transfer_id in queries.due_transfers(clock.now()):
                carrying.carry(transfer_id)


def ended_well(cast, bank: Bank, transfer: Transfer) -> None:
    """What is said to be done has moved; what failed has not; what is unclear waits for a person who can see it."""
    moved = bool(bank.moved(transfer.key))
    if transfer.state == State.DONE:
        assert moved
    elif transfer.state in {State.FAILED, State.REFUSED}:
        assert not moved
    else:
        assert transfer.state == State.UNCERTAIN
        assert transfer in queries.stuck_transfers(cast.bob)
