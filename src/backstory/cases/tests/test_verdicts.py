"""What people may say of a reading, and how it is put in its place."""

from random import Random
from typing import Any

import pytest

from backstory import language
from backstory.cases import verdicts
from backstory.kernel.errors import InvalidInput

TEXT = "I paid 40 EUR twice and my mother is ill. Refund me by Friday! Refund me."
PLAIN = [name for name, field in verdicts.FIELDS.items() if field.home == "reading" and field.choices]


@pytest.fixture(scope="module")
def read() -> dict[str, Any]:
    return language.read(TEXT, explain=True).to_dict()


def words(seed: int) -> dict[str, Any]:
    """Something that a person may say of several fields."""
    chance = Random(seed)
    fields = chance.sample(PLAIN, chance.randint(1, len(PLAIN)))
    return {name: chance.choice(verdicts.FIELDS[name].choices) for name in fields}


@pytest.mark.parametrize("foreign", [False, True], ids=["read", "a language that is not read"])
def test_what_people_say_is_what_the_reading_says_and_the_engines_own_words_come_back(
    read: dict[str, Any], *, foreign: bool
) -> None:
    raw = language.read("Цена билета очень высокая, верните деньги.").to_dict() if foreign else read
    for seed in range(200):
        said = words(seed)
        data, replaced = verdicts.put_in(raw, said)
        assert {name: verdicts.value_of(data, name) for name in said} == said
        assert {*data["corrected"], *data["confirmed"]} == set(said)
        assert verdicts.restored(data, replaced) == raw


def test_correcting_the_severity_leaves_the_engines_probabilities_and_safety_alone(read: dict[str, Any]) -> None:
    data, replaced = verdicts.put_in(read, {"severity": 4, "complaint": not read["complaint"]["is"]})
    assert data["severity"] == {**read["severity"], "level": 4, "why": ""}
    assert data["complaint"]["p"] == read["complaint"]["p"]
    assert set(replaced) == {"severity", "complaint"}


def test_the_same_as_the_engine_said_is_a_confirmation(read: dict[str, Any]) -> None:
    data, replaced = verdicts.put_in(read, {"severity": read["severity"]["level"]})
    assert (data["confirmed"], data["corrected"], replaced) == (["severity"], [], {})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("severity", 5),
        ("severity", True),
        ("complaint", 1),
        ("emotion", "rage"),
        ("cause", "unheard-of"),
        ("mood", 1),
        ("asks", [{"kind": "request", "text": "Refund us", "start": 42, "end": 51}]),
        ("asks", [{"kind": "money", "text": "Refund me", "start": 42, "end": 51}]),
        ("asks", [{"kind": "request", "text": "Refund me"}]),
        ("asks", "Refund me"),
        ("asks", None),
    ],
)
def test_what_is_no_value_of_a_field_is_refused(field: str, value: Any) -> None:
    with pytest.raises(InvalidInput):
        verdicts.checked(field, value, TEXT, frozenset({"billing"}))


def test_quoted_places_are_kept_in_order_and_once() -> None:
    first = {"kind": "request", "text": "Refund me", "start": 42, "end": 51}
    second = {"kind": "demand", "text": "Refund me", "start": 63, "end": 72}
    assert verdicts.checked("asks", [second, first, dict(first)], TEXT) == [first, second]


def test_words_are_found_nearest_to_where_they_were_marked() -> None:
    assert verdicts.place(TEXT, "Refund me") == (42, 51)
    assert verdicts.place(TEXT, " Refund me ", near=60) == (63, 72)
    assert verdicts.place("😀 Refund", "Refund") == (2, 8)
    for words in ("", "   ", "not there"):
        with pytest.raises(InvalidInput):
            verdicts.place(TEXT, words)
