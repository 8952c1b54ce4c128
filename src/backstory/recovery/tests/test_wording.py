import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.recovery import wording

LINK = "https://desk.example/status/abc/"


@pytest.mark.parametrize("templates", [wording.CLOSING, wording.SURVEY])
def test_every_letter_exists_in_four_languages(templates: dict[str, wording.Template]) -> None:
    assert set(templates) == {"en", "de", "es", "fr"}
    texts = {wording.write(templates, code, number="C-1", name="Maya", link=LINK).text for code in templates}
    assert len(texts) == 4


@given(st.sampled_from([wording.CLOSING, wording.SURVEY]), st.text(max_size=10), st.text(max_size=50))
def test_every_letter_carries_link_and_number_whatever_the_language_and_name(
    templates: dict[str, wording.Template], language: str, name: str
) -> None:
    letter = wording.write(templates, language, number="C-2026-00001", name=name, link=LINK)
    assert LINK in letter.text and "C-2026-00001" in letter.text
    assert " ".join(name.split()) in letter.text
    assert "\n" not in letter.subject


def test_a_language_without_words_gets_english() -> None:
    assert wording.write(wording.SURVEY, "pl", number="1", name="x", link=LINK).text.startswith("Hello x")
