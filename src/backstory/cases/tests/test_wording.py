from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.cases.wording import SUMMARY, summary_text
from backstory.kernel.errors import InvalidInput


@dataclass
class Told:
    stated_problem: str = ""
    demand: str = ""
    backstory: str = ""
    need: str = ""


@given(st.builds(Told, st.text(), st.text(), st.text(), st.text()), st.sampled_from([*SUMMARY, "de-AT", "pl", ""]))
def test_the_summary_holds_every_word_recorded_and_asks_whether_it_is_right(told: Told, language: str) -> None:
    fields = [told.stated_problem, told.demand, told.backstory, told.need]
    if not any(field.strip() for field in fields):
        with pytest.raises(InvalidInput):
            summary_text(told, language)
        return
    text = summary_text(told, language)
    assert all(field.strip() in text for field in fields)
    assert "?" in text.rsplit("\n\n", 1)[1]


def test_the_summary_speaks_the_customers_language_and_else_english() -> None:
    told = Told(stated_problem="Kein warmes Wasser {am Abend}")
    assert "Habe ich das richtig verstanden?" in summary_text(told, "de")
    assert "Did I get that right?" in summary_text(told, "und")
    assert "{am Abend}" in summary_text(told, "de")
