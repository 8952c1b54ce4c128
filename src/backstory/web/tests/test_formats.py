"""Times, money and names as people read them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.kernel import clock
from backstory.web import formats

NOW = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)  # London keeps UTC in November


def text(tag: object) -> str:
    return str(tag).split(">", 1)[1].split("<", 1)[0].replace("\u202f", " ")


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(minutes=25), "3:05 PM"),
        (timedelta(days=1), "Yesterday 3:30 PM"),
        (timedelta(days=8), "Nov 10 3:30 PM"),
        (timedelta(days=400), "Oct 14, 2025 4:30 PM"),
    ],
)
def test_a_time_is_as_short_as_it_can_be(ago: timedelta, expected: str) -> None:
    with clock.travel(NOW):
        assert text(formats.datetime_tag(NOW - ago)) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [(5, "now"), (300, "5 min"), (7300, "2 h"), (3 * 86400 + 5, "3 d"), (-5, "now")]
)
def test_how_long_ago(seconds: int, expected: str) -> None:
    with clock.travel(NOW):
        assert text(formats.timesince(NOW - timedelta(seconds=seconds))) == expected


@pytest.mark.parametrize(
    ("hours", "expected"), [(5, "in 5 h"), (0.001, "in 1 min"), (-0.001, "overdue 1 min"), (-50, "overdue 2 d")]
)
def test_how_long_until_something_is_due(hours: float, expected: str) -> None:
    with clock.travel(NOW):
        assert text(formats.due(NOW + timedelta(hours=hours))) == expected


def test_nothing_is_written_for_no_time() -> None:
    for write in (formats.datetime_tag, formats.day, formats.date, formats.timesince, formats.due):
        assert write(None) == ""


def test_a_time_can_be_read_by_machines() -> None:
    with clock.travel(NOW):
        assert 'datetime="2026-11-18T15:30:00+00:00"' in str(formats.datetime_tag(NOW))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Maya Ortiz", "MO"),
        ("Cher", "C"),
        ("a b c", "AC"),
        ("", "?"),
        (None, "?"),
        ("山田 太郎", "山太"),
        ("x@y.example", "XY"),
    ],
)
def test_initials(name: str | None, expected: str) -> None:
    assert formats.initials(name) == expected


@given(st.text())
def test_any_name_has_initials_and_a_colour(name: str) -> None:
    assert formats.initials(name)
    assert 0 <= formats.hue(name) <= 7


def test_money_and_sizes() -> None:
    assert formats.money(Decimal("1250.5"), "EUR") == "€1,250.50"
    assert formats.money(None) == ""
    assert [formats.filesize(size) for size in (12, 23_000, 2_310_000, None)] == ["12 B", "23 kB", "2.3 MB", "0 B"]
