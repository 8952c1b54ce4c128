"""The listener over real sockets: what it takes, what it refuses, and that 250 means stored."""

import smtplib
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from backstory.channels.email import accepting
from backstory.channels.email.listener import Listener
from backstory.channels.email.tests.letters import letter, nested, with_file
from backstory.conversations import actions
from backstory.conversations.models import Conversation, Message, RawMessage
from backstory.kernel import files
from conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
SENDER = "maya@customer.example"


@pytest.fixture
def listener(cast: Cast) -> Iterator[Listener]:
    running = Listener("127.0.0.1", 0)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def lmtp(cast: Cast) -> Iterator[Listener]:
    running = Listener("127.0.0.1", 0, lmtp=True)
    running.start()
    yield running
    running.stop()


def client(listener: Listener) -> smtplib.SMTP:
    kind = smtplib.LMTP if listener.lmtp else smtplib.SMTP
    return kind("127.0.0.1", listener.port, timeout=120)


def post(listener: Listener, data: bytes, *to: str, sender: str = SENDER) -> dict[str, Any]:
    with client(listener) as session:
        return session.sendmail(sender, list(to) or ["care@desk.example"], data)


def only_raw() -> RawMessage:
    return RawMessage.objects.get()


def test_a_letter_becomes_a_conversation(listener: Listener) -> None:
    post(listener, letter())
    message = Message.objects.get()
    assert message.text == "The water is cold."
    assert message.conversation.customer.name == "Maya Lind"
    assert files.get(only_raw().path).strip() == letter().strip()
    assert only_raw().envelope["sender"] == SENDER


def test_the_same_letter_by_smtp_and_lmtp_is_one_message(listener: Listener, lmtp: Listener) -> None:
    for door in (listener, lmtp, listener):
        post(door, letter())
    assert (RawMessage.objects.count(), Message.objects.count()) == (1, 1)


def test_one_letter_to_two_mailboxes_is_kept_for_each(listener: Listener) -> None:
    post(listener, letter(), "care@desk.example", "parts@desk.example", "CARE@desk.example")
    assert sorted(RawMessage.objects.values_list("mailbox__address", flat=True)) == [
        "care@desk.example",
        "parts@desk.example",
    ]


def test_an_unknown_mailbox_is_refused(listener: Listener) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        post(listener, letter(), "nobody@desk.example")
    assert refused.value.recipients["nobody@desk.example"][0] == 550
    assert refused.value.recipients["nobody@desk.example"][1].startswith(b"5.1.1")


def test_an_address_of_broken_bytes_is_refused(listener: Listener) -> None:
    with client(listener) as session:
        session.ehlo()
        session.mail(SENDER)
        session.send(b"RCPT TO:<c\xff\xfere@desk.example>\r\n")
        assert session.getreply()[0] // 100 == 5
        session.send(b"RCPT TO:<care@desk.example>\r\n")
        assert session.getreply()[0] == 250


def test_a_connection_lost_in_the_middle_stores_nothing(listener: Listener) -> None:
    session = client(listener)
    session.ehlo()
    session.mail(SENDER)
    session.rcpt("care@desk.example")
    session.docmd("DATA")
    session.send(letter()[:50])
    session.close()
    post(listener, letter())
    assert RawMessage.objects.count() == 1


def test_the_listener_relays_nothing(listener: Listener) -> None:
    with client(listener) as session:
        session.ehlo()
        session.mail("care@desk.example")
        assert session.rcpt("maya@customer.example")[0] == 550


def test_a_plus_address_joins_its_thread(listener: Listener) -> None:
    post(listener, letter())
    conversation = Conversation.objects.get()
    answer = b"From: maya@customer.example\r\nTo: undisclosed-recipients:;\r\nSubject: other\r\n\r\nStill cold."
    post(listener, answer, f"care+{conversation.reply_token}@desk.example")
    assert conversation.messages.count() == 2


def test_fifty_megabytes_are_refused_with_552(listener: Listener) -> None:
    large = with_file(b"large.bin", b"QUJD" * 19 + b"\r\n" + (b"QUJD" * 19 + b"\r\n") * 700_000)
    assert len(large) > 50 * 1024 * 1024
    with client(listener) as session:
        session.ehlo()
        assert int(session.esmtp_features["size"]) == 30 * 1024 * 1024
        assert session.mail(SENDER, [f"size={len(large)}"])[0] == 552
    with client(listener) as session:  # a sender that does not say how much is coming
        session.helo()
        session.mail(SENDER)
        session.rcpt("care@desk.example")
        assert session.data(large)[0] == 552
    assert not RawMessage.objects.exists()


