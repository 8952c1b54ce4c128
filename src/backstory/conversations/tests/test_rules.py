"""Pure decisions about threads and letters."""

from hypothesis import given
from hypothesis import strategies as st

from backstory.conversations.letters import Inbound
from backstory.conversations.rules import (
    SNIPPET_LENGTH,
    answer_subject,
    bare_subject,
    named_parents,
    next_try,
    snippet,
)


def test_prefixes_of_answers_and_forwards_are_taken_off() -> None:
    assert bare_subject("Re: AW: [2] Fwd: WG: Heating") == "[2] Fwd: WG: Heating"
    assert bare_subject("RE[3]: re: Sv: Heating") == "Heating"
    assert answer_subject("Re: Re: Heating") == "Re: Heating"
    assert answer_subject("") == "Re: your message"


@given(st.text())
def test_a_bare_subject_stays_as_it_is(subject: str) -> None:
    assert bare_subject(bare_subject(subject)) == bare_subject(subject)


@given(st.text(max_size=1000))
def test_a_snippet_is_one_short_line(text: str) -> None:
    short = snippet(text)
    assert len(short) <= SNIPPET_LENGTH
    assert len(short.splitlines()) <= 1


def test_parents_are_named_nearest_first_without_repeats() -> None:
    inbound = Inbound(channel="email", in_reply_to="c", references=("a", "b", "c"))
    assert named_parents(inbound) == ["c", "b", "a"]
    assert named_parents(Inbound(channel="email")) == []


def test_the_pause_between_tries_grows_and_ends() -> None:
    pauses = [next_try(attempts) for attempts in range(1, 9)]
    assert pauses == [1, 5, 15, 60, 180, 360, 720, None]
