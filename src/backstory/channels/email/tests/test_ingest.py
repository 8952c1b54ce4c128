"""From stored bytes to conversations: bounces, loops, machines, and faults of our own."""

import pytest

from backstory.channels import ingest as door
from backstory.channels.email.ingest import loop_token
from backstory.channels.email.tests.letters import BOUNCE, letter
from backstory.conversations.actions import send_reply, store_raw
from backstory.conversations.models import Delivery, Message, RawMessage
from conftest import Cast

State = RawMessage.State


def take_in(cast: Cast, data: bytes, **envelope: object) -> RawMessage:
    raw, _ = store_raw("email", cast.mailbox, data, dict(envelope))
    door.ingest(raw.pk)
    raw.refresh_from_db()
    return raw


@pytest.fixture
def reply(cast: Cast) -> Message:
    raw = take_in(cast, letter())
    return send_reply(cast.alice, raw.message.conversation_id, "We are on our way.")


def test_a_reply_joins_its_thread_by_reference(cast: Cast, reply: Message) -> None:
    answer = b"From: maya@customer.example\r\nIn-Reply-To: <%s>\r\n\r\nThanks." % reply.message_id.encode()
    raw = take_in(cast, answer)
    assert raw.message.conversation_id == reply.conversation_id


def test_a_bounce_fails_its_delivery_and_is_no_conversation(cast: Cast, reply: Message) -> None:
    raw = take_in(cast, BOUNCE % reply.message_id.encode())
    delivery = Delivery.objects.get(message=reply)
    assert (delivery.state, raw.state) == (Delivery.State.BOUNCED, State.IGNORED)
    assert "maya@customer.example" in delivery.last_error and "userunknown" in delivery.last_error
    assert f"letter {delivery.pk}" in raw.reason


def test_a_report_of_a_delay_leaves_the_delivery_alone(cast: Cast, reply: Message) -> None:
    before = Delivery.objects.get(message=reply).state
    delayed = (
        (BOUNCE % reply.message_id.encode()).replace(b"Action: failed", b"Action: delayed").replace(b"5.1.1", b"4.4.1")
    )
    assert take_in(cast, delayed).state == State.IGNORED
    assert Delivery.objects.get(message=reply).state == before


def test_a_bounce_of_no_letter_of_ours_is_kept_with_the_reason(cast: Cast) -> None:
    raw = take_in(cast, BOUNCE % b"stranger@elsewhere.example")
    assert raw.state == State.IGNORED and "none of our letters" in raw.reason


def test_our_own_letter_coming_back_is_a_loop(cast: Cast, reply: Message) -> None:
    back = b"From: maya@customer.example\r\nMessage-ID: <%s>\r\n\r\nhello" % reply.message_id.encode()
    raw = take_in(cast, back)
    assert raw.state == State.IGNORED and "our own" in raw.reason


def test_our_mark_in_the_header_is_a_loop(cast: Cast) -> None:
    raw = take_in(cast, letter(more=f"X-Backstory-Loop: {loop_token()}\r\n".encode()))
    assert raw.state == State.IGNORED and "loop" in raw.reason


def test_a_web_form_writing_from_the_mailbox_speaks_for_its_reply_to(cast: Cast) -> None:
    raw = take_in(cast, letter(header=b"From: care@desk.example\r\nReply-To: Tom <tom@customer.example>\r\n"))
    assert raw.message.sender_address == "tom@customer.example"


def test_a_letter_of_a_list_is_shown(cast: Cast) -> None:
    assert take_in(cast, letter(more=b"List-Id: <care.desk.example>\r\n")).state == State.ACCEPTED


def test_a_letter_from_the_null_path_that_speaks_of_delivery_is_a_bounce(cast: Cast) -> None:
    data = b"From: system@mx.example\r\nSubject: Delivery failure\r\n\r\n<maya@customer.example>: 550 user unknown"
    assert "bounce" in take_in(cast, data, sender="").reason


def test_taken_in_twice_it_is_one_message(cast: Cast) -> None:
    raw = take_in(cast, letter())
    door.ingest(raw.pk)
    assert Message.objects.count() == 1


def test_a_fault_of_ours_is_tried_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: str) -> bytes:
        raise OSError("the disk is away")

    with monkeypatch.context() as fault:
        fault.setattr("backstory.kernel.files.get", broken)
        raw = take_in(cast, letter())
    assert raw.state == State.RECEIVED and raw.attempts == 1 and raw.next_attempt_at
    door.ingest(raw.pk)
    raw.refresh_from_db()
    assert raw.state == State.ACCEPTED


def test_the_envelope_names_the_thread_when_the_header_hides_it(cast: Cast, reply: Message) -> None:
    token = reply.conversation.reply_token
    raw = take_in(cast, b"From: m@c.example\r\n\r\nhidden", recipients=[f"care+{token}@desk.example"])
    assert raw.message.conversation_id == reply.conversation_id
