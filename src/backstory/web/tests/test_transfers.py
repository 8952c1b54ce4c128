"""Transfers and connectors through the doors that people use."""

import sqlite3
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from backstory.recovery import actions, carrying
from backstory.recovery.connectors.tests.bank import SECRET, Bank, http_settings, running
from backstory.recovery.models import Connector, Remedy, Transfer
from backstory.recovery.tests.transferring import set_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank() -> Iterator[Bank]:
    with running(payments={"pi_3Maya": "eur"}) as service:
        yield service


@pytest.fixture
def refund(cast, complaint, bank):
    """A refund of Maya's on its way through Stripe, waiting for the payment's reference."""
    set_up(cast, "stripe", {"api": bank.url, "private_hosts": ["127.0.0.1"]}, SECRET, recipient_is="asked")
    remedy = actions.offer_remedy(cast.alice, complaint.pk, "refund", "25", "EUR", "She paid twice.")
    return actions.begin_transfer(remedy.pk)


def case(client, complaint) -> str:
    return client.get(f"/conversations/{complaint.conversation_id}/").content.decode()


def test_an_agent_names_the_payment_and_sees_what_became_of_it(alice, complaint, refund, bank) -> None:
    assert "Which payment or account is it for?" in case(alice, complaint)
    alice.post(f"/transfers/{refund.pk}/release/", {"recipient": "pi_3Maya"})
    assert "Waits to be carried out" in case(alice, complaint)
    bank.faults = ["closes_after"]
    carrying.carry(refund.pk)
    assert "Uncertain: perhaps it moved" in case(alice, complaint)
    Transfer.objects.update(next_try_at=refund.created_at)
    carrying.carry(refund.pk)
    shown = case(alice, complaint)
    assert "Carried out" in shown
    assert "re_1" in shown
    trail = alice.get(f"/transfers/{refund.pk}/").content.decode()
    assert "Asked to carry out" in trail
    assert SECRET not in trail


def test_leads_see_in_the_frame_that_something_waits_and_decide_there(alice, bob, charlie, complaint, refund) -> None:
    Transfer.objects.update(state="uncertain", perhaps_since=refund.created_at, recipient="pi_3Maya")
    page = bob.get("/transfers/").content.decode()
    assert "Uncertain: perhaps it moved" in page
    assert '<span class="rail-count">1<span class="visually-hidden"> to look at' in page
    assert "rail-count" not in case(alice, complaint)
    assert charlie.get(f"/transfers/{refund.pk}/").status_code == 404
    answer = bob.post(f"/transfers/{refund.pk}/confirm/", {"evidence": "Statement, line 4", "next": "/transfers/"})
    assert (answer.status_code, answer["Location"]) == (302, "/transfers/")
    assert Remedy.objects.get().evidence == "Statement, line 4"
    assert "Nothing waits for you" in bob.get("/transfers/").content.decode()


def test_without_a_connector_a_remedy_is_marked_as_paid_by_hand(cast, alice, complaint) -> None:
    remedy = actions.offer_remedy(cast.alice, complaint.pk, "refund", "25", "EUR", "She paid twice.")
    assert "Mark as paid by hand" in case(alice, complaint)
    alice.post(f"/remedies/{remedy.pk}/paid/", {"evidence": "SEPA 4711"})
    assert "SEPA 4711" in case(alice, complaint)


def test_an_administrator_adds_describes_tries_and_switches_on(dana, bank) -> None:
    page = dana.post("/settings/connectors/add/", {"kind": "http", "name": "Shop"})
    connector = Connector.objects.get()
    assert page["Location"] == f"/settings/connectors/{connector.pk}/"
    assert "First say how the other system is reached" in dana.get(page["Location"]).content.decode()
    given = {
        "title": "Shop",
        "url": f"{bank.url}/payments",
        "method": "POST",
        "body": '{"key": "{{key}}", "amount": "{{amount_minor}}", "currency": "{{currency}}", '
        '"recipient": "{{recipient}}"}',
        "headers": "Authorization: Bearer {{secret}}",
        "secret": SECRET,
        "look_url": f"{bank.url}/payments?key={{{{key}}}}",
        "reading_state": "/payment/status",
        "reading_states": "succeeded: done\npending: pending",
        "reading_reference": "/payment/id",
        "found": "/payments",
        "found_state": "/status",
        "found_reference": "/id",
        "idempotency_header": "Idempotency-Key",
        "honours_keys": "yes",
    }
    refused = dana.post(f"{page['Location']}reach/", given)
    assert refused.status_code == 422
    assert "Use https" in refused.content.decode()
    assert SECRET not in refused.content.decode()
    dana.post(f"{page['Location']}reach/", {**given, "private_hosts": "127.0.0.1"})
    dana.post(
        f"{page['Location']}service/",
        {"kinds": ["refund"], "currencies": "eur", "when": "granted", "recipient_is": "email", "press_above": ""},
    )
    dana.post(f"{page['Location']}test/")
    carrying.try_connector(connector.tests.get().pk)
    shown = dana.get(page["Location"]).content.decode()
    assert "does not know our sample" in shown
    assert SECRET not in shown
    dana.post(f"{page['Location']}state/", {"to": "resume"})
    assert Connector.objects.get().is_active
    assert "On</span>" in dana.get("/settings/connectors/").content.decode()


