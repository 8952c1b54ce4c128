"""Stripe's refunds against a service on this machine with Stripe's shapes."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from urllib.parse import parse_qs

import pytest

from backstory.kernel.money import Money
from backstory.recovery.connectors import Misconfigured, Order, State, believed, make
from backstory.recovery.connectors.stripe import places
from backstory.recovery.connectors.tests.bank import SECRET, Bank, running

pytestmark = pytest.mark.once
ORDER = Order("key-1", Money(Decimal("25.00"), "EUR"), "pi_3Maya", "refund", "C-0001")


@pytest.fixture
def bank() -> Iterator[Bank]:
    with running(payments={"pi_3Maya": "eur", "pi_usd": "usd"}) as service:
        yield service


def stripe(bank: Bank, secret: str = SECRET):
    return make("stripe", {"api": bank.url, "private_hosts": ["127.0.0.1"]}, secret)


def test_a_refund_is_asked_for_as_stripe_documents_it(bank: Bank) -> None:
    outcome = stripe(bank).carry_out(ORDER)
    assert (outcome.state, outcome.reference) == (State.DONE, "re_1")
    method, path, headers, body = bank.asked[-1]
    assert (method, path) == ("POST", "/v1/refunds")
    assert headers["Idempotency-Key"] == "key-1"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    fields = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    assert fields == {
        "payment_intent": "pi_3Maya",
        "amount": "2500",
        "reason": "requested_by_customer",
        "metadata[backstory_key]": "key-1",
        "metadata[case]": "C-0001",
    }


def test_a_refund_in_another_currency_than_the_payment_is_never_asked_for(bank: Bank) -> None:
    outcome = stripe(bank).carry_out(replace(ORDER, recipient="pi_usd"))
    assert outcome.state == State.REFUSED
    assert "USD" in outcome.words
    assert not any(method == "POST" for method, *_ in bank.asked)


def test_an_unknown_payment_is_refused_in_stripes_words(bank: Bank) -> None:
    outcome = stripe(bank).carry_out(replace(ORDER, recipient="pi_typo"))
    assert (outcome.state, outcome.words) == (State.REFUSED, "No such payment: pi_typo")


def test_our_refund_is_found_among_others_on_a_later_page(bank: Bank) -> None:
    bank.faults = ["closes_after"]
    assert stripe(bank).carry_out(ORDER).state == State.UNKNOWN
    for number in range(5):
        bank.move(f"other-{number}", 100, "eur", "pi_3Maya")
    assert stripe(bank).look_up(ORDER).reference == "re_1"
    assert stripe(bank).look_up(replace(ORDER, key="nobodys")).state == State.ABSENT


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("fails_after", State.UNKNOWN),
        ("conflict", State.UNKNOWN),
        ("busy", State.ABSENT),
        ("refuses", State.REFUSED),
        ("pending", State.PENDING),
        ("other_amount", State.UNKNOWN),
        ("other_currency", State.UNKNOWN),
        ("other_payment", State.UNKNOWN),
    ],
)
def test_each_kind_of_error_is_what_it_is(bank: Bank, fault: str, state: State) -> None:
    bank.faults = [fault]
    assert believed(ORDER, stripe(bank).carry_out(ORDER)).state == state


def test_a_look_up_that_fails_says_nothing_about_the_money(bank: Bank) -> None:
    for fault in ("closes", "fails"):
        bank.look_faults = [fault]
        assert stripe(bank).look_up(ORDER).state == State.UNKNOWN


def test_a_wrong_key_is_said_without_being_shown(bank: Bank) -> None:
    [(_, good, words)] = stripe(bank, "sk_test_wrong12345678").check()
    assert not good
    assert "does not accept the key" in words
    assert "sk_test" not in words
    assert "no money moves" in stripe(bank).check()[0][2]


@pytest.mark.parametrize(("currency", "expected"), [("EUR", 2), ("JPY", 0), ("ISK", 2), ("KWD", 3), ("UGX", 2)])
def test_amounts_are_counted_as_stripe_counts_them(currency: str, expected: int) -> None:
    assert places(currency) == expected


def test_only_https_is_taken_for_stripes_address() -> None:
    with pytest.raises(Misconfigured, match="https"):
        make("stripe", {"api": "http://api.stripe.com"}, SECRET)
