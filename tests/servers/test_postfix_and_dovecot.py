"""Letters through real mail servers, both ways: Postfix, LMTP, Dovecot, IMAP IDLE, the desk, Postfix again."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.servers.mail_servers import PASSWORD, MailServers, missing
from tools.desk import Desk, until

pytestmark = [pytest.mark.servers, pytest.mark.skipif(bool(missing()), reason=missing())]

FETCHED = """
from backstory.config import boot
boot.setup()
from backstory.conversations.models import Mailbox
from backstory.kernel.secret import seal
Mailbox.objects.filter(address="care@desk.example").update(
    imap_host="127.0.0.1", imap_port={port}, imap_security="none", imap_user="care@desk.example",
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
    with MailServers(["care@desk.example", "maya@customer.example"]) as running:
        yield running


@pytest.fixture(scope="module")
def desk(servers: MailServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("desk")
    with Desk(folder, {"BACKSTORY_MAIL_OUT_PORT": str(servers.smtp_port)}, parts=()) as running:
        running.python(FETCHED.format(port=servers.imap_port, password=PASSWORD))
        running.start("mail")
        running.start("worker")
        yield running


def letter(sender: str, text: str, subject: str, to: str = "care@desk.example") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = f"<{abs(hash((sender, text)))}@customer.example>"
    message.set_content(text)
    return message.as_bytes()


def conversations(desk: Desk, customer: str) -> list[list[str]]:
    """What was said with a customer, conversation by conversation."""
    return list(
        desk.ask(
            "[[m.text for m in c.messages.all()] for c in "
            f"Conversation.objects.filter(customer__identities__value={customer!r})]"
        )
    )


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
    state = (
        "list(Delivery.objects.filter(state='bounced', message__to__0__email='nobody@customer.example')"
        ".values_list('last_error', flat=True))"
    )
    (error,) = until(lambda: desk.ask(state), "the bounce at its delivery")
    assert "nobody@customer.example" in error
