"""Who is told, who is not, and what a letter says to one person."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.improvement.rules.confided import WITHHELD, runs, without
from backstory.improvement.rules.letters import CHANGED, NOTICE, footer, is_unfinished
from backstory.improvement.rules.markdown import plain
from backstory.improvement.rules.recipients import Standing, due_now, fill, judge, language_for, parse_list
from backstory.kernel.errors import InvalidInput

pytestmark = pytest.mark.once
standings = st.builds(Standing, *[st.booleans()] * 8)


def is_address(text: str) -> bool:
    return text.count("@") == 1 and not text.startswith("@") and not text.endswith("@")


@given(standings)
def test_nobody_is_written_to_whom_anything_speaks_against(standing: Standing) -> None:
    against = standing.declined or standing.unwanted or standing.told or standing.has_open_complaint
    against = against or standing.undeliverable or standing.is_angry or standing.needs_care or not standing.has_address
    assert (judge(standing) == ("chosen", "")) == (not against)


@given(standings)
def test_the_reason_never_tells_anger_from_need_of_care(standing: Standing) -> None:
    assert judge(standing)[1] not in {"angry", "vulnerable", "care"}
    if standing.declined:
        assert judge(standing) == ("left_out", "declined")


@given(st.integers(1, 5000), st.integers(0, 6000))
def test_no_more_goes_out_than_the_hour_has_left(per_hour: int, sent: int) -> None:
    due = due_now(per_hour, sent)
    assert 0 <= due <= max(0, per_hour - sent) and due <= -(-per_hour // 60)
    assert (due > 0) == (sent < per_hour)


@given(
    st.lists(st.tuples(st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True), st.text("abc ,;", max_size=9)))
)
def test_a_list_keeps_each_address_once_whatever_the_names(rows: list[tuple[str, str]]) -> None:
    out = StringIO()
    csv.writer(out).writerows([("address", "name"), *rows])
    assert [one.address for one in parse_list(out.getvalue(), is_address)] == list(dict.fromkeys(a for a, _ in rows))


def test_a_list_names_the_line_that_is_no_address() -> None:
    with pytest.raises(InvalidInput, match="Line 2"):
        parse_list("maya@customer.example\nnobody@\n", is_address)


@given(st.text(max_size=40), st.text("ab{}%nmueri ", max_size=40))
def test_a_letter_is_filled_in_and_braces_in_names_stay(name: str, text: str) -> None:
    filled = fill(f"Hello {{name}}, {text}", name=name, number="C-1")
    assert filled.startswith(f"Hello {' '.join(name.split())}, "[: len(filled)])
    assert "C-1" not in fill("about {number}\nrest", name="x", number="")


def test_every_language_has_its_words_and_begins_with_a_blank_to_fill() -> None:
    for templates in (CHANGED, NOTICE):
        assert set(templates) == {"en", "de", "es", "fr"}
        assert all(is_unfinished(one.text) and "{number}" in one.text for one in templates.values())
    assert "http://x" in footer("de", "http://x", complained=True) and footer("xx", "l", complained=False)
    assert language_for("de-AT", ["de", "en"]) == "de" and language_for("pt", ["es"]) == "es"


def test_what_was_confided_is_withheld_wherever_it_stands() -> None:
    told = runs(["The baby had croup last night.", "Croup"])
    report = {"a": ["A bigger tank", "they say THE BABY had croup!"], "b": "croup again", "c": 3}
    assert without(report, told) == {"a": ["A bigger tank", WITHHELD], "b": WITHHELD, "c": 3}


@given(st.text())
def test_nothing_people_write_is_markup(text: str) -> None:
    left = plain(text)
    for position, letter in enumerate(left):
        if letter in "*_`<[":
            assert left[position - 1] == "\\"
