from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.kernel.errors import InvalidInput
from backstory.kernel.money import Money
from backstory.recovery import rules


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
