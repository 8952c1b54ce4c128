"""What points to a person by itself does not leave, and comes back in the answer."""

from hypothesis import given
from hypothesis import strategies as st

from backstory.llm import mask

LETTER = "I am Maya, maya@customer.example, +44 20 7946 0018. Order 4471-889012, IBAN GB29 NWBK 6016 1331 9268 19."


def test_addresses_and_long_numbers_are_replaced() -> None:
    masked = mask(LETTER)
    for secret in ("maya@customer.example", "7946", "889012", "NWBK"):
        assert secret not in masked.text
    assert "Maya" in masked.text, "an answer has to address somebody"


def test_the_same_is_replaced_by_the_same_and_comes_back() -> None:
    masked = mask("Ring 020 7946 0018. I said 020 7946 0018!")
    assert masked.text == "Ring [NUMBER 1]. I said [NUMBER 1]!"
    assert masked.restore("I will ring [NUMBER 1] today.") == "I will ring 020 7946 0018 today."


def test_dates_sums_and_small_numbers_stay() -> None:
    text = "On 12.03.2026 and 2026-03-12 I paid 49.99 for 3 rooms, 120 euros, at 14:30."
    assert mask(text).text == text


def test_a_place_that_the_model_invented_is_left_out() -> None:
    assert mask(LETTER).restore("Write to [EMAIL 9].") == "Write to ."


@given(st.text(max_size=300))
def test_masking_and_restoring_gives_the_text_back(text: str) -> None:
    masked = mask(text)
    if "[" not in text:
        assert masked.restore(masked.text) == text
