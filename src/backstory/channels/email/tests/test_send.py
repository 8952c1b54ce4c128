"""Sending over real sockets: every way a mail server can answer has its own state."""

from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from backstory.channels.email import send, tasks
from backstory.channels.email.compose import render
from backstory.channels.email.parse import parse_bytes
from backstory.channels.email.signing import is_verified
from backstory.channels.email.tests.servers import Sink
from backstory.channels.email.tests.test_compose import outbound
from backstory.conversations.actions import (
    add_note,
    make_dkim_key,
    retry_delivery,
    send_notice,
    send_reply,
    undo_send,
)
from backstory.conversations.letters import Address, Dispatch
from backstory.conversations.models import Attachment, Delivery, DkimKey, Message
from backstory.kernel import clock, files
from backstory.kernel.errors import InvalidInput
from conftest import Cast

State = Delivery.State


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with Sink() as running:
        settings.MAIL_MODE, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 10
        yield running


@pytest.fixture
def delivery(cast: Cast, write: Callable[..., Message]) -> Delivery:
    incoming = write("Cold again.", subject="No hot water", message_id="first@customer.example")
    return send_reply(
        cast.alice, incoming.conversation_id, "We are on our way.\n\nSee https://desk.example/a?b=1."
    ).delivery


def sent(delivery: Delivery) -> Delivery:
    send.deliver(delivery.pk)
    delivery.refresh_from_db()
    return delivery


def test_a_reply_is_sent_with_what_keeps_its_thread_together(sink: Sink, delivery: Delivery) -> None:
    assert sent(delivery).state == State.SENT
    letter = message_from_bytes(sink.letters[0], policy=default)
    token = delivery.message.conversation.reply_token
    assert letter["Message-ID"] == f"<{delivery.message.message_id}>"
    assert letter["In-Reply-To"] == letter["References"] == "<first@customer.example>"
    assert f"care+{token}@desk.example" in letter["Reply-To"]
    assert "Alice Archer" in letter["From"] and "care@desk.example" in letter["From"]
    assert letter["Subject"] == "Re: No hot water"
    assert letter["Auto-Submitted"] is None
    assert letter.get_body(("plain",)).get_content().startswith("We are on our way.")
    assert '<a href="https://desk.example/a?b=1">' in letter.get_body(("html",)).get_content()
    assert [one for one in sink.commands if one.startswith("RCPT")] == ["RCPT TO:<MAYA@CUSTOMER.EXAMPLE>"]


def test_our_own_letter_is_known_as_a_loop_by_nobody_but_us(sink: Sink, delivery: Delivery) -> None:
    sent(delivery)
    assert parse_bytes(sink.letters[0]).auto == "loop"


def test_a_notice_says_that_no_person_wrote_it(sink: Sink, delivery: Delivery) -> None:
    notice = send_notice(delivery.message.conversation, "Your status link.").delivery
    sent(notice)
    letter = message_from_bytes(sink.letters[0], policy=default)
    assert (letter["Auto-Submitted"], letter["X-Auto-Response-Suppress"]) == ("auto-generated", "All")


def test_a_letter_is_not_sent_twice(sink: Sink, delivery: Delivery) -> None:
    sent(delivery)
    sent(delivery)
    assert len(sink.letters) == 1


ANSWERS = [
    ({"RCPT": "550 5.1.1 no such user"}, State.FAILED, "no such user"),
    ({"RCPT": "450 4.2.0 greylisted"}, State.DEFERRED, "greylisted"),
    ({"MAIL": "451 4.3.0 later"}, State.DEFERRED, "later"),
    ({"MAIL": "553 5.1.8 not you"}, State.FAILED, "not you"),
    ({"DATA": "554 5.7.1 spam"}, State.FAILED, "spam"),
    ({"CONTENT": "452 4.3.1 disk full"}, State.DEFERRED, "disk full"),
    ({"CONTENT": "554 5.6.0 bad"}, State.FAILED, "5.6.0"),
    ({"CONTENT": "DROP"}, State.UNCERTAIN, "broke while"),
    ({"MAIL": "DROP"}, State.DEFERRED, "broke"),
    ({"RCPT": "DROP"}, State.DEFERRED, "broke"),
    ({"GREETING": "554 go away"}, State.DEFERRED, "go away"),
    ({"GREETING": "421 busy"}, State.DEFERRED, "busy"),
]


