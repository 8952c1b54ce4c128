"""Customers who left: known by whom, asked once, never sold anything."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.cases.actions import record_reading
from backstory.cases.models import Complaint
from backstory.conversations.models import Conversation, Delivery, Message
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backstory.language import read
from backstory.live.models import Event
from backstory.people.actions import decline_surveys
from backstory.people.models import Customer
from backstory.recovery import actions, queries, rules, wording
from backstory.recovery.models import LostCustomer
from conftest import Cast

Close = Callable[[Complaint], Complaint]
LIST = "Email,Name,Cause,left_on\ntom@customer.example,Tom Tanner,outage,2026-03-31\nmaya@customer.example,,,\n"


@pytest.fixture
def left(cast: Cast, complaint: Complaint, close: Close) -> LostCustomer:
    return actions.mark_lost(cast.alice, close(complaint).conversation_id)


def later(days: float = 15) -> object:
    return clock.travel(clock.ahead(days=days))


def test_whoever_left_is_asked_one_thing_once(cast: Cast, left: LostCustomer) -> None:
    assert left.cause and left.cause.slug == "outage"
    assert actions.mark_lost(cast.bob, left.conversation_id) == left
    assert actions.ask_lost_customers() == 0
    with later():
        assert [actions.ask_lost_customers() for _ in range(3)] == [1, 0, 0]
        left.refresh_from_db()
        assert left.message and queries.lost_link(left) in left.message.text
        assert left.message.delivery.kind == Delivery.Kind.SURVEY, "so the letter can be declined for ever"
        actions.answer_last_question(left.token, "Nobody listened, and the baby was ill.")
        with pytest.raises(Conflict):
            actions.answer_last_question(left.token, "More")
        with pytest.raises(Conflict):
            actions.unmark_lost(cast.alice, left.pk)
    assert "baby" not in str([event.data for event in Event.objects.all()])
    with later(500):
        assert actions.ask_lost_customers() == 0


def test_who_wants_no_questions_is_not_asked(left: LostCustomer) -> None:
    decline_surveys(left.customer_id)
    with later():
        assert actions.ask_lost_customers() == 0
    left.refresh_from_db()
    assert (left.state, left.why_not) == ("not_asked", "Wants no questions.")


def test_nobody_is_asked_why_they_left_while_something_is_open(cast: Cast, left: LostCustomer) -> None:
    actions.ask_for_second_recovery(cast.alice, left.complaint_id)
    with later():
        assert actions.ask_lost_customers() == 0
        actions.close_complaint(cast.alice, left.complaint_id, "upheld", "Now it is warm.")
        assert actions.ask_lost_customers() == 1


def test_a_list_is_brought_in_once_and_all_of_it_or_nothing(cast: Cast, complaint: Complaint) -> None:
    with pytest.raises(NotAllowed):
        actions.import_lost(cast.alice, cast.mailbox, LIST)
    for wrong in ("name\nTom\n", "email\nnobody\n", LIST + "x@y.example,,nonsense,\n", LIST.replace("03-31", "13-31")):
        with pytest.raises(InvalidInput):
            actions.import_lost(cast.bob, cast.mailbox, wrong)
    assert not LostCustomer.objects.exists() and not Customer.objects.filter(name="Tom Tanner").exists()
    assert actions.import_lost(cast.bob, cast.mailbox, LIST) == (2, 0)
    assert actions.import_lost(cast.bob, cast.mailbox, LIST) == (0, 2)
    tom = LostCustomer.objects.get(customer__name="Tom Tanner")
    assert tom.cause and (tom.cause.slug, tom.source) == ("outage", "imported")
    maya = LostCustomer.objects.get(customer=complaint.conversation.customer)
    assert maya.conversation == complaint.conversation, "where there is a thread it is used"
    with later():
        assert actions.ask_lost_customers() == 1, "Maya's complaint is open"
    assert tom.conversation.state == Conversation.State.CLOSED


def test_only_the_own_team_marks_and_sees(cast: Cast, left: LostCustomer) -> None:
    with pytest.raises(NotFound):
        actions.mark_lost(cast.charlie, left.conversation_id)
    assert not queries.lost_customers(cast.charlie).exists()
    actions.unmark_lost(cast.alice, left.pk)
    assert not LostCustomer.objects.exists()


def test_who_says_that_they_leave_is_offered_and_not_marked(cast: Cast, write: Callable[..., Message]) -> None:
    letter = write("I am cancelling my contract and moving to another company.", sender="tom@customer.example")
    record_reading(letter.pk, read(letter.text))
    assert queries.lost_candidates(cast.alice) == []
    with later(20):
        assert [each.source for each in queries.lost_candidates(cast.alice)] == ["stated"]
        assert queries.lost_candidates(cast.charlie) == []
        actions.mark_lost(cast.alice, letter.conversation_id, "stated")
        assert queries.lost_candidates(cast.alice) == []


def test_results_stand_by_cause(cast: Cast, left: LostCustomer) -> None:
    actions.import_lost(cast.bob, cast.mailbox, "email\ntom@customer.example\n")
    found = {line.cause: (line.lost, line.asked, line.answered) for line in queries.lost_by_cause(LostCustomer.objects)}
    assert set(found.values()) == {(1, 0, 0)} and "" in found


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_the_letter_sells_nothing(language: str) -> None:
    letter = wording.write(wording.LAST_QUESTION, language, number="", name="Maya", link="https://desk.example/x/")
    selling = r"discount|rabatt|descuento|remise|offer\b|angebot|oferta|come back|voucher|gutschein|\d+ ?%"
    assert not re.search(selling, letter.text, re.IGNORECASE) and "https://desk.example/x/" in letter.text


@given(
    st.booleans(),
    st.integers(0, 2),
    st.booleans(),
    st.none() | st.timedeltas(timedelta(0), timedelta(days=90)),
    st.timedeltas(timedelta(days=-5), timedelta(days=500)),
)
def test_nobody_is_asked_twice_too_early_or_against_their_will(
    waiting: bool, still_open: int, declined: bool, ago: timedelta | None, wait: timedelta
) -> None:
    now = clock.now()
    facts = rules.Leaving(waiting, now - wait, still_open, declined, now - ago if ago else None, timedelta(days=30))
    verdict = rules.verdict(facts, now)
    if verdict == "ask":
        assert waiting and not still_open and not declined and wait >= timedelta(0)
        assert not ago or ago >= timedelta(days=30)
