"""Which thread a letter belongs to: the pure rules."""

from datetime import UTC, datetime, timedelta

import pytest

from backstory.conversations.belonging import (
    Candidate,
    best,
    confidence,
    is_hijacked,
    is_other_topic,
    may_answer,
    tags,
    topic,
)
from backstory.conversations.letters import Inbound

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MAYA = "maya@customer.example"
OURS = "I am sorry that the boiler is cold again. A fitter will come to you on Friday morning between eight and ten."


def thread(**fields: object) -> Candidate:
    given = {
        "id": 1,
        "subjects": frozenset({"The boiler is cold"}),
        "people": frozenset({MAYA}),
        "our_words": OURS,
        "last_message_at": NOW - timedelta(days=1),
        **fields,
    }
    return Candidate(**given)  # type: ignore[arg-type]


def sure(subject: str, *, sender: str = MAYA, quoted: str = "", to: Candidate | None = None) -> float:
    letter = Inbound(channel="email", subject=subject, from_address=sender, quoted=quoted)
    return confidence(letter, sender, to or thread(), NOW)


MARKS = ["Re:", "RE: AW:", "Antw:", "SV:", "Re[2]:", "R:", "Odp:", "回复：", "RIF:", "Vá:", "re(3):"]


@pytest.mark.parametrize("mark", MARKS)
def test_an_answer_mark_in_any_language_leaves_the_topic(mark: str) -> None:
    assert topic(f"{mark} The boiler is cold") == "the boiler is cold"
    assert sure(f"{mark} The boiler is cold") == 0.8


def test_a_forward_mark_is_no_answer() -> None:
    assert sure("WG: The boiler is cold") == 0.6


def test_somebody_who_took_no_part_joins_by_no_subject() -> None:
    assert sure("Re: The boiler is cold", sender="tom@customer.example") == 0


def test_words_of_ours_in_the_history_are_nearly_proof() -> None:
    assert sure("something else", quoted=f"> {OURS[:60]}\n> {OURS[60:]}") == 0.95


def test_a_history_without_our_words_proves_nothing() -> None:
    assert sure("something else", quoted="> I am sorry that I could not come on Friday") == 0


def test_a_ticket_tag_counts_nearly_as_much() -> None:
    tagged = thread(subjects=frozenset({"Cold again [BX-4711]"}))
    assert sure("about my case [bx-4711]", to=tagged) == 0.9
    assert tags("Hello [urgent] [#2026-17]") == {"2026-17"}


def test_a_week_of_silence_or_a_subject_that_everybody_uses_is_less_sure() -> None:
    assert sure("Re: The boiler is cold", to=thread(last_message_at=NOW - timedelta(days=8))) == 0.65
    assert sure("Re: Complaint", to=thread(subjects=frozenset({"Complaint"}))) == 0.65


def test_after_a_month_nothing_joins_by_subject() -> None:
    assert sure("Re: The boiler is cold", to=thread(last_message_at=NOW - timedelta(days=31))) == 0


def test_the_surest_thread_wins_and_the_newer_of_two_alike() -> None:
    older, newer = thread(id=1, last_message_at=NOW - timedelta(days=3)), thread(id=2)
    letter = Inbound(channel="email", subject="Re: The boiler is cold", from_address=MAYA)
    assert best(letter, MAYA, [older, newer], NOW) == (2, 0.8)


def test_the_same_subject_without_an_answer_mark_begins_anew() -> None:
    letter = Inbound(channel="email", subject="The boiler is cold", from_address=MAYA)
    assert best(letter, MAYA, [thread()], NOW) is None
    assert not may_answer(letter)


@pytest.mark.parametrize(
    ("subject", "is_other"),
    [
        ("Re: The boiler is cold", False),
        ("Boiler", False),
        ("The boiler is cold and now it leaks as well", False),
        ("Re: boiler cold in the night", False),
        ("", False),
        ("Invoice 2026-311 is wrong", True),
    ],
)
def test_a_rewritten_subject_is_not_another_topic(subject: str, is_other: bool) -> None:
    assert is_other_topic(subject, {"The boiler is cold"}) is is_other


def test_new_people_with_a_new_subject_hijack_a_thread() -> None:
    tom = frozenset({"tom@customer.example"})
    assert is_hijacked("Invoice 2026-311", tom, thread(), NOW)
    assert not is_hijacked("Re: The boiler is cold", tom, thread(), NOW)
    assert not is_hijacked("Invoice 2026-311", tom | {MAYA}, thread(), NOW)


def test_a_new_subject_long_after_the_end_is_a_new_matter() -> None:
    maya = frozenset({MAYA})
    assert is_hijacked("Invoice 2026-311", maya, thread(closed_at=NOW - timedelta(days=31)), NOW)
    assert not is_hijacked("Invoice 2026-311", maya, thread(closed_at=NOW - timedelta(days=20)), NOW)
    assert not is_hijacked("Re: The boiler is cold", maya, thread(closed_at=NOW - timedelta(days=300)), NOW)


def test_a_long_history_is_compared_in_no_time() -> None:
    assert not sure("x", quoted="> never mind the words\n" * 50_000)