@pytest.mark.parametrize(("answers", "state", "words"), ANSWERS)
def test_every_answer_has_its_state(
    sink: Sink, delivery: Delivery, answers: dict[str, str], state: str, words: str
) -> None:
    sink.answers.update(answers)
    after = sent(delivery)
    assert after.state == state and words in after.last_error
    assert bool(after.next_attempt_at) == (state == State.DEFERRED)


@pytest.mark.parametrize(
    ("fault", "state"), [(OSError("stale handle"), State.DEFERRED), (FileNotFoundError(), State.FAILED)]
)
def test_a_disk_that_is_away_puts_letters_off_and_a_file_that_is_gone_fails_its_letter(
    sink: Sink, delivery: Delivery, monkeypatch: pytest.MonkeyPatch, fault: OSError, state: str
) -> None:
    def read(_: str) -> bytes:
        raise fault

    Attachment.objects.create(
        message=delivery.message, name="plan.pdf", content_type="application/pdf", size=4, path="x"
    )
    monkeypatch.setattr(files, "get", read)
    assert sent(delivery).state == state and not sink.letters


def test_a_server_that_is_away_defers(settings: Any, delivery: Delivery) -> None:
    with Sink() as gone:
        settings.MAIL_MODE, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", gone.port
    assert sent(delivery).state == State.DEFERRED


def test_a_deferred_letter_goes_out_when_its_time_has_come(sink: Sink, delivery: Delivery) -> None:
    sink.answers["RCPT"] = "450 later"
    sent(delivery)
    sink.answers.clear()
    tasks.deliver_waiting.call_local()
    assert not sink.letters
    with clock.travel(clock.ahead(minutes=3)):
        tasks.deliver_waiting.call_local()
    assert len(sink.letters) == 1
    assert len([one for one in sink.commands if one.startswith("MAIL")]) == 2
    assert delivery.message.message_id.encode() in sink.letters[0]


def test_an_uncertain_letter_is_never_sent_again_by_itself(sink: Sink, delivery: Delivery) -> None:
    sink.answers["CONTENT"] = "DROP"
    sent(delivery)
    sink.answers.clear()
    with clock.travel(clock.ahead(days=3)):
        tasks.deliver_waiting.call_local()
    assert len(sink.letters) == 1


