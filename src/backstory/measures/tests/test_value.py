"""What customers and remedies are worth, worked by hand, and what must hold for any of them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.kernel.errors import InvalidInput
from backstory.measures import value
from backstory.measures.value import Service

pytestmark = pytest.mark.once

rates = st.decimals("0", "0.99", places=3)
amounts = st.decimals("0", "10000", places=2)


def test_a_margin_of_100_with_80_percent_staying_and_10_percent_discount_is_worth_266_67() -> None:
    assert value.cents(value.lifetime_value(Decimal(100), 0.8, 0.1)) == Decimal("266.67")


@given(amounts, rates, st.decimals("0.02", "0.5", places=3))
def test_lifetime_value_is_the_sum_of_all_discounted_margins(margin: Decimal, stay: Decimal, discount: Decimal) -> None:
    periods = (float(margin) * (float(stay) / (1 + float(discount))) ** period for period in range(1, 3000))
    assert float(value.lifetime_value(margin, stay, discount)) == pytest.approx(sum(periods), rel=1e-6)


def test_a_value_that_never_ends_is_refused() -> None:
    with pytest.raises(InvalidInput):
        value.lifetime_value(Decimal(100), 1, 0)


def test_recovery_by_hand() -> None:
    # 20 points more likely to stay, worth 400 each, 10 of good word of mouth, 15 of handling.
    assert value.at_risk(Decimal("0.2"), Decimal(400)) == 80
    assert value.break_even_remedy(Decimal("0.2"), Decimal(400), Decimal(10), Decimal(15)) == 75
    assert value.recovery_return(Decimal("0.2"), Decimal(400), Decimal(45), Decimal(10)) == 1


@given(rates, amounts.filter(bool), amounts, amounts)
def test_a_remedy_at_its_break_even_returns_exactly_nothing(
    change: Decimal, lifetime: Decimal, mouth: Decimal, handling: Decimal
) -> None:
    remedy = value.break_even_remedy(change, lifetime, mouth, handling)
    if remedy > 0:
        assert value.recovery_return(change, lifetime, remedy + handling, mouth) == pytest.approx(0, abs=1e-12)


def test_who_called_only_because_we_failed_costs_nothing() -> None:
    all_ours = Service(Decimal(120), Decimal(30), Decimal(15), Decimal(120), Decimal(30), Decimal(15))
    assert value.net_value(Decimal(50), all_ours, Decimal("0.75")) == 50
    half_ours = Service(Decimal(120), Decimal(30), Decimal(0), Decimal(60), Decimal(30))
    assert value.net_value(Decimal(50), half_ours, Decimal("0.75")) == 5
    assert half_ours.own_cost(Decimal("0.75")) == 75


def test_no_more_can_be_our_fault_than_there_was() -> None:
    with pytest.raises(InvalidInput):
        Service(Decimal(10), Decimal(0), Decimal(0), own_fault_minutes=Decimal(11))
