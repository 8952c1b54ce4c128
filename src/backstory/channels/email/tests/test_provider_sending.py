"""Letters that leave by a provider's interface, over real HTTP: every way it can answer has its own state."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from backstory.channels.email import send
from backstory.channels.email.tests.services import SendingService
from backstory.conversations import actions
from backstory.conversations.actions import attach, send_reply
from backstory.conversations.letters import Address, Dispatch
from backstory.conversations.models import Delivery, Mailbox, Message
from conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
State = Delivery.State


@pytest.fixture
def service(settings: Any) -> Iterator[SendingService]:
    settings.MAIL_MODE, settings.EMAIL_TIMEOUT = "smtp", 5
    with SendingService() as running:
        yield running


@pytest.fixture
def reply(cast: Cast, write: Callable[..., Message], service: SendingService) -> Callable[..., Delivery]:
    """Lets Alice answer Maya by the provider."""
    keys = {"server_token": "token-1", "api_url": f"{service.url}/"}
    actions.set_provider(cast.dana, cast.mailbox.pk, "postmark", keys)
    actions.set_outgoing(cast.dana, cast.mailbox.pk, Mailbox.Outgoing.PROVIDER)

    def answer(dispatch: Dispatch = Dispatch(), text: str = "We are on our way.") -> Delivery:
        incoming = write("Cold again.", subject="No hot water", message_id="first@customer.example")
        delivery = send_reply(cast.alice, incoming.conversation_id, text, dispatch).delivery
        delivery.refresh_from_db()
        return delivery

    return answer


def test_a_letter_leaves_whole(reply: Callable[..., Delivery], service: SendingService) -> None:
    delivery = reply()
    assert (delivery.state, delivery.provider_id) == (State.SENT, "pm-1")
    letter = service.letters[0]
    assert "Alice Archer" in letter["From"] and letter["Subject"] == "Re: No hot water"
    assert letter["To"] == "Maya <maya@customer.example>" and letter["TextBody"].startswith("We are on our way.")
    assert "<p>We are on our way.</p>" in letter["HtmlBody"]
    assert delivery.message.conversation.reply_token in letter["ReplyTo"]
    headers = {each["Name"]: each["Value"] for each in letter["Headers"]}
    assert headers["In-Reply-To"] == "<first@customer.example>"
    assert letter["Metadata"] == {"delivery": str(delivery.pk)}
    assert service.keys == ["token-1"]


def test_files_and_copies_go_along(
    reply: Callable[..., Delivery], service: SendingService, cast: Cast, write: Callable[..., Message]
) -> None:
    thread = write("Cold again.", subject="No hot water", message_id="first@customer.example").conversation_id
    file = attach(cast.alice, thread, "bill.pdf", b"%PDF-1.4")
    copy = Dispatch(
        to=(Address("maya@customer.example"),), cc=(Address("tom@customer.example"),), files=(file.pk,), confirmed=None
    )
    send_reply(cast.alice, thread, "See the bill.", copy)
    letter = service.letters[-1]
    assert letter["Cc"] == "tom@customer.example"
    assert [each["Name"] for each in letter["Attachments"]] == ["bill.pdf"]


@pytest.mark.parametrize(
    ("status", "state"),
    [(401, State.DEFERRED), (429, State.DEFERRED), (503, State.DEFERRED), (422, State.FAILED), (500, State.UNCERTAIN)],
)
def test_each_answer_has_its_state(
    reply: Callable[..., Delivery], service: SendingService, status: int, state: str
) -> None:
    service.status, service.body = status, {"ErrorCode": 10, "Message": "No such server token."}
    delivery = reply()
    assert delivery.state == state
    assert "token-1" not in delivery.last_error and str(status) in delivery.last_error


def test_a_provider_that_falls_silent_leaves_it_uncertain(
    reply: Callable[..., Delivery], service: SendingService, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT, service.holds = 1, True
    delivery = reply()
    assert delivery.state == State.UNCERTAIN
    send.deliver(delivery.pk)
    assert len(service.letters) == 1  # nobody sends it twice unasked


def test_a_provider_that_is_not_there_is_tried_later(reply: Callable[..., Delivery], cast: Cast) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        keys = {"server_token": "t", "api_url": f"http://127.0.0.1:{port}/"}
        actions.set_provider(cast.dana, cast.mailbox.pk, "postmark", keys)
        assert reply().state == State.DEFERRED


def test_without_keys_letters_wait(reply: Callable[..., Delivery], cast: Cast) -> None:
    Mailbox.objects.filter(pk=cast.mailbox.pk).update(provider="")
    delivery = reply()
    assert delivery.state == State.DEFERRED and "Choose a provider" in delivery.last_error
