"""Mailboxes opened by consent: asked in a browser, redeemed and renewed over real HTTP, used by IMAP and SMTP."""

import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from html import unescape
from re import search
from typing import Any

import pytest
import requests
from django.db import connections
from django.test import Client

from backstory.channels.email import imap, oauth, send
from backstory.channels.email.imap import Watcher, connected, fetch_new
from backstory.channels.email.tests.letters import letter
from backstory.channels.email.tests.servers import ImapFolder, Sink
from backstory.channels.email.tests.services import OAuthService
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Grant, Mailbox, Message, RawMessage
from backstory.kernel import clock
from backstory.people.actions import add_user
from backstory.people.models import Role, User
from conftest import PASSWORD, Cast

pytestmark = pytest.mark.django_db(transaction=True)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def service() -> Iterator[OAuthService]:
    with OAuthService() as running:
        yield running


@pytest.fixture
def folder(service: OAuthService) -> Iterator[ImapFolder]:
    with ImapFolder(messages={3: letter()}, tokens=service.access_tokens) as running:
        service.access_tokens.add("no token is good yet")
        yield running


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def dana(cast: Cast) -> Client:
    return browser(cast.dana)


@pytest.fixture
def choose(cast: Cast, dana: Client, service: OAuthService, folder: ImapFolder) -> Callable[..., Any]:
    """Fills in the form for a service of one's own."""

    def fill(**other: Any) -> Any:
        form = {
            "way": "grant",
            "service": "other",
            "client_id": "the desk",
            "client_secret": service.secret,
            "grant_authorize_url": f"{service.url}/authorize",
            "grant_token_url": f"{service.url}/token",
            "grant_scope": "mail",
            "grant_user": "care@desk.example",
            "grant_imap_host": "127.0.0.1",
            "grant_imap_port": folder.port,
            "grant_imap_security": "none",
            "grant_smtp_host": "127.0.0.1",
            "grant_smtp_port": 2525,
            "grant_smtp_security": "none",
            "grant_sends": "yes",
            "grant_old_letters": "yes",
            **other,
        }
        return dana.post(f"/settings/mailboxes/{cast.mailbox.pk}/incoming/", form)

    return fill


def ask(client: Client, cast: Cast) -> str:
    """Press the button, follow the link, and be sent back: the address where the service sends the browser."""
    page = client.post(f"/settings/mailboxes/{cast.mailbox.pk}/consent/").content.decode()
    link = search(r'href="(http://127\.0\.0\.1:\d+/authorize[^"]+)"', page)
    assert link
    return requests.get(unescape(link[1]), allow_redirects=False, timeout=10).headers["Location"]


@pytest.fixture
def granted(choose: Callable[..., Any], dana: Client, cast: Cast) -> Mailbox:
    choose()
    dana.get(ask(dana, cast))
    return Mailbox.objects.get(pk=cast.mailbox.pk)


def expire() -> None:
    Grant.objects.update(expires_at=clock.now())


def test_a_consent_given_in_the_browser_opens_the_mailbox(
    granted: Mailbox, service: OAuthService, folder: ImapFolder, dana: Client
) -> None:
    asked = service.asked[0]
    assert asked["redirect_uri"] == "http://localhost:8000/settings/mailboxes/consent/"
    assert (asked["code_challenge_method"], asked["login_hint"]) == ("S256", "care@desk.example")
    assert service.requests[0]["code_verifier"] and asked["code_challenge"] != service.requests[0]["code_verifier"]
    assert granted.grant.state == Grant.State.GRANTED
    with connected(granted) as remote:
        assert fetch_new(remote, granted) == 1
    assert folder.users == ["care@desk.example"] and RawMessage.objects.count() == 1
    assert "In force" in dana.get(f"/settings/mailboxes/{granted.pk}/incoming/").content.decode()


