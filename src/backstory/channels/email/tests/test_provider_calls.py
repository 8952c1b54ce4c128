"""What mail providers tell the desk: kept before it is answered, verified, understood once."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from backstory.channels.email import provider_calls, providers, tasks
from backstory.channels.email.tests.letters import letter
from backstory.conversations import actions
from backstory.conversations.models import Delivery, Mailbox, Message, ProviderCall, RawMessage
from backstory.kernel import clock, files
from backstory.people.models import AddressTrouble
from conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
LETTERS, EVENTS = ProviderCall.Kind.LETTERS, ProviderCall.Kind.EVENTS
SIGNING_KEY = "signing-key-1"


@pytest.fixture
def uses(cast: Cast) -> Callable[..., Mailbox]:
    """Lets a provider call for Customer care, and send for it."""

    def use(provider: str, **keys: str) -> Mailbox:
        actions.set_provider(cast.dana, cast.mailbox.pk, provider, keys)
        actions.set_incoming(cast.dana, cast.mailbox.pk, Mailbox.Incoming.WEBHOOK)
        return actions.set_outgoing(cast.dana, cast.mailbox.pk, Mailbox.Outgoing.PROVIDER)

    return use


def path(mailbox: Mailbox, kind: str) -> str:
    return providers.webhook_url(mailbox, kind).removeprefix("http://localhost:8000")


def signed(key: str = SIGNING_KEY) -> dict[str, str]:
    """Mailgun's proof, in the fields of a form."""
    proof = hmac.new(key.encode(), b"1700000000token", hashlib.sha256).hexdigest()
    return {"timestamp": "1700000000", "token": "token", "signature": proof}


def from_mailgun(mailbox: Mailbox, data: bytes, **fields: str) -> Any:
    form = {"sender": "maya@customer.example", "recipient": mailbox.address, "body-mime": data.decode(), **signed()}
    return Client().post(path(mailbox, LETTERS), {**form, **fields})


def from_postmark(mailbox: Mailbox, body: dict[str, Any], kind: str = LETTERS) -> Any:
    return Client().post(path(mailbox, kind), json.dumps(body), content_type="application/json")


TAKEN_APART = {
    "FromFull": {"Email": "maya@customer.example", "Name": "Maya Ortiz"},
    "ToFull": [{"Email": "care@desk.example", "Name": ""}],
    "Subject": "No hot water",
    "Headers": [{"Name": "Message-ID", "Value": "<first@customer.example>"}],
    "TextBody": "The water is cold – again.",
    "HtmlBody": "<p>The water is cold – again.</p>",
    "Attachments": [{"Name": "leak.png", "ContentType": "image/png", "Content": "iVBORw0KGgo="}],
    "OriginalRecipient": "care@desk.example",
}


def test_a_signed_letter_becomes_a_conversation(uses: Callable[..., Mailbox]) -> None:
    mailbox = uses("mailgun", webhook_signing_key=SIGNING_KEY)
    assert from_mailgun(mailbox, letter()).status_code == 200
    raw = RawMessage.objects.get()
    assert files.get(raw.path).replace(b"\r\n", b"\n") == letter().replace(b"\r\n", b"\n")
    assert (raw.envelope["protocol"], raw.envelope["recipients"]) == ("webhook", ["care@desk.example"])
    assert Message.objects.get().conversation.mailbox_id == mailbox.pk
    assert ProviderCall.objects.get().state == ProviderCall.State.DONE


