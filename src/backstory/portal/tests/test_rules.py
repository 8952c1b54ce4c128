from hypothesis import given
from hypothesis import strategies as st

from backstory.portal.rules import LONGEST, brand_sheet, contrast_with_white, problems

typed = st.dictionaries(st.sampled_from(sorted(LONGEST)), st.text(st.characters(), max_size=300))


@given(typed)
def test_whatever_is_typed_is_taken_or_every_fault_names_its_field(fields: dict[str, str]) -> None:
    found = problems(fields)
    assert {problem.field for problem in found} <= set(LONGEST)
    assert bool(found) or ("@" in fields["email"] and fields["happened"].strip())


@given(st.emails(), st.text(min_size=1).filter(str.strip))
def test_an_address_and_some_words_are_enough(email: str, words: str) -> None:
    if all(sign not in email for sign in '"(),:;<>\\'):
        assert problems({"email": email, "happened": words}) == []


@given(st.sampled_from(sorted(LONGEST)))
def test_a_field_may_be_full_but_not_fuller(name: str) -> None:
    fields = {"email": "maya@customer.example", "happened": "It broke."}
    full = {**fields, name: ("a" * LONGEST[name])}
    fuller = {**fields, name: "a" * (LONGEST[name] + 1)}
    assert not [problem for problem in problems(full) if problem.phrase == "error.too_long"]
    assert [problem.field for problem in problems(fuller) if problem.phrase == "error.too_long"] == [name]


def test_a_pale_colour_is_no_ground_for_white_words() -> None:
    assert round(contrast_with_white("#000000")) == 21 and round(contrast_with_white("#ffffff")) == 1
    assert "--accent" in brand_sheet("#0a5c3f") and "--accent" not in brand_sheet("#ffee00")
