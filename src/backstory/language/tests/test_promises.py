from datetime import UTC, datetime, time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backstory.kernel.calendars import BusinessHours
from backstory.kernel.errors import InvalidInput
from backstory.language import promises
from backstory.language.evaluate_promises import evaluate

BERLIN = BusinessHours(tz="Europe/Berlin")
TUESDAY = datetime(2026, 3, 10, 9, tzinfo=UTC)


def due(text: str, sent_at: datetime = TUESDAY, hours: BusinessHours = BERLIN) -> str:
    found = promises.find(text, sent_at, hours)
    assert len(found) == 1, found
    return f"{hours.local(found[0].due):%Y-%m-%d %H:%M}" if found[0].due else "open"


def parties(text: str) -> list[str]:
    return [promise.by for promise in promises.find(text, TUESDAY, BERLIN)]


def test_by_friday_is_friday_at_closing_time_of_the_desk():
    assert due("I will call you by Friday.") == "2026-03-13 17:00"
    tokyo = BusinessHours(tz="Asia/Tokyo", close=time(18))
    assert due("I will call you by Friday.", hours=tokyo) == "2026-03-13 18:00"


def test_business_days_skip_the_weekend_and_plain_days_do_not():
    friday = datetime(2026, 3, 13, 9, tzinfo=UTC)
    assert due("We will refund you within two business days.", friday) == "2026-03-17 17:00"
    assert due("We will refund you within two days.", friday) == "2026-03-15 17:00"


def test_business_days_skip_public_holidays():
    german = BusinessHours(tz="Europe/Berlin", country="DE")
    before_easter = datetime(2026, 4, 2, 9, tzinfo=UTC)
    assert due("We will refund you within 1 working day.", before_easter, german) == "2026-04-07 17:00"


def test_hours_are_counted_exactly_across_the_change_of_summer_time():
    eve = datetime(2026, 3, 28, 11, tzinfo=UTC)
    assert due("I will write within 24 hours.", eve) == "2026-03-29 13:00"


def test_a_promise_for_today_after_closing_is_due_at_the_end_of_the_day():
    assert due("I will call you today.", datetime(2026, 3, 10, 19, tzinfo=UTC)) == "2026-03-10 23:59"


def test_a_clock_time_that_has_passed_means_tomorrow():
    assert due("I will call you at 8 am.") == "2026-03-11 08:00"


def test_a_desk_in_america_writes_the_month_first():
    american = BusinessHours(tz="America/Chicago")
    assert due("I will call you on 4/3/2026.", hours=american) == "2026-04-03 17:00"
    assert due("I will call you on 4/3/2027.") == "2027-03-04 17:00"


@pytest.mark.parametrize(
    "text",
    [
        "Will I call you by Friday?",
        "If it breaks again, I will call you by Friday.",
        "I can't promise that I will call you by Friday.",
        "I called you on Friday.",
        "I would call you by Friday.",
        "Your colleague said that she will call me by Friday.",
        "> I will call you by Friday.",
        "Ich würde Sie morgen anrufen.",
        "Si vuelve a fallar, le llamaré mañana.",
        "Si cela recommence, je vous rappellerai demain.",
        "",
    ],
)
def test_what_commits_nobody_is_no_promise(text: str):
    assert promises.find(text, TUESDAY, BERLIN) == []


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("I will call you.", "agent"),
        ("We will call you.", "company"),
        ("The technician will call you tomorrow.", "company"),
        ("You will hear from me tomorrow.", "agent"),
        ("You will send us the photos by Friday.", "customer"),
        ("Wir melden uns bis Freitag.", "company"),
        ("Le llamaré mañana.", "agent"),
        ("Nous vous rappellerons demain.", "company"),
    ],
)
def test_who_is_bound_is_told_from_the_subject(text: str, by: str):
    assert parties(text) == [by]


def test_two_promises_in_a_letter_keep_their_own_deadlines():
    text = "Dear Maya,\n\nI will call you tomorrow and send the form by Friday.\n\nAlice"
    found = promises.find(text, TUESDAY, BERLIN)
    assert [text[one.start : one.end] for one in found] == [one.quote for one in found]
    assert [f"{BERLIN.local(one.due):%a}" for one in found if one.due] == ["Wed", "Fri"]


def test_a_naive_moment_is_refused():
    with pytest.raises(InvalidInput):
        promises.find("I will call.", datetime(2026, 3, 10), BERLIN)


def test_the_labelled_sentences_are_found_as_well_as_published():
    figures = evaluate("held_out")
    assert figures["precision"][0] >= 0.8
    assert figures["recall"][0] >= 0.8
    assert figures["due"][0] >= 0.95


PIECES = [
    "I will",
    "call you",
    "by Friday",
    "within 99999 days",
    "31 February",
    "on 2026-13-45",
    "um 25 Uhr",
    "wir melden uns",
    "9999-12-31",
    "and",
    "if",
    "?",
    "\n",
    "\ud800",
    "bis morgen",
    "le llamaré",
    "je vous",
    "rappellerai",
    "in 9999 months",
    "00/00",
    "24/7",
]


@settings(max_examples=200, deadline=None)
@given(
    text=st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)),
    sent_at=st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
)
@example(text="I will call within 9999 months", sent_at=datetime(2026, 3, 10, tzinfo=UTC))
def test_any_text_gives_exact_places_and_a_due_moment_ahead(text: str, sent_at: datetime):
    for promise in promises.find(text, sent_at, BERLIN):
        assert text[promise.start : promise.end] == promise.quote
        assert promise.due is None or promise.due > sent_at


def test_twenty_thousand_words_are_read():
    assert promises.find("I will call you by Friday and we will write " * 2000, TUESDAY, BERLIN)
