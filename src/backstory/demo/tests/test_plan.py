"""The demo's half year: seeded, in the past, and telling the story that the schedule promises."""

import zlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.demo import letters, words
from backstory.demo import plan as planning
from backstory.demo.plan import Plan, Story
from backstory.demo.schedule import MONTH, MONTHS

MOMENTS = [
    datetime(2026, 11, 20, 15, 0, tzinfo=UTC),
    datetime(2027, 3, 1, 0, 5, tzinfo=UTC),
    datetime(2028, 2, 29, 23, 59, tzinfo=UTC),
]


@cache
def plan(now: datetime) -> Plan:
    return planning.make(now)


def per_month(now: datetime, cause: str) -> list[int]:
    begins = [one.begins for one in plan(now).stories if one.thread.cause == cause and one.thread.complaint]
    months = Counter(int((moment - (now - MONTHS * MONTH)) / MONTH) for moment in begins)
    return [months[month] for month in range(MONTHS)]


@pytest.mark.parametrize("now", MOMENTS)
def test_the_same_moment_gives_the_same_plan(now: datetime) -> None:
    assert planning.make(now) == plan(now)


@pytest.mark.parametrize("now", MOMENTS)
def test_nothing_lies_in_the_future_and_words_follow_each_other(now: datetime) -> None:
    for story in plan(now).stories:
        moments = [said.at for said in story.said]
        assert moments == sorted(moments), story.key
        assert now - MONTHS * MONTH - timedelta(days=1) <= moments[0]
        assert moments[-1] <= now


@pytest.mark.parametrize("now", MOMENTS)
def test_missed_appointments_drop_after_the_third_month(now: datetime) -> None:
    counts = per_month(now, "missed-appointment")
    assert sum(counts[3:]) * 2 < sum(counts[:3])
    assert min(counts[:3]) >= 4


@pytest.mark.parametrize("now", MOMENTS)
def test_a_bad_batch_raises_product_defects_and_is_over(now: datetime) -> None:
    counts = per_month(now, "product-defect")
    assert counts[1] + counts[2] > 3 * (counts[4] + counts[5])


@pytest.mark.parametrize("now", MOMENTS)
def test_billing_rises_slowly(now: datetime) -> None:
    counts = per_month(now, "billing")
    assert sum(counts[3:]) > 1.4 * sum(counts[:3])


def test_toms_letter_is_the_newest_of_all() -> None:
    newest = max(plan(MOMENTS[0]).stories, key=lambda story: story.ends)
    assert newest.thread.id == "hot-water-tom"


def test_maya_tom_and_priya_are_customers() -> None:
    names = {story.customer.first for story in plan(MOMENTS[0]).stories}
    assert {"Maya", "Tom", "Priya"} <= names


def test_a_limited_plan_keeps_the_golden_case_and_its_size() -> None:
    stories = planning.make(MOMENTS[0], limit=40).stories
    assert len(stories) == 40
    assert any(story.thread.id == "hot-water-tom" for story in stories)


def customers_words(story: Story) -> list[str]:
    return [said.text for said in story.said if said.author == "customer"]


def test_letters_survive_the_parser_word_for_word_but_for_signatures() -> None:
    stories = plan(MOMENTS[0]).stories[::7]
    for story in stories:
        parsed = letters.customer_texts(story, "care@kestrel-heating.example")
        for got, said in zip(parsed, customers_words(story), strict=True):
            assert said.split()[: len(got.split())] == got.split(), story.key
            assert len(said.split()) - len(got.split()) <= 9, story.key


def test_message_ids_are_unique_and_stable() -> None:
    named = [
        letters.message_id(story, number)
        for story in plan(MOMENTS[0]).stories
        for number, said in enumerate(story.said)
        if said.author == "customer"
    ]
    assert len(named) == len(set(named))
    again = {letters.message_id(story, 0) for story in plan(MOMENTS[1]).stories}
    assert again == {letters.message_id(story, 0) for story in plan(MOMENTS[0]).stories}


def test_the_pictures_are_pictures() -> None:
    data = letters.picture("ceiling.png")
    assert data.startswith(b"\x89PNG")
    length = int.from_bytes(data[33:37])
    assert len(zlib.decompress(data[41 : 41 + length])) == 160 * (1 + 240 * 3)


@given(st.integers(0, 999_999))
def test_every_language_writes_sums_its_own_way(amount: int) -> None:
    digits = str(amount)
    for language in ("en", "de", "es", "fr"):
        written = words.money(amount, language)
        assert "".join(filter(str.isdigit, written)) == digits + "00"
        assert written.startswith("€") == (language == "en")


def test_sums_look_right() -> None:
    assert words.money(1250, "en") == "€1,250.00"
    assert words.money(1250, "de") == "1.250,00 €"
    assert words.money(1250, "fr") == "1 250,00 €"
