"""Letters that leave by a provider's interface, over real HTTP: every way it can answer has its own state."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from backstory.channels.email import provider_sending, providers, send
from backstory.channels.email.compose import render
from backstory.channels.email.tests.services import SendingService
from backstory.channels.email.tests.test_compose import outbound
from backstory.conversations import actions
from backstory.conversations.actions import attach, send_reply
from backstory.conversations.letters import Address, Dispatch
from backstory.conversations.models import Delivery, Mailbox, Message
from backstory.kernel.errors import InvalidInput
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


@pytest.mark.parametrize("provider", sorted(providers.PROVIDERS))
def test_every_provider_is_told_the_same_letter(cast: Cast, provider: str) -> None:
    known = {key.name: "k" for key in providers.PROVIDERS[provider].keys if key.name != "api_url"}
    mailbox = actions.set_provider(cast.dana, cast.mailbox.pk, provider, known)
    data = render(outbound(text="Cold – again.", message_id="stable@desk.example"), "loop")
    letter = provider_sending.message_for(data, ["maya@customer.example"])
    letter.metadata = {"delivery": "7"}
    with provider_sending.connection(mailbox) as backend:
        payload = backend.build_message_payload(letter, backend.send_defaults)
        sent = str(payload.get_request_params(backend.api_url))
    assert "maya@customer.example" in sent and "Cold" in sent and "care@desk.example" in sent
    assert "stable@desk.example" in sent
    # MailerSend tells of a letter by its own name for it alone.
    assert ("delivery" in sent) == (provider != "mailersend")


def test_a_key_goes_to_no_other_address_than_it_was_given_for(cast: Cast) -> None:
    mailbox = actions.set_provider(cast.dana, cast.mailbox.pk, "mailgun", {"api_key": "k", "webhook_signing_key": "s"})
    elsewhere = {"api_url": "https://evil.example/"}
    with pytest.raises(InvalidInput) as refused:
        providers.completed(mailbox, "mailgun", elsewhere, providers.SENDING)
    assert refused.value.field == "api_key"
    kept = providers.completed(mailbox, "mailgun", {**elsewhere, "api_key": "n"}, providers.SENDING)
    assert kept == {"api_key": "n", "webhook_signing_key": "s", "api_url": "https://evil.example/"}


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