def test_secrets_and_tokens_are_sealed_and_never_shown(
    granted: Mailbox, service: OAuthService, dana: Client, caplog: pytest.LogCaptureFixture
) -> None:
    row = Grant.objects.filter(pk=granted.grant.pk).values()[0]
    pages = [dana.get(f"/settings/mailboxes/{granted.pk}/{part}") for part in ("", "incoming/", "outgoing/")]
    shown = str(row) + "".join(page.content.decode() for page in pages) + caplog.text
    for secret in (service.secret, service.refresh_token, "access-1"):
        assert secret not in shown
    assert row["code_sealed"] == row["verifier_sealed"] == row["state_digest"] == ""


def test_letters_leave_by_the_same_consent(
    granted: Mailbox, cast: Cast, write: Callable[..., Message], settings: Any
) -> None:
    settings.MAIL_MODE, settings.EMAIL_TIMEOUT = "smtp", 10
    good = b64encode(b"user=care@desk.example\x01auth=Bearer access-1\x01\x01").decode().upper()
    with Sink(answers={f"AUTH XOAUTH2 {good}": "235 welcome", "AUTH": "334 e30=", "": "535 5.7.8 no"}) as sink:
        Mailbox.objects.filter(pk=granted.pk).update(smtp_port=sink.port)
        delivery = send_reply(cast.alice, write("Cold.").conversation_id, "We are coming.").delivery
        delivery.refresh_from_db()
        assert (delivery.state, len(sink.letters)) == ("sent", 1)


def test_a_token_that_ends_is_renewed_and_the_rotated_one_is_kept(granted: Mailbox, service: OAuthService) -> None:
    for number in (2, 3):
        expire()
        assert oauth.access_token(granted) == f"access-{number}"
    assert [form["grant_type"] for form in service.requests] == ["authorization_code", *["refresh_token"] * 2]
    assert service.requests[2]["refresh_token"] == "refresh-2"
    assert oauth.access_token(granted) == "access-3" and len(service.requests) == 3


def test_two_workers_do_not_renew_at_once(granted: Mailbox, service: OAuthService) -> None:
    expire()
    service.holds = True
    service.reached.clear()
    found: list[str] = []

    def renew() -> None:
        try:
            found.append(oauth.access_token(granted))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=renew) for _ in range(3)]
    workers[0].start()
    assert service.reached.wait(10)
    for worker in workers[1:]:
        worker.start()
    service.released.set()
    for worker in workers:
        worker.join(20)
    assert found == ["access-2"] * 3
    assert len(service.requests) == 2


def test_a_token_refused_before_its_time_is_renewed_once(
    granted: Mailbox, service: OAuthService, folder: ImapFolder
) -> None:
    service.access_tokens.discard("access-1")
    with connected(granted) as remote:
        assert fetch_new(remote, granted) == 1
    assert len(service.requests) == 2


def test_a_consent_that_was_taken_back_is_asked_for_on_the_page(
    granted: Mailbox, service: OAuthService, dana: Client, cast: Cast
) -> None:
    expire()
    service.error = (400, "invalid_grant")
    Watcher(granted.pk, threading.Event(), lambda _: True).run()
    granted.refresh_from_db()
    assert granted.grant.state == Grant.State.REFUSED and "refresh-" not in granted.last_error
    assert "A new consent is needed" in dana.get("/settings/mailboxes/").content.decode()
    asked = len(service.requests)
    with pytest.raises(oauth.NoConsent):
        oauth.access_token(granted)
    assert len(service.requests) == asked  # nobody but a person can help: the service is left in peace
    service.error = None
    dana.get(ask(dana, cast))
    assert oauth.access_token(Mailbox.objects.get(pk=granted.pk)) == f"access-{len(service.requests)}"
    assert "A new consent is needed" not in dana.get("/settings/mailboxes/").content.decode()


@pytest.mark.parametrize("error", [(503, "temporarily_unavailable"), (500, "oops"), (400, "temporarily_unavailable")])
def test_a_service_that_is_away_is_asked_again_later(
    granted: Mailbox, service: OAuthService, error: tuple[int, str]
) -> None:
    expire()
    service.error = error
    with pytest.raises(oauth.ServiceAway):
        oauth.access_token(granted)
    service.error = None
    assert oauth.access_token(granted).startswith("access-")