def test_a_fault_while_storing_asks_for_another_try(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(files, "put", full)
        with pytest.raises(smtplib.SMTPDataError) as answer:
            post(listener, letter())
    assert answer.value.smtp_code == 451
    assert not RawMessage.objects.exists()
    post(listener, letter())
    assert Message.objects.count() == 1


def test_a_fault_while_looking_up_asks_for_another_try(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: str) -> None:
        raise OSError("the database is away")

    monkeypatch.setattr(accepting, "mailbox_for", away)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as answer:
        post(listener, letter())
    assert answer.value.recipients["care@desk.example"][0] == 451


def test_lmtp_answers_for_each_recipient(lmtp: Listener) -> None:
    with socket.create_connection(("127.0.0.1", lmtp.port), 60) as line:
        reader = line.makefile("rb")
        reader.readline()
        line.sendall(b"LHLO x\r\n")
        while reader.readline()[3:4] == b"-":
            pass
        for command in (b"MAIL FROM:<>", b"RCPT TO:<care@desk.example>", b"RCPT TO:<parts@desk.example>", b"DATA"):
            line.sendall(command + b"\r\n")
            reader.readline()
        line.sendall(letter() + b"\r\n.\r\n")
        assert [reader.readline()[:3], reader.readline()[:3]] == [b"250", b"250"]
    assert RawMessage.objects.count() == 2


def test_too_many_connections_are_turned_away(cast: Cast) -> None:
    running = Listener("127.0.0.1", 0, max_connections=1)
    running.start()
    try:
        with client(running), pytest.raises(smtplib.SMTPConnectError) as turned_away:
            client(running)
        assert turned_away.value.smtp_code == 421
    finally:
        running.stop()


def test_too_many_recipients_are_told_to_come_again(listener: Listener) -> None:
    with client(listener) as session:
        session.ehlo()
        session.mail(SENDER)
        codes = [session.rcpt(f"care+{number}@desk.example")[0] for number in range(101)]
    assert codes == [250] * 100 + [452]


def test_a_taken_port_is_an_error_at_the_start(listener: Listener) -> None:
    second = Listener("127.0.0.1", listener.port)
    with pytest.raises(OSError, match="in use"):
        second.start()
    second.stop()


BAD_LETTERS = {
    "zero bytes": (b"", "quarantined", "empty"),
    "only blank lines": (b"\r\n\r\n\r\n", "quarantined", "empty"),
    "noise": (bytes(range(1, 256)) * 40, "quarantined", "No sender"),
    "no From": (b"To: care@desk.example\r\nSubject: hello\r\n\r\nWho am I?", "quarantined", "No sender"),
    "two Froms": (b"From: maya@customer.example\r\nFrom: tom@customer.example\r\n\r\nUs.", "accepted", ""),
    "1970": (b"From: maya@customer.example\r\nDate: Thu, 01 Jan 1970 00:00:00 +0000\r\n\r\nOld.", "accepted", ""),
    "2070": (b"From: maya@customer.example\r\nDate: Wed, 01 Jan 2070 00:00:00 +0000\r\n\r\nNew.", "accepted", ""),
    "unknown charset": (letter(b"caf\xe9", more=b"Content-Type: text/plain; charset=x-none\r\n"), "accepted", ""),
    "lone surrogates": (
        letter(b"+2AA- \xed\xa0\x80", more=b"Content-Type: text/plain; charset=utf-7\r\n"),
        "accepted",
        "",
    ),
    "zip bomb name": (with_file(b"42.zip"), "accepted", ""),
    "path tricks": (with_file(b"../../../etc/cron.d/x"), "accepted", ""),
    "script": (letter(b"<script>alert(1)</script><p>Hello</p>", more=b"Content-Type: text/html\r\n"), "accepted", ""),
    "nested 100 deep": (nested(100), "accepted", ""),
    "nested 5000 deep": (nested(5000), "accepted", ""),
    "long line": (letter(b"x" * 200_000), "accepted", ""),
    "mail loop": (letter(more=b"X-Loop: care@desk.example\r\n"), "ignored", "loop"),
    "absence notice": (letter(more=b"Auto-Submitted: auto-replied\r\n"), "ignored", "automatic answer"),
    "from the mailbox itself": (letter(header=b"From: care@desk.example\r\n"), "ignored", "own address"),
}


@pytest.mark.parametrize("name", BAD_LETTERS)
def test_a_bad_letter_is_kept_and_never_a_fault(listener: Listener, name: str) -> None:
    data, state, reason = BAD_LETTERS[name]
    post(listener, data)
    raw = only_raw()
    assert (raw.state, reason in raw.reason) == (state, True), raw.reason
    assert files.get(raw.path).rstrip(b"\r\n") == data.rstrip(b"\r\n")
    for message in Message.objects.all():
        assert "<script" not in message.html
        assert not any("/" in item.name for item in message.attachments.all())


def test_letters_to_a_paused_mailbox_are_put_off_and_to_an_archived_one_refused(listener: Listener, cast: Cast) -> None:
    for change, code in ((actions.pause_mailbox, 450), (actions.archive_mailbox, 550)):
        change(cast.dana, cast.mailbox.pk)
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            post(listener, letter(), "care+token@desk.example")
        assert refused.value.recipients["care+token@desk.example"][0] == code
    assert not RawMessage.objects.exists()