def test_in_outbox_mode_the_letter_stays_here(settings: Any, delivery: Delivery) -> None:
    settings.MAIL_MODE, settings.EMAIL_HOST = "outbox", "mail.invalid"
    after = sent(delivery)
    assert after.state == State.SENT and parse_bytes(files.get(after.path)).parts.reply.startswith("We are on our way.")


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"GREETING": "HANG"}, State.DEFERRED),
        ({"RCPT": "HANG"}, State.DEFERRED),
        ({"CONTENT": "HANG"}, State.UNCERTAIN),
    ],
)
def test_a_server_that_hangs_holds_nobody_for_long(
    sink: Sink, delivery: Delivery, settings: Any, answers: dict[str, str], state: str
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    sink.answers.update(answers)
    assert sent(delivery).state == state


@pytest.fixture
def to_two(cast: Cast, write: Callable[..., Message]) -> Delivery:
    incoming = write("Cold again.", cc=(Address("tom@partner.example"),))
    return send_reply(cast.alice, incoming.conversation_id, "We are on our way.").delivery


def test_who_is_refused_is_named_and_who_is_put_off_gets_the_letter_later(sink: Sink, to_two: Delivery) -> None:
    sink.answers["RCPT TO:<TOM"] = "450 4.2.1 greylisted"
    first = sent(to_two)
    assert first.state == State.DEFERRED and "Not yet taken for tom@partner.example: 450" in first.last_error
    assert len(sink.letters) == 1
    sink.answers["RCPT TO:<TOM"] = "550 5.1.1 no such user"
    with clock.travel(clock.ahead(minutes=3)):
        second = sent(to_two)
    assert second.state == State.FAILED and "no such user" in second.last_error
    assert [one for one in sink.commands if one.startswith("RCPT TO:<MAYA")] == ["RCPT TO:<MAYA@CUSTOMER.EXAMPLE>"]
    assert len(sink.letters) == 1, "whoever has it gets it once"


def test_a_letter_of_which_one_copy_was_refused_is_sent_but_not_to_everybody(sink: Sink, to_two: Delivery) -> None:
    sink.answers["RCPT TO:<TOM"] = "550 5.1.1 no such user"
    after = sent(to_two)
    assert after.state == State.SENT and "Not taken for tom@partner.example: 550" in after.last_error
    assert after.results == {"maya@customer.example": "sent", "tom@partner.example": "550 5.1.1 no such user"}


def test_a_worker_that_has_lost_its_claim_sends_nothing(
    sink: Sink, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backstory.conversations import actions

    def slow(mine: Delivery) -> bool:
        with clock.travel(clock.ahead(minutes=11)):
            actions.release_stuck()
        return original(mine)

    original = actions.begin_handing_over
    monkeypatch.setattr(actions, "begin_handing_over", slow)
    assert sent(delivery).state == State.WAITING and not sink.letters
    monkeypatch.undo()
    assert sent(delivery).state == State.SENT and len(sink.letters) == 1


def test_a_crash_while_handing_over_leaves_a_letter_of_which_nobody_is_certain(
    sink: Sink, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr(send, "_settle", killed)
    with pytest.raises(Killed):
        send.deliver(delivery.pk)
    monkeypatch.undo()
    with clock.travel(clock.ahead(minutes=11)):
        tasks.deliver_waiting.call_local()
    delivery.refresh_from_db()
    assert (delivery.state, len(sink.letters)) == (State.UNCERTAIN, 1)
    first = sink.letters[0]
    again = sent(retry_delivery(delivery.message.author, delivery.pk))
    assert again.state == State.SENT
    identifiers = [message_from_bytes(one)["Message-ID"] for one in (first, sink.letters[1])]
    assert identifiers[0] == identifiers[1], "a person decided, and it is the same letter to every mail system"


def test_a_held_letter_waits_and_a_letter_taken_back_is_never_sent(
    sink: Sink, cast: Cast, write: Callable[..., Message]
) -> None:
    pk = write("Cold.").conversation_id
    first = send_reply(cast.alice, pk, "Never mind.", Dispatch(hold_seconds=10)).delivery
    second = send_reply(cast.alice, pk, "I am coming.", Dispatch(hold_seconds=10)).delivery
    tasks.deliver_waiting.call_local()
    assert not sink.letters
    undo_send(cast.alice, first.pk)
    with clock.travel(clock.ahead(seconds=11)):
        send.deliver(first.pk)
        assert sent(second).state == State.SENT
    assert len(sink.letters) == 1 and b"I am coming." in sink.letters[0]


def test_letters_are_signed_where_their_domain_has_a_key(sink: Sink, delivery: Delivery) -> None:
    key = make_dkim_key("desk.example")
    DkimKey.objects.update(is_active=True)
    assert sent(delivery).state == State.SENT
    assert is_verified(sink.letters[0], key)


def test_a_key_that_cannot_be_used_puts_letters_off_and_says_so(sink: Sink, delivery: Delivery) -> None:
    make_dkim_key("desk.example")
    DkimKey.objects.update(is_active=True, private_key_sealed="nonsense")
    after = sent(delivery)
    assert after.state == State.DEFERRED and "cannot be signed" in after.last_error and not sink.letters


def test_no_word_of_a_note_leaves_whatever_is_sent(sink: Sink, cast: Cast, write: Callable[..., Message]) -> None:
    pk = write("It is cold.").conversation_id
    add_note(cast.alice, pk, "SECRET one")
    for quote in (True, False):
        sent(send_reply(cast.alice, pk, "I am coming.", Dispatch(quote=quote)).delivery)
        add_note(cast.bob, pk, "SECRET two")
    message = Message.objects.filter(direction=Message.Direction.NOTE).first()
    forced = Delivery.objects.create(message=message)
    assert sent(forced).state == State.FAILED, "even a row that should not be there sends no note"
    assert len(sink.letters) == 2 and not any(b"SECRET" in letter for letter in sink.letters)


def test_a_letter_in_any_script_survives_the_way() -> None:
    text = "Größe, 温水, \U0001f6bf\n.\n..dots\nFrom here"
    data = render(outbound(subject="温水", text=text, to=(Address("maya@kündin.example", "Мая"),)), "token")
    parsed = parse_bytes(data)
    assert data.isascii() and max(map(len, data.split(b"\r\n"))) <= 998
    assert (parsed.subject, parsed.text.strip(), parsed.to[0].name) == ("温水", text, "Мая")


@pytest.mark.parametrize("address", ["", "maya", "maya@@x", "a b@c d\r\nRCPT TO:<x@y>", "<x@y.example>,z@y.example"])
def test_an_address_that_is_none_is_an_error_in_words(address: str) -> None:
    with pytest.raises(InvalidInput):
        render(outbound(to=(Address(address),)), "token")
