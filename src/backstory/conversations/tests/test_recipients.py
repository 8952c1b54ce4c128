"""Whom letters go to, and what is asked before they do: pure decisions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstory.conversations.letters import Address
from backstory.conversations.lookalikes import looks_like, mixes_scripts, skeleton
from backstory.conversations.recipients import Doubt, Known, parsed, reply_to_all, warnings, written
from backstory.people.rules import is_email, normalise_email

LETTERS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
EMAILS = st.builds(
    lambda local, name, end: f"{local}@{name}.{end}", LETTERS, LETTERS, st.sampled_from(["example", "test"])
)
PEOPLE = st.builds(Address, EMAILS, st.text(max_size=30))
MAYA = "maya@customer.example"


@pytest.mark.parametrize(
    ("domain", "known"),
    [
        ("custorner.example", "customer.example"),
        ("custmoer.example", "customer.example"),
        ("custome.example", "customer.example"),
        ("customer.test", "customer.example"),
        ("customer-example.test", "customer.example"),
        ("customer.example.evil.test", "customer.example"),
        ("paypa1.example", "paypal.example"),
        ("pаypal.example", "paypal.example"),
        ("pаypal.example".encode("idna").decode(), "paypal.example"),
        ("münchen-gas.example", "munchen-gas.example"),
    ],
)
def test_a_domain_made_to_be_taken_for_another_is_noticed(domain: str, known: str) -> None:
    assert looks_like(domain, known) and looks_like(known, domain) | ("evil" in domain) | ("-example" in domain)


@pytest.mark.parametrize(
    ("domain", "known"),
    [
        ("customer.example", "customer.example"),
        ("mail.customer.example", "customer.example"),
        ("shop.test", "stop.test"),
        ("desk.example", "customer.example"),
        ("xn--mnchen-3ya.example", "münchen.example"),
        ("", "customer.example"),
        ("xn--a", "xn--b"),
    ],
)
def test_an_honest_domain_is_not(domain: str, known: str) -> None:
    assert not looks_like(domain, known)


def test_a_name_that_mixes_alphabets_deceives_by_itself() -> None:
    assert (
        mixes_scripts("pаypal.example") and not mixes_scripts("почта.example") and not mixes_scripts("münchen.example")
    )


@settings(max_examples=200)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_held_against_any_other(one: str, other: str) -> None:
    looks_like(one, other), skeleton(one), mixes_scripts(one)
    assert not looks_like(one, one)


@given(st.lists(PEOPLE, max_size=8, unique_by=lambda one: normalise_email(one.email)))
def test_recipients_that_are_written_out_are_read_back(people: list[Address]) -> None:
    found, wrong = parsed(written(people))
    assert ([one.email for one in found], wrong) == ([one.email for one in people], [])
    assert parsed(written(found)) == (found, [])


@given(st.text(max_size=120))
def test_whatever_is_typed_gives_addresses_and_the_rest_by_name(typed: str) -> None:
    found, wrong = parsed(typed)
    assert all(is_email(one.email) and "\n" not in one.name + one.email and "\r" not in one.name for one in found)
    assert len({normalise_email(one.email) for one in found}) == len(found)
    assert all(text.strip() for text in wrong)


@given(PEOPLE, st.lists(PEOPLE, max_size=6), st.lists(PEOPLE, max_size=6))
def test_an_answer_to_all_loses_nobody_and_never_writes_to_ourselves(answer, to, cc) -> None:
    ours = ["care@desk.example"]
    first, copies = reply_to_all(answer, [*to, Address("Care+token@desk.example")], cc, ours)
    everybody = [normalise_email(one.email) for one in (*first, *copies)]
    assert first == [answer] and len(set(everybody)) == len(everybody)
    wanted = {normalise_email(one.email) for one in (answer, *to, *cc)}
    assert set(everybody) == wanted


def doubts(address: str, **known: object) -> list[str]:
    around = Known(**{name: frozenset(value) if isinstance(value, set) else value for name, value in known.items()})
    return [str(warning.doubt) for warning in warnings([Address(address)], around)]


def test_who_belongs_to_the_thread_is_written_to_without_a_question() -> None:
    assert doubts(MAYA, own={MAYA}) == []
    assert doubts("Tom@Partner.example", own={MAYA}, thread={"tom@partner.example"}) == []


def test_each_doubt_has_its_reason() -> None:
    base = {"own": {MAYA}, "thread": {MAYA}, "desk": {"care@desk.example"}}
    assert doubts("tom@partner.example", **base) == [Doubt.NEW]
    assert doubts("bob@desk.example", **base) == [Doubt.INTERNAL]
    assert doubts("maya@custorner.example", **base) == [Doubt.LOOKALIKE]
    assert doubts("priya@other.example", others={"priya@other.example"}, **base) == [Doubt.OTHER_CUSTOMER]
    assert doubts(MAYA, undeliverable={MAYA: "userunknown"}, **base) == [Doubt.UNDELIVERABLE]
    assert doubts(MAYA, unwanted={MAYA: ""}, **base) == [Doubt.UNWANTED]


def test_a_stranger_in_the_thread_is_held_against_whom_we_trust() -> None:
    thread = {MAYA, "maya@custorner.example"}
    assert doubts("maya@custorner.example", own={MAYA}, thread=thread) == [Doubt.LOOKALIKE]
    assert doubts(MAYA, own={MAYA}, thread=thread) == []


def test_providers_that_differ_by_a_letter_are_no_forgery() -> None:
    assert doubts("tom@mail.com", own={"maya@gmail.com"}, thread={"tom@mail.com"}) == []
    assert doubts("tom@gmai1.com", own={"maya@gmail.com"}) == [Doubt.LOOKALIKE]


def test_what_was_once_confirmed_is_not_asked_again_but_a_bounce_always_is() -> None:
    known = {"own": {MAYA}, "written": {"maya@custorner.example"}, "others": {"maya@custorner.example"}}
    assert doubts("maya@custorner.example", **known) == []
    assert doubts("maya@custorner.example", undeliverable={"maya@custorner.example": "x"}, **known) == [
        Doubt.UNDELIVERABLE
    ]


@given(EMAILS, st.sets(EMAILS, max_size=4), st.sets(EMAILS, max_size=4))
def test_nobody_new_is_ever_written_to_unasked(address: str, own: set[str], thread: set[str]) -> None:
    assert bool(doubts(address, own=own, thread=thread)) or normalise_email(address) in own | thread
