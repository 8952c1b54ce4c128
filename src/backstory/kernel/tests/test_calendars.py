from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.kernel import calendars
from backstory.kernel.calendars import BusinessHours
from backstory.kernel.errors import InvalidInput

BERLIN = BusinessHours(tz="Europe/Berlin")
FRIDAY = date(2026, 3, 13)


def test_an_open_moment_is_its_own_next_business_moment():
    moment = datetime(2026, 3, 10, 12, tzinfo=UTC)
    assert calendars.next_business_moment(moment, BERLIN) == moment


def test_after_closing_on_friday_the_next_moment_is_monday_opening():
    evening = datetime(2026, 3, 13, 18, tzinfo=UTC)
    assert calendars.next_business_moment(evening, BERLIN) == datetime(2026, 3, 16, 8, tzinfo=UTC)


def test_before_opening_the_next_moment_is_the_same_day():
    early = datetime(2026, 3, 13, 3, tzinfo=UTC)
    assert calendars.next_business_moment(early, BERLIN) == datetime(2026, 3, 13, 8, tzinfo=UTC)


def test_the_third_business_day_after_friday_is_wednesday():
    assert calendars.add_business_days(FRIDAY, 3, BERLIN) == date(2026, 3, 18)


def test_business_days_can_be_counted_back():
    assert calendars.add_business_days(date(2026, 3, 16), -1, BERLIN) == FRIDAY


def test_no_business_days_after_a_sunday_is_the_monday():
    assert calendars.add_business_days(date(2026, 3, 15), 0, BERLIN) == date(2026, 3, 16)


def test_public_holidays_are_not_business_days():
    german = BusinessHours(tz="Europe/Berlin", country="DE")
    assert calendars.add_business_days(date(2026, 4, 2), 1, german) == date(2026, 4, 7)


def test_closing_time_keeps_the_wall_clock_when_summer_time_begins():
    assert calendars.end_of_business_day(date(2026, 3, 27), BERLIN) == datetime(2026, 3, 27, 16, tzinfo=UTC)
    assert calendars.end_of_business_day(date(2026, 3, 30), BERLIN) == datetime(2026, 3, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "days",
    [[0, 1, 2, 3, 4], ["Mon", "tue", "Wednesday", "thu", "fri"], "mon-fri", ["Mon-Fri"], ["0", "1", 2, 3, 4]],
)
def test_days_are_read_as_numbers_names_or_a_range(days):
    hours = calendars.parse({"tz": "Europe/Berlin", "days": days, "open": "08:30", "close": "16:00"})
    assert hours == BusinessHours("Europe/Berlin", frozenset(range(5)), time(8, 30), time(16))


def test_everything_has_a_default():
    assert calendars.parse({}) == BusinessHours()


def test_midnight_closing_is_the_last_minute():
    assert calendars.parse({"open": "00:00", "close": "24:00"}).close == time(23, 59)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"tz": "Mars/Olympus"}, "tz"),
        ({"tz": "../etc/passwd"}, "tz"),
        ({"tz": 3}, "tz"),
        ({"days": []}, "days"),
        ({"days": [7]}, "days"),
        ({"days": ["noday"]}, "days"),
        ({"days": 5}, "days"),
        ({"open": "nine"}, "open"),
        ({"close": "08:00"}, "close"),
        ({"close": 17}, "close"),
        ({"country": "XX"}, "country"),
        ("mon-fri", "business_hours"),
    ],
)
def test_bad_business_hours_name_their_field(data, field):
    with pytest.raises(InvalidInput) as caught:
        calendars.parse(data)
    assert caught.value.field == field


def test_a_naive_moment_is_refused():
    with pytest.raises(InvalidInput):
        BERLIN.is_open(datetime(2026, 3, 10, 12))


@given(
    moment=st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    count=st.integers(1, 30),
)
def test_business_days_are_open_and_lie_ahead(moment, days, count):
    hours = BusinessHours("America/New_York", days)
    assert hours.is_open(calendars.next_business_moment(moment, hours))
    assert calendars.next_business_moment(moment, hours) >= moment
    day = calendars.add_business_days(moment.date(), count, hours)
    assert hours.is_business_day(day)
    assert calendars.add_business_days(day, -count, hours) <= moment.date()
