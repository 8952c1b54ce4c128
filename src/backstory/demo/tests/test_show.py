"""What the demo tells a newcomer to type."""

import re
from pathlib import Path

import pytest

from backstory.channels.email.parse import parse_bytes
from backstory.demo import show

README = Path(__file__).parents[4] / "README.md"


@pytest.mark.parametrize("told", [show._EXAMPLE, README.read_text(encoding="utf-8")], ids=["terminal", "README"])
def test_the_letter_a_newcomer_is_told_to_send_has_a_sender_who_can_be_answered(told: str) -> None:
    letter = re.search(r"printf '([^']+)'", told)
    assert letter is not None
    read = parse_bytes(letter.group(1).replace("\\n", "\n").encode()).to_dict()
    assert read["from"]["email"] == "you@example.com"
    assert "When will you come?" in read["text"]
