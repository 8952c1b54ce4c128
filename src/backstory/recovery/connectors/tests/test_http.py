"""The generic connector against a real service on this machine, which misbehaves."""

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest

from backstory.kernel.money import Money
from backstory.recovery.connectors import Misconfigured, Order, State, believed, make
from backstory.recovery.connectors.tests.bank import SECRET, Bank, http_settings, running

pytestmark = pytest.mark.once
ORDER = Order("key-1", Money(Decimal("25.00"), "EUR"), "acc/7?x=1", "refund", "C-0001")


@pytest.fixture
def bank() -> Iterator[Bank]:
    with running() as service:
        yield service


def connector(bank: Bank, secret: str = SECRET, **more):
    return make("http", http_settings(bank, **more), secret)


def test_an_order_is_carried_out_with_its_key_and_found_again(bank: Bank) -> None:
    outcome = connector(bank).carry_out(ORDER)
    assert (outcome.state, outcome.reference, outcome.money) == (State.DONE, "re_1", ORDER.money)
    _, _, headers, body = bank.asked[0]
    assert headers["Idempotency-Key"] == "key-1"
    assert json.loads(body) == {
        "key": "key-1",
        "amount": 2500,
        "currency": "EUR",
        "recipient": "acc/7?x=1",
        "note": "Complaint C-0001",
    }
    assert connector(bank).look_up(ORDER).state == State.DONE


def test_what_a_customer_is_called_never_becomes_part_of_the_request(bank: Bank) -> None:
    evil = Order("k&amount=1", ORDER.money, '","amount":1,"x":"{{secret}}', "refund", "C-0001")
    connector(bank).carry_out(evil)
    assert json.loads(bank.asked[0][3])["recipient"] == evil.recipient
    assert json.loads(bank.asked[0][3])["amount"] == 2500
    connector(bank).look_up(evil)
    assert bank.asked[1][1] == "/payments?key=k%26amount%3D1"


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("fails_before", State.UNKNOWN),
        ("fails_after", State.UNKNOWN),
        ("closes_before", State.UNKNOWN),
        ("closes_after", State.UNKNOWN),
        ("garbage_after", State.UNKNOWN),
        ("redirects", State.UNKNOWN),
        ("conflict", State.UNKNOWN),
        ("busy", State.ABSENT),
        ("refuses", State.REFUSED),
        ("pending", State.PENDING),
        ("answers_twice", State.DONE),
        ("other_amount", State.UNKNOWN),
        ("other_currency", State.UNKNOWN),
        ("other_payment", State.UNKNOWN),
    ],
)
def test_each_fault_is_what_it_is(bank: Bank, fault: str, state: State) -> None:
    bank.faults = [fault]
    assert believed(ORDER, connector(bank).carry_out(ORDER)).state == state


def test_an_answer_that_takes_too_long_is_not_waited_for(bank: Bank) -> None:
    bank.faults = ["times_out_after"]
    outcome = connector(bank, seconds=1).carry_out(ORDER)
    assert outcome.state == State.UNKNOWN
    assert len(bank.moved("key-1")) == 1


def test_nothing_moved_where_nobody_was_reached(bank: Bank) -> None:
    settings = http_settings(bank)
    settings["carry_out"]["url"] = "http://127.0.0.1:9/payments"
    assert make("http", settings, SECRET).carry_out(ORDER).state == State.ABSENT


def test_two_movements_under_one_key_are_said(bank: Bank) -> None:
    bank.faults = ["acts_twice"]
    connector(bank).carry_out(ORDER)
    outcome = believed(ORDER, connector(bank).look_up(ORDER))
    assert outcome.state == State.UNKNOWN
    assert "2 movements" in outcome.words


def test_the_secret_is_in_no_evidence(bank: Bank) -> None:
    outcome = connector(bank, secret="sk_test_wrong_but_secret_all_the_same").carry_out(ORDER)
    assert outcome.state == State.ABSENT
    assert outcome.hopeless
    assert outcome.evidence.status == 401
    assert "sk_test" not in outcome.evidence.answer + outcome.words
    assert "sk_test" not in repr(connector(bank)._call(connector(bank).settings.carry_out, ORDER, acting=True))


def test_a_redirect_is_never_followed(bank: Bank) -> None:
    bank.faults = ["redirects"]
    connector(bank).carry_out(ORDER)
    assert [path for _, path, _, _ in bank.asked] == ["/payments"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"carry_out": {"url": "http://pay.example.com/x"}}, "https"),
        ({"carry_out": {"url": "https://{{recipient}}/x"}}, "placeholders"),
        ({"carry_out": {"url": "https://user:pass@pay.example.com/x"}}, "Leave names"),
        ({"carry_out": {"url": "https://pay.example.com/{{iban}}"}}, "not known here"),
        ({"carry_out": {"url": "https://pay.example.com/{{secret}}"}}, "not known here"),
        ({"carry_out": {"url": "file:///etc/passwd"}}, "placeholders|address"),
    ],
)
def test_settings_that_could_do_harm_are_refused(bank: Bank, change: dict, words: str) -> None:
    with pytest.raises(Misconfigured, match=words):
        make("http", {**http_settings(bank), **change})


def test_an_openapi_document_must_know_the_operation_and_allow_its_body(bank: Bank) -> None:
    amount = {"type": "object", "required": ["amount"], "properties": {"amount": {"$ref": "#/components/schemas/A"}}}
    post = {"requestBody": {"content": {"application/json": {"schema": amount}}}}
    document = {
        "openapi": "3.1.0",
        "paths": {"/payments": {"post": post, "get": {}}},
        "components": {"schemas": {"A": {"type": "integer"}}},
    }
    connector(bank, openapi=document)
    document["components"]["schemas"]["A"] = {"type": "string"}
    with pytest.raises(Misconfigured, match="does not allow amount"):
        connector(bank, openapi=document)
    document["components"]["schemas"]["A"] = {"$ref": "http://169.254.169.254/latest"}
    with pytest.raises(Misconfigured, match="cannot be read"):
        connector(bank, openapi=document)
    del document["paths"]["/payments"]["post"]
    with pytest.raises(Misconfigured, match="no operation POST"):
        connector(bank, openapi=document)


def test_the_test_button_moves_nothing(bank: Bank) -> None:
    assert [good for _, good, _ in connector(bank).check()] == [True]
    assert [good for _, good, _ in connector(bank, secret="wrong").check()] == [False]
    assert bank.ledger == []