def test_without_a_token_letters_wait(
    granted: Mailbox, service: OAuthService, cast: Cast, write: Callable[..., Message], settings: Any
) -> None:
    settings.MAIL_MODE = "smtp"
    expire()
    service.error = (400, "invalid_grant")
    delivery = send_reply(cast.alice, write("Cold.").conversation_id, "We are coming.").delivery
    send.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == "deferred" and "new consent" in delivery.last_error


def test_a_refusal_is_shown_in_the_services_words(
    choose: Callable[..., Any], service: OAuthService, dana: Client, cast: Cast
) -> None:
    choose()
    service.refuses = "The person said no."
    answered = dana.get(ask(dana, cast), follow=True)
    assert "The person said no." in answered.content.decode()
    assert service.requests == []


def test_an_answer_counts_once_and_only_from_whoever_asked(
    choose: Callable[..., Any], service: OAuthService, dana: Client, cast: Cast
) -> None:
    choose()
    back = ask(dana, cast)
    other = browser(add_user("erin@desk.example", "Erin", PASSWORD, Role.ADMINISTRATOR))
    assert other.get(back).status_code == 404
    assert dana.get(back.replace("state=", "state=x")).status_code == 404
    assert browser(cast.alice).get(back).status_code == 403
    assert dana.get(back).status_code == 302
    assert dana.get(back).status_code == 404
    assert len(service.requests) == 1


def test_an_answer_that_comes_too_late_is_none(choose: Callable[..., Any], dana: Client, cast: Cast) -> None:
    choose()
    back = ask(dana, cast)
    Grant.objects.update(asked_at=clock.ahead(minutes=-31))
    assert dana.get(back).status_code == 404


def test_a_wrong_client_secret_is_said(
    choose: Callable[..., Any], service: OAuthService, dana: Client, cast: Cast
) -> None:
    choose(client_secret="wrong secret")
    page = dana.get(ask(dana, cast), follow=True).content.decode()
    assert "invalid_client" in page and "wrong secret" not in page


def test_secrets_go_to_no_other_service_than_they_were_given_for(
    granted: Mailbox, choose: Callable[..., Any], service: OAuthService
) -> None:
    choose(client_secret="", grant_token_url=f"{service.url}/elsewhere")
    grant = Grant.objects.get()
    assert (grant.client_secret_sealed, grant.refresh_token_sealed, grant.state) == ("", "", Grant.State.NONE)


def test_a_consent_for_one_server_is_not_shown_to_another(granted: Mailbox, choose: Callable[..., Any]) -> None:
    choose(grant_imap_host="localhost")
    assert Grant.objects.get().refresh_token_sealed == ""


def test_an_address_without_encryption_is_refused(choose: Callable[..., Any]) -> None:
    answer = choose(grant_token_url="http://tokens.example/token")
    assert answer.status_code == 422 and "https://" in answer.content.decode()
    assert not Grant.objects.exists()


def test_google_and_microsoft_need_no_addresses(cast: Cast, dana: Client) -> None:
    form = {"way": "grant", "client_id": "x", "client_secret": "y", "grant_sends": "yes"}
    for service, host in [("google", "imap.gmail.com"), ("microsoft", "outlook.office365.com")]:
        stored = Grant.objects.first()
        kept = {"grant_token_url": stored.token_url, "grant_imap_host": "imap.gmail.com"} if stored else {}
        dana.post(f"/settings/mailboxes/{cast.mailbox.pk}/incoming/", {**form, **kept, "service": service})
        mailbox = Mailbox.objects.get(pk=cast.mailbox.pk)
        assert (mailbox.imap_host, mailbox.outgoing) == (host, "grant")
        assert service in mailbox.grant.token_url or "googleapis" in mailbox.grant.token_url


def test_a_lost_redeeming_is_found_again(
    choose: Callable[..., Any], dana: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backstory.channels.email import tasks

    choose()
    with monkeypatch.context() as lost:
        lost.setattr(oauth, "redeem", lambda _: None)
        dana.get(ask(dana, cast))
    assert Grant.objects.get().state == Grant.State.ANSWERED
    tasks.find_overlooked_mailbox_work()
    assert Grant.objects.get().state == Grant.State.GRANTED
    assert imap.wanted(cast.mailbox.pk) is not None
