"""Money as people type it."""

import pytest

from backstory.kernel import money
from backstory.kernel.errors import InvalidInput


@pytest.mark.parametrize("code", ["XXX", "XTS", "EURO", "", "€"])
def test_a_code_that_names_no_money_is_refused(code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        money.parse("25", code)
    assert refused.value.field == "currency"


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity", "12.345", "1e14", "abc", ""])
def test_an_amount_that_is_doubtful_is_refused_and_never_rounded(amount: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        money.parse(amount, "EUR")
    assert refused.value.field == "amount"


def test_a_comma_is_a_decimal_point() -> None:
    assert str(money.parse(" 25,50 ", "eur")) == "€25.50"
