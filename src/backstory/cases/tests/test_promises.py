from collections.abc import Callable
from datetime import timedelta

import pytest

from backstory.cases import actions, queries, tasks
from backstory.cases.models import Promise
from backstory.conversations.actions import send_notice, send_reply
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backstory.live.models import Event
from conftest import Cast

State = Promise.State


def test_a_sent_promise_is_suggested_with_its_words_owner_and_date(cast: Cast, letter: Message) -> None:
    reply = send_reply(cast.alice, letter.conversation_id, "Thank you. I will call you back within two days.")
    (promise,) = actions.suggest_promises(reply.pk)
    assert promise.state == State.SUGGESTED and promise.owner == cast.alice
    assert reply.text[promise.start : promise.end] == promise.quote
    assert "call you back" in promise.quote
    assert promise.due_at and promise.due_at > clock.now()
    event = Event.objects.get(kind="promise.suggested")
    assert event.conversation_id == letter.conversation_id and event.team_id == cast.care.pk
    assert "call" not in str(event.data)


def test_a_message_is_looked_through_once_also_when_it_promises_nothing(cast: Cast, letter: Message) -> None:
    reply = send_reply(cast.alice, letter.conversation_id, "I will call you tomorrow.")
    assert len(actions.suggest_promises(reply.pk)) == 1
    assert actions.suggest_promises(reply.pk) == []
    nothing = send_reply(cast.alice, letter.conversation_id, "What happened?")
    assert nothing.pk in queries.overlooked_promises(clock.ahead(minutes=5))
    tasks.find_promises.call_local(nothing.pk)
    assert nothing.pk not in queries.overlooked_promises(clock.ahead(minutes=5))


def test_automatic_letters_and_customers_promise_nothing_for_us(cast: Cast, write: Callable[..., Message]) -> None:
    received = write("I will call you tomorrow.")
    notice = send_notice(received.conversation, "We will call you tomorrow.")
    assert actions.suggest_promises(received.pk) == []
    assert actions.suggest_promises(notice.pk) == []


def test_what_we_say_the_customer_will_do_is_no_promise_of_ours(cast: Cast, letter: Message) -> None:
    text = "You will send me the photo tomorrow. I will call you on Friday."
    found = actions.suggest_promises(send_reply(cast.alice, letter.conversation_id, text).pk)
    assert [promise.quote for promise in found] == ["I will call you on Friday"]


def test_a_person_accepts_corrects_and_keeps_a_promise(cast: Cast, promised: Callable[..., Promise]) -> None:
    promise = promised(state=State.SUGGESTED)
    with pytest.raises(InvalidInput):
        actions.accept_promise(cast.alice, promise.pk, clock.ahead(days=-1))
    due = clock.ahead(days=9)
    accepted = actions.accept_promise(cast.alice, promise.pk, due)
    assert (accepted.state, accepted.due_at) == (State.OPEN, due)
    with pytest.raises(Conflict):
        actions.accept_promise(cast.alice, promise.pk)
    kept = actions.keep_promise(cast.alice, promise.pk)
    assert kept.state == State.KEPT and kept.decided_at
    with pytest.raises(Conflict):
        actions.break_promise(cast.alice, promise.pk)


def test_outsiders_see_no_promise_and_administrators_decide_none(cast: Cast, promised: Callable[..., Promise]) -> None:
    promise = promised(state=State.SUGGESTED)
    assert list(queries.promises(cast.alice)) == [promise]
    assert not queries.promises(cast.charlie).exists()
    for step in (actions.accept_promise, actions.dismiss_promise, actions.keep_promise):
        with pytest.raises(NotFound):
            step(cast.charlie, promise.pk)
        with pytest.raises(NotAllowed):
            step(cast.dana, promise.pk)


def test_promises_are_listed_soonest_first_and_undated_last(cast: Cast, promised: Callable[..., Promise]) -> None:
    undated, later, sooner = promised(days=None), promised(days=4), promised(days=1)
    promised(state=State.DISMISSED)
    assert list(queries.promises(cast.alice, State.OPEN)) == [sooner, later, undated]


def test_the_owner_is_reminded_once_a_day_ahead(promised: Callable[..., Promise]) -> None:
    promise = promised(days=3)
    promised(days=None), promised(days=3, state=State.SUGGESTED)
    assert actions.remind_due_promises() == 0
    with clock.travel(clock.ahead(days=2, hours=1)):
        assert actions.remind_due_promises() == 1
        assert actions.remind_due_promises() == 0
    event = Event.objects.get(kind="promise.reminded")
    assert event.subject_id == promise.pk and event.data["owner_id"] == promise.owner_id


def test_an_open_promise_is_broken_once_its_time_has_passed(promised: Callable[..., Promise]) -> None:
    overdue, kept, undated = promised(days=1), promised(days=1, state=State.KEPT), promised(days=None)
    assert actions.break_overdue_promises() == 0
    with clock.travel(clock.now() + timedelta(days=1, minutes=1)):
        tasks.watch_promises.call_local()
    states = {row.pk: row.state for row in Promise.objects.all()}
    assert states == {overdue.pk: State.BROKEN, kept.pk: State.KEPT, undated.pk: State.OPEN}


def test_a_promise_kept_but_not_marked_is_put_right_and_the_log_shows_it(
    cast: Cast, promised: Callable[..., Promise]
) -> None:
    promise = promised(state=State.BROKEN)
    assert actions.keep_promise(cast.alice, promise.pk).state == State.KEPT
    assert Event.objects.get(kind="promise.kept").data == {"before": "broken"}