def test_what_was_described_in_the_form_carries_out(cast, dana, complaint, bank) -> None:
    test_an_administrator_adds_describes_tries_and_switches_on(dana, bank)
    remedy = actions.offer_remedy(cast.alice, complaint.pk, "refund", "25", "EUR", "She paid twice.")
    transfer = actions.begin_transfer(remedy.pk)
    bank.faults = ["garbage_after"]
    carrying.carry(transfer.pk)
    Transfer.objects.update(next_try_at=transfer.created_at)
    carrying.carry(transfer.pk)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.reference) == ("done", "re_1")


def test_finance_gets_a_file_and_answers_with_another(cast, bob, complaint) -> None:
    connector = set_up(cast, "csv", {}, "")
    remedy = actions.offer_remedy(cast.alice, complaint.pk, "refund", "25", "EUR", "She paid twice.")
    transfer = actions.begin_transfer(remedy.pk)
    carrying.carry(transfer.pk)
    assert "Make a file of 1 payment in EUR" in bob.get("/transfers/files/").content.decode()
    bob.post("/transfers/files/make/", {"connector": connector.pk, "currency": "EUR"})
    batch = connector.hand_overs.get()
    file = bob.post(f"/transfers/files/{batch.pk}/")
    assert file["Content-Disposition"] == f'attachment; filename="{batch.number}-EUR.csv"'
    assert transfer.key in file.content.decode()
    assert "Content-Disposition" not in bob.post(f"/transfers/files/{batch.pk}/")
    assert "handed over already" in bob.get("/transfers/files/").content.decode()
    answer = SimpleUploadedFile("answer.csv", f"key,state,reference\n{transfer.key},paid,SEPA-1\n".encode())
    bob.post("/transfers/files/answer/", {"connector": connector.pk, "file": answer})
    assert Remedy.objects.get().evidence == "Pay: SEPA-1"
    assert "B-0" in bob.get("/transfers/files/").content.decode()


def test_a_case_is_looked_up_in_the_companys_own_database(cast, alice, charlie, complaint, settings, tmp_path) -> None:
    settings.SOURCES_DIR = tmp_path
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.execute("create table orders (number, email, payment)")
        shop.execute("insert into orders values ('O-17', 'maya@customer.example', 'pi_3Maya')")
    shop.close()
    statement = "select number, payment from orders where email = :email"
    row = actions.add_connector(cast.dana, "sql", "Shop")
    actions.set_up_connector(
        cast.dana, row.pk, "Shop", {"database": "sqlite", "name": "shop.db", "statement": statement}
    )
    actions.resume_connector(cast.dana, row.pk)
    assert "Look up orders and payments" in case(alice, complaint)
    asked = {"connector": row.pk, "email": "maya@customer.example"}
    assert charlie.post(f"/complaints/{complaint.pk}/sources/", asked).status_code == 404
    alice.post(f"/complaints/{complaint.pk}/sources/", asked)
    carrying.read_source(row.readings.get().pk)
    assert "pi_3Maya" in case(alice, complaint)


def test_differences_are_listed_until_somebody_settles_them(cast, bob, complaint, bank) -> None:
    set_up(cast, "http", http_settings(bank), SECRET)
    bank.faults = ["lies_done"]
    remedy = actions.offer_remedy(cast.alice, complaint.pk, "refund", "25", "EUR", "She paid twice.")
    transfer = actions.begin_transfer(remedy.pk)
    carrying.carry(transfer.pk)
    Transfer.objects.update(reconcile_at=transfer.created_at)
    carrying.reconcile(transfer.pk)
    page = bob.get("/transfers/differences/").content.decode()
    assert "the other side knows of nothing" in page
    difference = transfer.differences.get()
    bob.post(f"/transfers/differences/{difference.pk}/", {"note": "They paid on Monday."})
    assert "They paid on Monday." in bob.get("/transfers/differences/").content.decode()
