"""Sending over real sockets: every way a mail server can answer has its own state."""

from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from backstory.channels.email import send, tasks
from backstory.channels.email.compose import render
from backstory.channels.email.letter_html import letter_html
from backstory.channels.email.parse import parse_bytes
from backstory.channels.email.tests.servers import Sink
from backstory.conversations.actions import send_notice, send_reply
from backstory.conversations.letters import Address, Outbound
from backstory.conversations.models import Delivery, Message
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


def outbound(**given: Any) -> Outbound:
    base: dict[str, Any] = {
        "message_id": "m@desk.example",
        "from_address": "care@desk.example",
        "from_name": "Care",
        "to": (Address("maya@customer.example", "Maya"),),
        "subject": "Water",
        "text": "Hello.",
        "sent_at": clock.now(),
    }
    return Outbound(**{**base, **given})


def test_no_value_becomes_a_header_of_its_own() -> None:
    evil = "x\r\nBcc: all@customer.example\r\n\r\nbody"
    data = render(
        outbound(
            subject=evil,
            from_name=evil,
            to=(Address("maya@customer.example", evil),),
            in_reply_to=evil,
            references=(evil,),
        ),
        "token",
    )
    letter = message_from_bytes(data, policy=default)
    assert letter["Bcc"] is None and letter["In-Reply-To"] is None
    assert letter.get_body(("plain",)).get_content().strip() == "Hello."


@pytest.mark.parametrize("address", ["", "maya", "maya@@x", "a b@c d\r\nRCPT TO:<x@y>", "<x@y.example>,z@y.example"])
def test_an_address_that_is_none_is_an_error_in_words(address: str) -> None:
    with pytest.raises(InvalidInput):
        render(outbound(to=(Address(address),)), "token")


def test_long_identifiers_are_not_folded_into_encoded_words() -> None:
    long = "x" * 200 + "@customer.example"
    assert f"In-Reply-To: <{long}>".encode() in render(outbound(in_reply_to=long), "token")


def test_a_letter_in_any_script_survives_the_way() -> None:
    text = "Größe, 温水, \U0001f6bf\n.\n..dots\nFrom here"
    data = render(outbound(subject="温水", text=text, to=(Address("maya@kündin.example", "Мая"),)), "token")
    parsed = parse_bytes(data)
    assert data.isascii() and max(map(len, data.split(b"\r\n"))) <= 998
    assert (parsed.subject, parsed.text.strip(), parsed.to[0].name) == ("温水", text, "Мая")


def test_html_of_a_reply_is_escaped() -> None:
    assert "<script>" not in letter_html('<script>alert(1)</script> https://x.example/"onload=1')
