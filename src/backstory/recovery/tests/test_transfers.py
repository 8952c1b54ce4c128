"""Remedies carried out through connectors, against a service on this machine that misbehaves."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from backstory.kernel import clock
from backstory.kernel.errors import Conflict, NotAllowed, NotFound
from backstory.live.models import Event
from backstory.recovery import actions, carrying, queries
from backstory.recovery.connectors.tests.bank import SECRET, Bank, http_settings, running
from backstory.recovery.models import Connector, Difference, Remedy, Transfer, TransferAttempt
from backstory.recovery.tests.transferring import another_complaint, later, set_up

pytestmark = pytest.mark.django_db
State = Transfer.State


@pytest.fixture
def bank() -> Iterator[Bank]:
    with running() as service:
        yield service


@pytest.fixture
def connector(cast, bank: Bank) -> Connector:
    return set_up(cast, "http", http_settings(bank), SECRET)


@pytest.fixture
def refund(cast, complaint, connector):
    """A refund on its way: `refund(amount)`."""

    def grant(amount: str = "25") -> Transfer:
        remedy = actions.offer_remedy(cast.bob, complaint.pk, "refund", amount, "EUR", "She paid twice.")
        transfer = actions.begin_transfer(remedy.pk)
        assert transfer is not None
        return transfer

    return grant


def carried(transfer: Transfer) -> Transfer:
    carrying.carry(transfer.pk)
    transfer.refresh_from_db()
    return transfer


def test_a_granted_refund_is_carried_out_once_and_kept_with_its_reference(cast, refund, bank: Bank) -> None:
    transfer = carried(refund())
    assert (transfer.state, transfer.reference) == (State.DONE, "re_1")
    remedy = Remedy.objects.get()
    assert remedy.carried_out_at is not None and remedy.evidence == "Pay: re_1"
    carrying.carry(transfer.pk)
    actions.begin_transfer(remedy.pk)
    assert len(bank.ledger) == Event.objects.filter(kind="transfer.done").count() == 1


def test_without_a_connector_it_is_for_a_person(cast, complaint) -> None:
    remedy = actions.offer_remedy(cast.bob, complaint.pk, "refund", "25", "EUR", "She paid twice.")
    assert actions.begin_transfer(remedy.pk) is None
    assert actions.mark_carried_out(remedy.pk, "SEPA 17", cast.bob).evidence == "SEPA 17"


def test_what_was_granted_before_a_connector_was_switched_on_is_none_of_its_business(cast, complaint, bank) -> None:
    remedy = actions.offer_remedy(cast.bob, complaint.pk, "refund", "25", "EUR", "She paid twice.")
    set_up(cast, "http", http_settings(bank), SECRET)
    assert actions.begin_transfer(remedy.pk) is None
    assert queries.remedies_without_transfer(clock.now() - timedelta(days=7)) == []


def test_a_lost_wake_up_is_made_good(cast, complaint, connector) -> None:
    remedy = actions.offer_remedy(cast.bob, complaint.pk, "refund", "25", "EUR", "She paid twice.")
    assert queries.remedies_without_transfer(clock.now() - timedelta(days=7)) == [remedy.pk]


def test_a_connector_that_waits_for_the_customer_waits(cast, complaint, bank) -> None:
    set_up(cast, "http", http_settings(bank), SECRET, when="accepted")
    remedy = actions.offer_remedy(cast.bob, complaint.pk, "refund", "25", "EUR", "She paid twice.")
    assert actions.begin_transfer(remedy.pk) is None
    actions.record_answer(remedy.pk, "accepted", viewer=None)
    assert actions.begin_transfer(remedy.pk) is not None


def test_above_an_amount_a_lead_presses_the_button(cast, complaint, bank) -> None:
    set_up(cast, "http", http_settings(bank), SECRET, press_above="50")
    remedy = actions.offer_remedy(cast.bob, complaint.pk, "refund", "80", "EUR", "She paid twice.")
    transfer = actions.begin_transfer(remedy.pk)
    assert transfer.state == State.HELD
    assert carried(transfer).state == State.HELD
    with pytest.raises(NotAllowed, match="ask your lead"):
        actions.release_transfer(cast.alice, transfer.pk)
    with pytest.raises(NotFound):
        actions.release_transfer(cast.charlie, transfer.pk)
    actions.release_transfer(cast.bob, transfer.pk)
    assert carried(transfer).state == State.DONE


def test_somebody_says_which_payment_where_nobody_else_knows(cast, complaint, bank) -> None:
    set_up(cast, "http", http_settings(bank), SECRET, recipient_is="asked")
    remedy = actions.offer_remedy(cast.alice, complaint.pk, "refund", "20", "EUR", "She paid twice.")
    transfer = actions.begin_transfer(remedy.pk)
    actions.release_transfer(cast.alice, transfer.pk, "acc-7")
    assert carried(transfer).state == State.DONE
    assert bank.ledger[0].recipient == "acc-7"


@pytest.mark.parametrize("fault", ["fails_before", "fails_after", "closes_before", "closes_after", "garbage_after"])
def test_what_is_uncertain_is_looked_up_before_it_is_tried_again(refund, bank: Bank, fault: str) -> None:
    bank.faults = [fault]
    transfer = carried(refund())
    assert transfer.state == State.UNCERTAIN
    with later(minutes=1):
        assert carried(transfer).state == State.DONE
    kinds = list(TransferAttempt.objects.order_by("id").values_list("kind", flat=True))
    assert kinds[:2] == ["carry_out", "look_up"]
    assert len(bank.moved(transfer.key)) == 1


def test_where_keys_are_not_honoured_the_desk_never_repeats_by_itself(cast, complaint, bank: Bank) -> None:
    bank.honours_keys, bank.faults = False, ["late"]
    set_up(cast, "http", http_settings(bank), SECRET)
    remedy = actions.offer_remedy(cast.bob, complaint.pk, "refund", "25", "EUR", "She paid twice.")
    transfer = carried(actions.begin_transfer(remedy.pk))
    bank.look_faults = ["fails"]
    bank.settle()
    with later(minutes=1):
        assert carried(transfer).state == State.UNCERTAIN
    with later(minutes=5):
        assert carried(transfer).state == State.DONE
    assert len(bank.ledger) == 1


def test_what_no_look_up_can_tell_stays_uncertain_for_a_person(cast, refund, bank: Bank) -> None:
    transfer = refund()
    bank.faults, bank.look_faults = ["closes_before"], ["fails"] * 20
    carried(transfer)
    for hours in range(1, 20):
        with later(hours=hours * 13):
            carried(transfer)
    assert (transfer.state, transfer.next_try_at) == (State.UNCERTAIN, None)
    assert [each.pk for each in queries.stuck_transfers(cast.bob)] == [transfer.pk]
    with pytest.raises(Conflict, match="on its way"):
        actions.mark_carried_out(transfer.remedy_id, "by hand", cast.bob)
    actions.confirm_transfer(cast.bob, transfer.pk, "Statement of 3 May, line 4")
    assert queries.count_stuck(cast.bob) == 0
    assert Remedy.objects.get().evidence == "Statement of 3 May, line 4"


def test_nobody_reached_is_tried_again_and_given_up_without_doubt(refund, connector, cast) -> None:
    settings = {**connector.settings}
    settings["carry_out"] = {**settings["carry_out"], "url": "http://127.0.0.1:9/payments"}
    actions.set_up_connector(cast.dana, connector.pk, "Pay", settings, SECRET)
    transfer = carried(refund())
    assert transfer.state == State.WAITING
    assert transfer.perhaps_since is None
    for day in range(1, 10):
        with later(days=day):
            carried(transfer)
    assert transfer.state == State.FAILED
    assert transfer.attempts == 7


def test_a_clear_no_can_be_corrected_and_goes_under_a_new_key(cast, complaint, bank: Bank) -> None:
    set_up(cast, "stripe", {"api": bank.url, "private_hosts": ["127.0.0.1"]}, SECRET, recipient_is="asked")
    bank.payments = {"pi_3Maya": "eur"}
    remedy = actions.offer_remedy(cast.bob, complaint.pk, "refund", "25", "EUR", "She paid twice.")
    transfer = actions.begin_transfer(remedy.pk)
    actions.release_transfer(cast.bob, transfer.pk, "pi_typo")
    assert carried(transfer).state == State.REFUSED
    first = transfer.key
    actions.retry_transfer(cast.bob, transfer.pk, "pi_3Maya")
    assert carried(transfer).state == State.DONE
    assert transfer.key != first
    looked = [path for method, path, _, _ in bank.asked if method == "GET" and "pi_typo" in path]
    assert any(path.startswith("/v1/refunds") for path in looked)


def test_a_lie_about_the_amount_is_for_a_person_and_not_tried_again(cast, refund, bank: Bank) -> None:
    bank.faults = ["other_amount"]
    transfer = carried(refund())
    assert (transfer.state, transfer.next_try_at) == (State.UNCERTAIN, None)
    assert "€50.00" in transfer.words
    with later(days=1):
        assert carried(transfer).state == State.UNCERTAIN
    actions.retry_transfer(cast.bob, transfer.pk)
    assert carried(transfer).state == State.UNCERTAIN
    assert len(bank.ledger) == 1


def test_a_lie_that_it_was_done_is_found_when_records_are_compared(cast, refund, bank: Bank) -> None:
    bank.faults = ["lies_done"]
    transfer = carried(refund())
    assert transfer.state == State.DONE
    assert queries.due_reconciling(clock.now()) == []
    with later(hours=2):
        assert queries.due_reconciling(clock.now()) == [transfer.pk]
        carrying.reconcile(transfer.pk)
        carrying.reconcile(transfer.pk)
    difference = Difference.objects.get()
    assert difference.kind == "missing"
    assert queries.count_stuck(cast.bob) == 1
    assert queries.count_stuck(cast.alice) == 0
    with pytest.raises(NotAllowed):
        actions.settle_difference(cast.alice, difference.pk, "x")
    actions.settle_difference(cast.bob, difference.pk, "They had lost it and paid on Monday.")
    assert queries.count_stuck(cast.bob) == 0


def test_what_agrees_is_compared_again_some_days_later_and_then_no_more(refund, bank: Bank) -> None:
    transfer = carried(refund())
    for days in (1, 2, 8, 31, 60):
        with later(days=days):
            carrying.reconcile(transfer.pk)
    transfer.refresh_from_db()
    assert (transfer.reconciled, transfer.reconcile_at) == (4, None)
    bank.ledger[0].status = "failed"
    assert not Difference.objects.exists()


def test_a_refund_that_fails_later_is_found(refund, bank: Bank) -> None:
    transfer = carried(refund())
    bank.ledger[0].status = "failed"
    with later(hours=2):
        carrying.reconcile(transfer.pk)
    assert Difference.objects.get().kind == "undone"


def test_what_moved_after_all_is_found(cast, refund, bank: Bank) -> None:
    bank.faults = ["refuses"]
    transfer = carried(refund())
    assert transfer.state == State.REFUSED
    bank.move(transfer.key, 2500, "eur", transfer.recipient)
    with later(hours=2):
        carrying.reconcile(transfer.pk)
    assert Difference.objects.get().kind == "moved"


def test_what_is_pending_is_followed_to_its_end(refund, bank: Bank) -> None:
    bank.faults = ["pending"]
    transfer = carried(refund())
    assert transfer.state == State.PENDING
    bank.ledger[0].status = "succeeded"
    with later(minutes=2):
        assert carried(transfer).state == State.DONE


def test_a_worker_that_dies_before_asking_leaves_nothing_in_doubt(refund) -> None:
    transfer = refund()
    assert actions.claim_transfer(transfer.pk) is not None
    assert actions.claim_transfer(transfer.pk) is None
    with later(minutes=11):
        assert actions.release_stuck_transfers() == 1
        assert carried(transfer).state == State.DONE


def test_a_worker_whose_claim_was_taken_back_asks_nothing_any_more(refund, bank: Bank) -> None:
    transfer = refund()
    claimed = actions.claim_transfer(transfer.pk)
    with later(minutes=11):
        actions.release_stuck_transfers()
        assert carried(transfer).state == State.DONE
    assert actions.begin_attempt(claimed) is None
    assert len(bank.ledger) == 1


def test_what_was_done_by_hand_does_not_go_through_the_connector_too(cast, refund, bank: Bank) -> None:
    transfer = refund()
    actions.mark_carried_out(transfer.remedy_id, "Cash, receipt 12", cast.bob)
    assert carried(transfer).state == State.FAILED
    assert transfer.by_hand
    assert queries.count_stuck(cast.bob) == 0
    assert bank.ledger == []


def test_what_the_customer_declines_does_not_go_out(cast, refund, bank: Bank) -> None:
    transfer = refund()
    actions.record_answer(transfer.remedy_id, "declined", viewer=None)
    assert carried(transfer).state == State.WAITING
    assert bank.ledger == []
    assert actions.stop_for_hand(transfer.remedy_id)


def test_a_pause_lets_everything_wait(cast, refund, connector, bank: Bank) -> None:
    transfer = refund()
    actions.pause_connector(cast.dana, connector.pk)
    assert carried(transfer).state == State.WAITING
    actions.resume_connector(cast.dana, connector.pk)
    assert carried(transfer).state == State.DONE


def test_every_attempt_is_on_record_without_secrets(cast, refund, connector, bank: Bank) -> None:
    bank.faults = ["fails_after"]
    transfer = carried(refund())
    with later(minutes=1):
        carried(transfer)
    tries = queries.attempts(transfer)
    assert [(each.kind, each.outcome, each.status) for each in tries] == [
        ("carry_out", "unknown", 500),
        ("look_up", "done", 200),
    ]
    assert len(tries[0].request_digest) == 64
    everything = [str(row) for model in (TransferAttempt, Event, Transfer, Connector) for row in model.objects.values()]
    assert SECRET not in "".join(everything)


def test_a_stored_secret_goes_to_no_other_host(cast, connector) -> None:
    settings = {**connector.settings, "carry_out": {**connector.settings["carry_out"], "url": "https://evil.example/x"}}
    changed = actions.set_up_connector(cast.dana, connector.pk, "Pay", settings)
    assert changed.secret_sealed == ""


def test_only_administrators_say_which_systems_are_called(cast, connector) -> None:
    for user in (cast.alice, cast.bob, cast.charlie):
        with pytest.raises(NotAllowed):
            actions.set_up_connector(user, connector.pk, "Mine", {})
        with pytest.raises(NotAllowed):
            queries.connectors(user)


def test_payments_go_to_finance_in_one_file_and_come_back_once(cast, write, complaint) -> None:
    connector = set_up(cast, "csv", {}, "")
    other = another_complaint(cast, write)
    remedies = [
        actions.offer_remedy(cast.bob, each.pk, "refund", amount, "EUR", "She paid twice.")
        for each, amount in ((complaint, "25"), (other, "10.50"))
    ]
    for remedy in remedies:
        carried(actions.begin_transfer(remedy.pk))
    batch = actions.make_hand_over(cast.bob, connector.pk, "EUR")
    assert (batch.count, str(batch.total)) == (2, "35.50")
    with pytest.raises(Conflict, match="Nothing waits"):
        actions.make_hand_over(cast.bob, connector.pk, "EUR")
    _, data = actions.fetch_hand_over(cast.bob, batch.pk)
    with pytest.raises(Conflict, match="handed over already"):
        actions.fetch_hand_over(cast.bob, batch.pk)
    assert actions.fetch_hand_over(cast.bob, batch.pk, again=True)[1] == data
    with pytest.raises(NotAllowed):
        actions.fetch_hand_over(cast.alice, batch.pk)
    first, second = (Transfer.objects.get(remedy=remedy) for remedy in remedies)
    answer = f"key,state,reference,amount,currency\n{first.key},paid,SEPA-1,25.00,EUR\n{second.key},paid,SEPA-2,9,EUR\n"
    paid, refused, odd = actions.take_answer(cast.bob, connector.pk, answer.encode())
    assert (paid, refused, len(odd)) == (1, 0, 1)
    assert actions.take_answer(cast.bob, connector.pk, answer.encode())[0] == 0
    assert Difference.objects.get().transfer_id == second.pk
    first.refresh_from_db()
    assert (first.state, first.reference) == (State.DONE, "SEPA-1")
    with pytest.raises(Conflict, match="on its way"):
        actions.mark_carried_out(second.remedy_id, "by hand", cast.bob)


def test_what_was_refused_but_moved_is_found_before_it_is_tried_again(cast, complaint, bank: Bank) -> None:
    bank.honours_keys, bank.faults = False, ["refuses"]
    set_up(cast, "http", http_settings(bank), SECRET)
    remedy = actions.offer_remedy(cast.bob, complaint.pk, "refund", "25", "EUR", "She paid twice.")
    transfer = carried(actions.begin_transfer(remedy.pk))
    assert transfer.state == State.REFUSED
    bank.move(transfer.key, 2500, "eur", transfer.recipient)
    actions.retry_transfer(cast.bob, transfer.pk)
    assert carried(transfer).state == State.DONE
    assert len(bank.ledger) == 1


def test_where_nothing_can_be_looked_up_a_person_who_has_looked_can_have_it_tried_again(cast, complaint, bank) -> None:
    set_up(cast, "http", http_settings(bank, look_up=None), SECRET)
    bank.faults = ["closes_before"]
    remedy = actions.offer_remedy(cast.bob, complaint.pk, "refund", "25", "EUR", "She paid twice.")
    transfer = carried(actions.begin_transfer(remedy.pk))
    assert (transfer.state, transfer.next_try_at) == (State.UNCERTAIN, None)
    with later(days=9):
        assert carried(transfer).state == State.UNCERTAIN
        actions.retry_transfer(cast.bob, transfer.pk)
        assert carried(transfer).state == State.DONE
    assert len(bank.ledger) == 1


def test_what_finance_refused_can_go_into_another_file(cast, complaint) -> None:
    connector = set_up(cast, "csv", {}, "")
    remedy = actions.offer_remedy(cast.bob, complaint.pk, "refund", "25", "EUR", "She paid twice.")
    transfer = carried(actions.begin_transfer(remedy.pk))
    first = actions.make_hand_over(cast.bob, connector.pk, "EUR")
    actions.take_answer(cast.bob, connector.pk, f"key,state\n{transfer.key},refused\n".encode())
    actions.retry_transfer(cast.bob, transfer.pk, "Maya Lind, DE 12")
    assert carried(transfer).state == State.PENDING
    second = actions.make_hand_over(cast.bob, connector.pk, "EUR")
    assert second.pk != first.pk


def test_a_look_up_that_finds_nothing_is_no_leave_to_repeat_where_keys_are_ignored(cast, complaint, bank: Bank) -> None:
    bank.honours_keys, bank.faults = False, ["closes_before"]
    set_up(cast, "http", http_settings(bank), SECRET)
    remedy = actions.offer_remedy(cast.bob, complaint.pk, "refund", "25", "EUR", "She paid twice.")
    transfer = carried(actions.begin_transfer(remedy.pk))
    for day in range(1, 12):
        with later(days=day):
            carried(transfer)
    assert (transfer.state, transfer.next_try_at) == (State.UNCERTAIN, None)
    assert [method for method, *_ in bank.asked].count("POST") == 1