def test_the_call_is_kept_before_it_is_answered(uses: Callable[..., Mailbox], monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = uses("mailgun", webhook_signing_key=SIGNING_KEY)

    def full(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(actions, "store_call", full)
        with pytest.raises(OSError, match="no space"):
            from_mailgun(mailbox, letter())
    with monkeypatch.context() as dead:
        dead.setattr(provider_calls, "understand", lambda _: None)  # the worker is away
        assert from_mailgun(mailbox, letter()).status_code == 200
    call = ProviderCall.objects.get()
    assert b"The water" in files.get(call.path) or b"body-mime" in files.get(call.path)
    assert RawMessage.objects.count() == 0
    tasks.find_overlooked_mailbox_work()
    assert Message.objects.count() == 1


def test_a_wrong_signature_is_refused_and_told_the_administrator(uses: Callable[..., Mailbox]) -> None:
    mailbox = uses("mailgun", webhook_signing_key=SIGNING_KEY)
    assert from_mailgun(mailbox, letter(), **signed("another key")).status_code == 403
    assert Client().post(path(mailbox, LETTERS), {"body-mime": "x"}).status_code == 403
    assert not ProviderCall.objects.exists()
    mailbox.refresh_from_db()
    assert "wrong signature" in mailbox.last_error
    from_mailgun(mailbox, letter())
    mailbox.refresh_from_db()
    assert mailbox.last_error == ""


def test_a_letter_taken_apart_is_put_together_and_repeats_are_one(uses: Callable[..., Mailbox]) -> None:
    mailbox = uses("postmark")
    for _ in range(2):
        assert from_postmark(mailbox, TAKEN_APART).status_code == 200
    again = {**TAKEN_APART, "Tag": "the same letter, told in other bytes"}
    assert from_postmark(mailbox, again).status_code == 200
    message = Message.objects.get()
    assert message.text == "The water is cold – again."
    assert (message.sender_name, message.message_id) == ("Maya Ortiz", "first@customer.example")
    assert message.attachments.get().name == "leak.png"


def test_the_same_call_gives_the_same_bytes(uses: Callable[..., Mailbox]) -> None:
    mailbox = uses("postmark")
    from_postmark(mailbox, TAKEN_APART)
    ProviderCall.objects.all().delete()
    from_postmark(mailbox, TAKEN_APART)
    assert RawMessage.objects.get().repeats == 1


@pytest.mark.parametrize("provider", sorted(providers.PROVIDERS))
def test_every_provider_can_be_asked_with_the_keys_of_its_form(uses: Callable[..., Mailbox], provider: str) -> None:
    known = {key.name: "k" for key in providers.PROVIDERS[provider].keys if key.secret and key.needed}
    mailbox = uses(provider, **known)
    for kind in (LETTERS, EVENTS):
        assert providers.view_for(mailbox, kind).esp_name
        answer = Client().post(path(mailbox, kind), b"{", content_type="application/json")
        assert answer.status_code == (
            403 if kind in providers.PROVIDERS[provider].signed - {"sendgrid"} and provider != "sendgrid" else 200
        )


def test_what_is_no_call_of_the_provider_is_kept_and_shown(uses: Callable[..., Mailbox]) -> None:
    mailbox = uses("postmark")
    assert from_postmark(mailbox, {"RecordType": "Delivery"}).status_code == 200
    call = ProviderCall.objects.get()
    mailbox.refresh_from_db()
    assert call.state == ProviderCall.State.RECEIVED and files.exists(call.path)
    assert "could not be understood" in mailbox.last_error
    for _ in range(12):
        ProviderCall.objects.update(next_attempt_at=clock.ahead(minutes=-1))
        tasks.find_overlooked_mailbox_work()
    call.refresh_from_db()
    assert call.state == ProviderCall.State.FAILED and files.exists(call.path)


def test_a_wrong_address_says_nothing_about_the_mailbox(uses: Callable[..., Mailbox], cast: Cast) -> None:
    mailbox = uses("postmark")
    right = path(mailbox, LETTERS)
    wrong = [
        right.replace(f"/{mailbox.pk}/", "/999/"),
        right.replace(providers.webhook_key(mailbox), "0" * 40),
        right.replace("letters", "other"),
        path(cast.parts_mailbox, LETTERS),
    ]
    answers = [Client().post(one, b"{}", content_type="application/json") for one in wrong]
    assert {(one.status_code, one.content) for one in answers} == {(404, answers[0].content)}
    assert Client().get(right).status_code == 405
    assert Client().head(right).status_code == 200


def test_a_new_address_ends_the_old_one(uses: Callable[..., Mailbox], cast: Cast) -> None:
    mailbox = uses("postmark")
    old = path(mailbox, LETTERS)
    mailbox = actions.renew_webhook(cast.dana, mailbox.pk)
    assert Client().post(old, b"{}", content_type="application/json").status_code == 404
    assert from_postmark(mailbox, TAKEN_APART).status_code == 200


def test_a_paused_mailbox_asks_the_provider_to_call_again_and_an_archived_one_is_gone(
    uses: Callable[..., Mailbox], cast: Cast
) -> None:
    mailbox = uses("postmark")
    actions.pause_mailbox(cast.dana, mailbox.pk)
    assert from_postmark(mailbox, TAKEN_APART).status_code == 503
    actions.archive_mailbox(cast.dana, mailbox.pk)
    assert from_postmark(mailbox, TAKEN_APART).status_code == 404
    actions.resume_mailbox(cast.dana, mailbox.pk)
    assert from_postmark(mailbox, TAKEN_APART).status_code == 200


def test_a_call_that_is_too_large_is_refused(uses: Callable[..., Mailbox], settings: Any) -> None:
    mailbox = uses("postmark")
    settings.MAIL_MAX_BYTES = 100
    assert from_postmark(mailbox, TAKEN_APART).status_code == 413
    assert not ProviderCall.objects.exists()


def test_a_letter_beyond_djangos_limit_for_forms_is_read(uses: Callable[..., Mailbox], settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    mailbox = uses("mailgun", webhook_signing_key=SIGNING_KEY)
    assert from_mailgun(mailbox, letter(b"cold " * 1_000)).status_code == 200
    assert Message.objects.get().text.startswith("cold")


@pytest.fixture
def sent(uses: Callable[..., Mailbox], cast: Cast, write: Callable[..., Message]) -> Delivery:
    uses("postmark", server_token="t")
    return actions.send_reply(cast.alice, write("Cold.").conversation_id, "We are coming.").delivery


def told(delivery: Delivery, record_type: str, **fields: Any) -> Delivery:
    event = {"RecordType": record_type, "MessageID": "pm-1", "Metadata": {"delivery": str(delivery.pk)}}
    event |= {"Recipient": "maya@customer.example", "Email": "maya@customer.example"}
    assert from_postmark(delivery.message.conversation.mailbox, {**event, **fields}, EVENTS).status_code == 200
    delivery.refresh_from_db()
    return delivery


def test_a_delivered_letter_is_marked_as_arrived(sent: Delivery) -> None:
    assert told(sent, "Delivery", DeliveredAt="2026-11-22T01:00:00Z").arrived_at is not None


def test_agents_see_that_it_arrived(sent: Delivery, cast: Cast) -> None:
    Delivery.objects.filter(pk=sent.pk).update(state=Delivery.State.SENT)
    told(sent, "Delivery", DeliveredAt="2026-11-22T01:00:00Z")
    alice = Client()
    alice.force_login(cast.alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Arrived" in alice.get(f"/conversations/{sent.message.conversation_id}/").content.decode()


def test_a_bounce_marks_the_letter_and_the_address(sent: Delivery) -> None:
    told(sent, "Bounce", Type="HardBounce", Description="The server was unable to deliver.", ID=1)
    assert sent.state == Delivery.State.BOUNCED and "unable to deliver" in sent.last_error
    trouble = AddressTrouble.objects.get()
    assert (trouble.value, trouble.kind) == ("maya@customer.example", "undeliverable")


def test_a_complaint_marks_the_address_as_unwilling(sent: Delivery) -> None:
    told(sent, "SpamComplaint", Type="SpamComplaint", ID=1)
    assert AddressTrouble.objects.get().kind == AddressTrouble.Kind.UNWANTED
    assert sent.state != Delivery.State.BOUNCED


def test_an_event_marks_no_address_that_was_not_written_to(sent: Delivery) -> None:
    told(sent, "Bounce", Type="HardBounce", ID=1, Email="bob@desk.example", Recipient="bob@desk.example")
    assert not AddressTrouble.objects.exists()


def test_an_event_about_another_mailboxs_letter_is_nobodys_business(
    sent: Delivery, cast: Cast, write: Callable[..., Message]
) -> None:
    other = write("A part is missing.", sender="tom@customer.example", mailbox=cast.parts_mailbox)
    foreign = actions.send_reply(cast.charlie, other.conversation_id, "It is on its way.").delivery
    told(sent, "Bounce", Type="HardBounce", ID=1, Metadata={"delivery": str(foreign.pk)})
    foreign.refresh_from_db()
    assert Delivery.State.BOUNCED not in (foreign.state, sent.state)


def test_a_letter_is_known_by_the_providers_name_too(sent: Delivery) -> None:
    actions.note_provider_id(sent, "pm-77")
    assert told(sent, "Delivery", MessageID="pm-77", Metadata={}).arrived_at is not None
