"""Text as every database can keep it."""

from hypothesis import given
from hypothesis import strategies as st

from backstory.kernel.text import storable


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_whatever_is_kept_is_valid_utf8_without_nul(text: str) -> None:
    kept = storable(text)
    assert "\x00" not in kept
    assert kept.encode().decode() == kept
    assert storable(kept) == kept
