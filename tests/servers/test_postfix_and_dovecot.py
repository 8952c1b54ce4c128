"""Letters through real mail servers, both ways: Postfix, LMTP, Dovecot, IMAP IDLE, the desk, Postfix again."""

import random
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.servers import faults
from tests.servers.checks import assert_every_letter_is_there_once
from tests.servers.conftest import copy_of
from tests.servers.mail_servers import PASSWORD, MailServers, missing
from tools.desk import Desk, until

pytestmark = [pytest.mark.servers, pytest.mark.skipif(bool(missing()), reason=missing())]

TO_CUT = "cut@desk.example"
FETCHED = """
from backstory.config import boot
boot.setup()
from backstory.conversations.models import Mailbox
from backstory.kernel.secret import seal
Mailbox.objects.filter(address="care@desk.example").update(
    incoming="imap", imap_host="127.0.0.1", imap_port={port}, imap_security="none", imap_user={user!r},
    imap_password_sealed=seal({password!r}))
"""
ANSWER = """
from backstory.config import boot
boot.setup()
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Conversation
from backstory.people.models import User
conversation = Conversation.objects.get(customer__identities__value={customer!r})
send_reply(User.objects.get(email="alice@desk.example"), conversation.pk, {text!r})
"""


@pytest.fixture(scope="module")
def servers() -> Iterator[MailServers]:
    with MailServers(["care@desk.example", "maya@customer.example", TO_CUT]) as running:
        yield running


@pytest.fixture(scope="module")
def desk(prepared: Path, servers: MailServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("desk")
    with copy_of(prepared, folder, {"BACKSTORY_MAIL_OUT_PORT": str(servers.smtp_port)}) as running:
        running.python(FETCHED.format(port=servers.imap_port, user="care@desk.example", password=PASSWORD))
        running.start("worker")
        running.start("mail")
        yield running


def letter(sender: str, text: str, subject: str, to: str = "care@desk.example") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = f"<{abs(hash((sender, text)))}@customer.example>"
    message.set_content(text)
    return message.as_bytes()


def conversations(desk: Desk, customer: str) -> list[list[str]]:
    """What was said with a customer, conversation by conversation."""
    said = desk.rows(
        "SELECT m.conversation_id, m.text FROM conversations_message m"
        " JOIN conversations_conversation c ON c.id = m.conversation_id"
        f" JOIN people_identity i ON i.customer_id = c.customer_id WHERE i.value = '{customer}' ORDER BY m.id"
    )
    return [[text for other, text in said if other == pk] for pk in dict.fromkeys(pk for pk, _ in said)]


def test_a_letter_comes_in_by_imap_its_answer_goes_out_and_the_next_one_joins(desk: Desk, servers: MailServers) -> None:
    servers.post(
        "maya@customer.example",
        "care@desk.example",
        letter("Maya Ortiz <maya@customer.example>", "The water is cold – again.", "Kein Warmwasser, brrr ❄"),
    )
    until(lambda: conversations(desk, "maya@customer.example"), "the letter in a conversation")

    desk.python(ANSWER.format(customer="maya@customer.example", text="I am sorry, Maya. I come today at five."))
    (answer,) = until(lambda: servers.letters("maya@customer.example"), "the answer in Maya's mailbox")
    received = message_from_bytes(answer, policy=policy.default)
    assert isinstance(received, EmailMessage)
    assert str(received["Subject"]) == "Re: Kein Warmwasser, brrr ❄"
    assert "I come today at five." in str(received.get_body(("plain",)))

    back = letter("maya@customer.example", "Thank you!", "An entirely new subject", str(received["Reply-To"]))
    servers.post("maya@customer.example", received["Reply-To"].addresses[0].addr_spec, back)
    threads = until(
        lambda: [said for said in conversations(desk, "maya@customer.example") if len(said) == 3], "the thread of three"
    )
    assert [text.strip() for text in threads[0]][-1] == "Thank you!"


def test_a_letter_that_nobody_takes_comes_back_and_is_shown_as_bounced(desk: Desk, servers: MailServers) -> None:
    servers.post(
        "nobody@customer.example",
        "care@desk.example",
        letter("Tom <nobody@customer.example>", "Where is my parcel?", "Parcel"),
    )
    until(lambda: conversations(desk, "nobody@customer.example"), "the letter in a conversation")
    desk.python(ANSWER.format(customer="nobody@customer.example", text="It comes tomorrow, Tom."))
    (row,) = until(
        lambda: desk.rows("SELECT last_error FROM conversations_delivery WHERE state = 'bounced'"),
        "the bounce at its delivery",
    )
    assert "nobody@customer.example" in row[0]


def test_an_imap_connection_cut_at_any_byte_loses_no_letter(
    prepared: Path, tmp_path: Path, servers: MailServers
) -> None:
    chance = random.Random(3)
    for number in range(30):
        servers.post("maya@customer.example", TO_CUT, faults.letter(number, size=3000, to=TO_CUT))
    until(lambda: len(servers.letters(TO_CUT)) == 30, "thirty letters in the mailbox")
    with (
        faults.Cutter(servers.imap_port, [chance.randrange(200, 30_000) for _ in range(6)]) as wire,
        copy_of(prepared, tmp_path, {}) as desk,
    ):
        desk.python(FETCHED.format(port=wire.port, user=TO_CUT, password=PASSWORD))
        desk.start("worker")
        desk.start("mail")
        until(lambda: desk.count("conversations_message") == 30, "thirty letters", faults.PATIENCE)
        assert wire.cuts >= 3
        assert_every_letter_is_there_once(desk, 30)
