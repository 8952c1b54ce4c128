from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.kernel.errors import InvalidInput
from backstory.kernel.money import Money
from backstory.recovery import rules

AMOUNTS = st.decimals(Decimal(0), Decimal(10**6), places=2)
LIMITS = st.dictionaries(
    st.tuples(st.sampled_from(["agent", "lead", "administrator"]), st.sampled_from(["EUR", "GBP"])), AMOUNTS
)


@given(LIMITS, st.sampled_from(["agent", "lead"]), AMOUNTS, AMOUNTS)
def test_what_is_within_authority_stays_so_for_less(
    limits: rules.Limits, role: str, amount: Decimal, less: Decimal
) -> None:
    smaller, larger = sorted((amount, less))
    if rules.within(limits, role, Money(larger, "EUR")):
        assert rules.within(limits, role, Money(smaller, "EUR"))


@given(LIMITS, AMOUNTS)
def test_a_role_may_be_asked_exactly_when_it_may_grant(limits: rules.Limits, amount: Decimal) -> None:
    money = Money(amount, "GBP")
    asked = rules.roles_within(limits, money)
    for role in ("agent", "lead", "administrator"):
        if amount > 0:
            assert (role in asked) == rules.within(limits, role, money)
    assert all(role in rules.who_may(limits, money) for role in asked)


def test_a_limit_can_be_used_to_the_last_cent() -> None:
    limits = {("agent", "EUR"): Decimal(100), ("lead", "EUR"): Decimal(1000)}
    assert rules.roles_within(limits, Money(Decimal(100), "EUR")) == ["agent", "lead"]
    assert rules.roles_within(limits, Money(Decimal("100.01"), "EUR")) == ["lead"]


def test_a_limit_in_one_currency_gives_no_authority_in_another() -> None:
    limits = {("agent", "EUR"): Decimal(100)}
    assert rules.within(limits, "agent", Money(Decimal(100), "EUR"))
    assert not rules.within(limits, "agent", Money(Decimal("100.01"), "EUR"))
    assert not rules.within(limits, "agent", Money(Decimal(1), "GBP"))
    assert rules.within({}, "agent", Money(Decimal(0), "GBP"))


def test_an_error_above_every_limit_says_that_an_administrator_can_help() -> None:
    assert "administrator" in rules.who_may({("lead", "EUR"): Decimal(10)}, Money(Decimal(11), "EUR"))


@pytest.mark.parametrize(
    ("kind", "amount"), [("refund", 0), ("goodwill", 0), ("replacement", 0), ("apology", 5), ("correction", 5)]
)
def test_kind_and_amount_must_fit(kind: str, amount: int) -> None:
    with pytest.raises(InvalidInput):
        rules.ensure_amount_fits(kind, Money(Decimal(amount), "EUR"))


@pytest.mark.parametrize(("kind", "amount"), [("refund", 5), ("apology", 0), ("repair", 0), ("repair", 300)])
def test_a_fitting_amount_passes(kind: str, amount: int) -> None:
    rules.ensure_amount_fits(kind, Money(Decimal(amount), "EUR"))


@given(st.text(max_size=5000))
def test_any_comment_can_be_kept(text: str) -> None:
    kept = rules.comment(text + "\ud800\x00")
    assert len(kept) <= rules.LONGEST_COMMENT and "\x00" not in kept
    kept.encode()
