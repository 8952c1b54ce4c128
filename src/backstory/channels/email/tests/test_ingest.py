"""From stored bytes to conversations: bounces, loops, machines, and faults of our own."""

import pytest

from backstory.channels import ingest as door
from backstory.channels.email.ingest import loop_token
from backstory.channels.email.tests.letters import ABUSE, BOUNCE, letter, with_file
from backstory.conversations.actions import correct_original, release_original, send_reply, store_raw
from backstory.conversations.models import Delivery, Message, RawMessage
from backstory.live.models import Event
from backstory.people.actions import clear_troubles
from backstory.people.models import AddressTrouble
from backstory.people.queries import troubles
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


def test_a_bounce_for_good_marks_the_address_until_mail_comes_from_it(cast: Cast, reply: Message) -> None:
    raw = take_in(cast, BOUNCE % reply.message_id.encode())
    delivery = Delivery.objects.get(message=reply)
    assert (raw.decision, raw.delivery, raw.conversation) == ("bounce", delivery, reply.conversation)
    [trouble] = troubles(["Maya@customer.example"])["maya@customer.example"]
    assert (trouble.kind, trouble.reason) == ("undeliverable", "userunknown 5.1.1")
    assert Event.objects.get(kind="address.undeliverable").conversation_id == reply.conversation_id
    take_in(cast, letter(b"I am here again."))
    assert not troubles(["maya@customer.example"])


def test_a_person_can_say_that_an_address_works(cast: Cast, reply: Message) -> None:
    take_in(cast, BOUNCE % reply.message_id.encode())
    clear_troubles(cast.alice, "maya@customer.example")
    assert not troubles(["maya@customer.example"])
    assert Event.objects.filter(kind="address.cleared", actor_name="Alice Archer").exists()


def test_a_bounce_for_a_while_marks_no_address(cast: Cast, reply: Message) -> None:
    full = BOUNCE.replace(b"550 5.1.1 User unknown", b"552 5.2.2 Mailbox full").replace(b"5.1.1", b"5.2.2")
    assert take_in(cast, full % reply.message_id.encode()).decision == "bounce"
    assert Delivery.objects.get(message=reply).state == Delivery.State.BOUNCED
    assert not troubles(["maya@customer.example"])


def test_nobody_can_mark_an_address_that_we_did_not_write_to(cast: Cast, reply: Message) -> None:
    take_in(cast, BOUNCE % b"stranger@elsewhere.example")
    assert not AddressTrouble.objects.exists()
    forged = (BOUNCE % reply.message_id.encode()).replace(b"rfc822; maya@customer", b"rfc822; tom@customer")
    take_in(cast, forged)
    assert [one.value for one in AddressTrouble.objects.all()] == ["maya@customer.example"]


def test_an_abuse_report_is_remembered_at_the_address(cast: Cast, reply: Message) -> None:
    raw = take_in(cast, ABUSE % reply.message_id.encode())
    assert (raw.decision, raw.conversation) == ("abuse-report", reply.conversation)
    assert [one.kind for one in troubles(["maya@customer.example"])["maya@customer.example"]] == ["unwanted"]
    assert Delivery.objects.get(message=reply).state != Delivery.State.BOUNCED


def test_an_absence_notice_is_told_of_in_its_thread(cast: Cast, reply: Message) -> None:
    away = letter(
        b"I am away until Monday.",
        header=b"From: maya@customer.example\r\nSubject: Automatic reply: Re: No hot water\r\n",
        more=b"In-Reply-To: <%s>\r\n" % reply.message_id.encode(),
    )
    raw = take_in(cast, away)
    assert (raw.state, raw.decision, raw.conversation) == (State.IGNORED, "auto-reply", reply.conversation)
    assert raw.summary["excerpt"] == "I am away until Monday."
    assert Message.objects.filter(direction=Message.Direction.IN).count() == 1


def test_every_decision_is_kept_with_its_original(cast: Cast) -> None:
    assert take_in(cast, b"").basis == "empty"
    assert take_in(cast, b"To: care@desk.example\r\n\r\nWho am I?").basis == "no-sender"
    assert take_in(cast, letter(more=b"X-Loop: care@desk.example\r\n")).decision == "loop"
    assert take_in(cast, letter(b"Hello?")).decision == "new"
    assert take_in(cast, letter(b"Hello?", more=b"X-Route: other\r\n")).decision == "duplicate"


def test_a_corrected_sender_makes_a_letter_of_what_had_none(cast: Cast) -> None:
    raw = take_in(cast, b"To: care@desk.example\r\nSubject: Cold\r\n\r\nWho am I?")
    correct_original(cast.dana, raw.pk, sender="maya@customer.example", name="Maya Lind")
    release_original(cast.dana, raw.pk)
    door.ingest(raw.pk)
    raw.refresh_from_db()
    assert (raw.decision, raw.message.answer_address) == ("new", "maya@customer.example")
    assert raw.message.conversation.customer.name == "Maya Lind"


def test_what_was_taken_for_a_machine_is_read_as_a_persons_letter_when_told_so(cast: Cast) -> None:
    raw = take_in(cast, letter(b"Help!", more=b"Auto-Submitted: auto-replied\r\n"))
    assert raw.decision == "auto-reply"
    correct_original(cast.dana, raw.pk, ordinary=True)
    release_original(cast.dana, raw.pk)
    door.ingest(raw.pk)
    raw.refresh_from_db()
    assert (raw.decision, raw.message.text) == ("new", "Help!")


def test_files_that_cannot_be_stored_are_tried_again_with_their_letter(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(folder: str, data: bytes) -> tuple[str, str]:
        raise OSError(28, "No space left on device")

    raw, _ = store_raw("email", cast.mailbox, with_file(b"leak.jpg"))
    with monkeypatch.context() as fault:
        fault.setattr("backstory.kernel.files.put", full)
        door.ingest(raw.pk)
    raw.refresh_from_db()
    assert (raw.state, raw.attempts, "No space left" in raw.reason) == (State.RECEIVED, 1, True)
    assert not Message.objects.exists()
    door.ingest(raw.pk)
    assert Message.objects.get().attachments.count() == 1


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
