"""Words as the engine sees and remembers them."""

import pytest

from backstory import language
from backstory.language import conduct, phrases, text

pytestmark = pytest.mark.once


def test_numbers_take_no_place_in_the_memories_of_words() -> None:
    """Each letter brings new ones (an order, an amount), so that memory would grow with every letter read."""
    memories = (text._folded, text._features, phrases._forms_of_word, conduct._is_toxic)
    letters = [f"My order {4711000 + number} cost {10000 + number}.90 on 12.03.2026." for number in range(120)]
    for each in letters[:20]:
        language.read(each, explain=True)
    before = [memory.cache_info().currsize for memory in memories] + [len(phrases.book("en").remembered)]
    for each in letters[20:]:
        language.read(each, explain=True)
    assert [memory.cache_info().currsize for memory in memories] + [len(phrases.book("en").remembered)] == before
