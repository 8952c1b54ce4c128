"""Whether two customers may be one person: the pure grounds."""

import pytest

from backstory.conversations.sameness import is_same_name, may_be_named, phones, shared_phone


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maya Lind", "Lind, Maya"),
        ("Maya Lind", "MAYA J. LIND"),
        ("José Pérez Ruiz", "Jose Perez"),
        ("Dr. Maya Lind", "Maya Lind"),
    ],
)
def test_a_name_is_told_whatever_its_order_case_and_accents(one: str, other: str) -> None:
    assert is_same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maya", "Maya"),
        ("Maya Lind", "Maya Lund"),
        ("Maya Lind", "Ben Lind"),
        ("", ""),
        ("Maya Lind Ortiz", "Maya Lind Berg"),
    ],
)
def test_one_word_or_a_name_of_its_own_is_no_ground(one: str, other: str) -> None:
    assert not is_same_name(one, other)


def test_an_address_may_read_like_a_name() -> None:
    assert may_be_named("maya.lind@work.example", "Maya Lind")
    assert not may_be_named("info@work.example", "Maya Lind")


def test_a_number_is_the_same_with_and_without_its_country() -> None:
    assert shared_phone(["Maya\n+49 (30) 555-01234"], ["Tel. 030 / 55501234"])
    assert not shared_phone(["Tel. 030 55501234"], ["Tel. 030 55501235"])
    assert not shared_phone([], ["Tel. 030 55501235"])


def test_dates_and_house_numbers_are_no_telephone_numbers() -> None:
    assert phones("22.11.2026 10:30, Lindenstr. 12, 10969 Berlin, order 4711") == frozenset()
