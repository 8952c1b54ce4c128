"""Whether somebody had to tell their story again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.cases.retelling import Telling, facts_of, retold

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
STORY = (
    "The washing machine you delivered leaks on the kitchen floor whenever it spins. The fitter came twice and "
    "replaced the pump, but the seal of the door is torn and the parquet swells."
)
AGAIN = (
    "Hello, I am told you need the details: the washing machine leaks on the kitchen floor when it spins, the fitter "
    "replaced the pump twice, the seal of the door is torn, the parquet swells."
)
FACTS = frozenset({"order 4711", "amount 499.00"})


def telling(text: str = STORY, *, days: float = 0, **more: object) -> Telling:
    given = {"channel": "email", "language": "en", "facts": frozenset(), "heard_by": 1, **more}
    return Telling(int(days * 10), 1, at=MONDAY + timedelta(days=days), text=text, **given)  # type: ignore[arg-type]


def test_the_same_words_to_somebody_else_are_a_retelling() -> None:
    found = retold(telling(AGAIN, days=3, heard_by=2), [telling()])
    assert found and found.ground == "same_words"
    assert found.other_agent and not found.other_channel


def test_the_same_words_through_another_channel_are_a_retelling() -> None:
    found = retold(telling(AGAIN, days=3, channel="form"), [telling()])
    assert found and found.other_channel and not found.other_agent


def test_more_of_the_story_to_the_one_who_knows_it_is_none() -> None:
    assert retold(telling(AGAIN, days=3), [telling()]) is None


def test_the_same_particulars_with_some_of_the_story_are_a_retelling() -> None:
    first = telling("Order 4711 for 499 euros: the machine leaks, the pump is broken.", facts=FACTS)
    again = telling(
        "My order 4711, 499 euros. The machine with the broken pump leaks.", days=2, facts=FACTS, heard_by=2
    )
    found = retold(again, [first])
    assert found and found.ground == "same_facts" and "order 4711" in found.quote


def test_an_order_number_alone_is_a_reference_and_no_story() -> None:
    first = telling("Order 4711 for 499 euros: the machine leaks.", facts=FACTS)
    assert retold(telling("It is 4711, 499 euros.", days=2, facts=FACTS, heard_by=2), [first]) is None


def test_another_matter_is_no_retelling() -> None:
    other = telling("Your shop was closed on Saturday although the door says ten to six.", days=3, heard_by=2)
    assert retold(other, [telling()]) is None


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "As I already told your colleague, it leaks.", "As I already told"),
        ("en", "This is the third time I am writing.", "This is the third time"),
        ("de", "Ich kann nicht mehr. Zum fünften Mal: er tropft.", "Zum fünften Mal"),
        ("de", "Wie ich Ihrer Kollegin schon am Telefon gesagt habe, tropft es.", "Wie ich Ihrer Kollegin schon"),
        ("de", "Ich habe das jetzt schon dreimal erklärt.", "schon dreimal erklärt"),
        ("es", "Le escribo por tercera vez.", "por tercera vez"),
        ("fr", "Comme je vous l’ai déjà dit, ça fuit.", "Comme je vous l’ai déjà dit"),
    ],
)
def test_a_customer_who_says_so_is_believed(language: str, text: str, words: str) -> None:
    found = retold(telling(text, days=3, language=language), [telling()])
    assert found and found.ground == "says_so" and words in found.quote


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The boiler is out for the third time, and this is the second time this month."),
        ("de", "Die Heizung ist zum dritten Mal ausgefallen."),
        ("es", "La caldera falla por tercera vez."),
        ("fr", "La chaudière est en panne pour la troisième fois."),
    ],
)
def test_what_broke_again_was_not_told_again(language: str, text: str) -> None:
    assert retold(telling(text, language=language), []) is None


def test_a_first_letter_retells_only_what_was_told_by_telephone() -> None:
    found = retold(telling("As I already told your colleague, it leaks."), [])
    assert found and (found.earlier_id, found.ground) == (None, "says_so")
    assert retold(telling(), []) is None


def test_the_same_letter_to_two_addresses_is_one_telling() -> None:
    assert retold(telling(STORY, days=0.01, channel="form", heard_by=2), [telling()]) is None


def test_names_and_phone_numbers_are_no_particulars_of_a_story() -> None:
    found = [
        {"kind": "name", "text": "Maya", "value": None},
        {"kind": "order", "text": "no. 4711", "value": "4711"},
        {"kind": "phone", "text": "0170", "value": "0170"},
    ]
    assert facts_of(found) == {"order 4711"}


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_can_be_compared(first: str, second: str) -> None:
    found = retold(telling(second, days=1, heard_by=2), [telling(first)])
    assert found is None or found.earlier_id == 0
