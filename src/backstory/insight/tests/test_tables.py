"""A CSV file that a spreadsheet opens must not run anything a customer or colleague has written."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.insight import tables

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', " =1"])
def test_text_that_looks_like_a_formula_is_disarmed(text: str) -> None:
    assert tables.safe_cell(text) == "'" + text


def test_numbers_stay_numbers() -> None:
    assert tables.safe_cell(-3) == -3
    assert tables.safe_cell("Delay") == "Delay"


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), min_size=2, max_size=2)
    )
)
def test_what_goes_in_comes_out_and_no_cell_begins_a_formula(rows: list[list[str]]) -> None:
    text = tables.csv_text(("a", "b"), rows)
    assert text.startswith("\ufeff")
    read = list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))
    assert read[0] == ["a", "b"]
    assert [[cell.removeprefix("'") for cell in row] for row in read[1:]] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert not any(cell.startswith(DANGEROUS) for row in read[1:] for cell in row)
