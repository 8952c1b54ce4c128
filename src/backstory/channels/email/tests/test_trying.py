"""The test button: each step in plain words, over real sockets."""

import socket
import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from backstory.channels.email.explaining import explain
from backstory.channels.email.listener import Listener
from backstory.channels.email.tests.letters import letter
from backstory.channels.email.tests.servers import ImapFolder, Sink
from backstory.conversations import actions
from backstory.conversations.models import Mailbox, MailboxTest
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, NotAllowed, NotFound
from conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder() -> Iterator[ImapFolder]:
    with ImapFolder(messages={3: letter()}) as running:
        yield running


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with Sink() as running:
        settings.MAIL_MODE, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 10
        yield running


@pytest.fixture
def imap(cast: Cast, folder: ImapFolder, sink: Sink) -> Mailbox:
    server = actions.Server("127.0.0.1", folder.port, "none", "care", "secret")
    return actions.set_incoming(cast.dana, cast.mailbox.pk, Mailbox.Incoming.IMAP, server)


def tried(cast: Cast, *, sends_letter: bool = False) -> dict[str, tuple[str, str]]:
    """The steps of a test by their name."""
    test = actions.request_mailbox_test(cast.dana, cast.mailbox.pk, sends_letter=sends_letter)
    test.refresh_from_db()
    assert test.state == MailboxTest.State.DONE and test.finished_at is not None
    return {step["step"]: (step["state"], step["words"]) for step in test.steps}


def test_a_mailbox_that_works_says_so(cast: Cast, imap: Mailbox, folder: ImapFolder, sink: Sink) -> None:
    steps = tried(cast, sends_letter=True)
    assert [state for state, _ in steps.values()] == ["good"] * 3
    assert b"To: dana@desk.example" in sink.letters[0]
    assert folder.seen == [] and not any("FETCH" in command for command in folder.commands)


def test_a_refused_password_says_what_to_do(cast: Cast, imap: Mailbox, folder: ImapFolder) -> None:
    server = actions.Server("127.0.0.1", folder.port, "none", "care", "hunter2")
    actions.set_incoming(cast.dana, cast.mailbox.pk, Mailbox.Incoming.IMAP, server)
    state, words = tried(cast)["Letters come in"]
    assert state == "bad" and "answered, but the log-in was refused" in words and "app password" in words
    assert "hunter2" not in words


def test_a_closed_port_is_named(cast: Cast, imap: Mailbox) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        Mailbox.objects.filter(pk=imap.pk).update(imap_port=free.getsockname()[1])
        state, words = tried(cast)["Letters come in"]
    assert state == "bad" and "answers nobody on this port" in words


def test_a_server_without_tls_is_told_from_one_that_is_away(cast: Cast, imap: Mailbox) -> None:
    Mailbox.objects.filter(pk=imap.pk).update(imap_security="tls")
    assert "not with TLS" in tried(cast)["Letters come in"][1]


def test_a_server_that_will_not_send_for_the_address_is_quoted(cast: Cast, imap: Mailbox, sink: Sink) -> None:
    sink.answers["MAIL"] = "550 5.7.1 Not your address"
    state, words = tried(cast)["Letters go out"]
    assert state == "bad" and "550 5.7.1 Not your address" in words


def test_a_refused_log_in_at_the_mailboxs_own_server(cast: Cast, imap: Mailbox, sink: Sink) -> None:
    sink.answers |= {"EHLO": "250-sink\r\n250 AUTH PLAIN", "AUTH": "535 5.7.8 no"}
    server = actions.Server("127.0.0.1", sink.port, "none", "care", "hunter2")
    actions.set_outgoing(cast.dana, imap.pk, Mailbox.Outgoing.SMTP, server)
    state, words = tried(cast)["Letters go out"]
    assert state == "bad" and "log-in was refused" in words


def test_the_listener_is_asked_as_a_mail_server_would(cast: Cast, sink: Sink, settings: Any) -> None:
    listener = Listener("127.0.0.1", 0)
    listener.start()
    settings.MAIL_HOST, settings.MAIL_SMTP_PORT = "127.0.0.1", listener.port
    try:
        assert tried(cast)["Letters come in"][0] == "good"
        actions.pause_mailbox(cast.dana, cast.mailbox.pk)
        assert tried(cast)["Letters come in"][0] == "note"
    finally:
        listener.stop()


def test_a_provider_that_has_not_called_yet(cast: Cast, sink: Sink) -> None:
    actions.set_provider(cast.dana, cast.mailbox.pk, "postmark", {})
    actions.set_incoming(cast.dana, cast.mailbox.pk, Mailbox.Incoming.WEBHOOK)
    state, words = tried(cast)["Letters come in"]
    assert state == "note" and "Postmark has not called yet" in words


def test_only_administrators_ask_for_tests(cast: Cast) -> None:
    with pytest.raises(NotFound):
        actions.request_mailbox_test(cast.alice, cast.mailbox.pk)
    with pytest.raises(NotAllowed):
        actions.request_mailbox_test(cast.bob, cast.mailbox.pk)


def test_two_tests_of_one_mailbox_do_not_run_at_once(cast: Cast) -> None:
    MailboxTest.objects.create(mailbox=cast.mailbox, requested_by=cast.dana)
    with pytest.raises(Conflict):
        actions.request_mailbox_test(cast.dana, cast.mailbox.pk)
    with clock.travel(clock.ahead(minutes=5)):
        assert actions.request_mailbox_test(cast.dana, cast.mailbox.pk)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "no server named imap.example.com"),
        (TimeoutError(), "did not answer in time"),
        (ssl.SSLCertVerificationError("x"), "certificate"),
        (EOFError("gone"), "broke off"),
        (ValueError("user=a\x01auth=Bearer abc.def.ghi"), "…"),
    ],
)
def test_faults_of_networks_are_put_into_words(error: Exception, words: str) -> None:
    said = explain(error, "imap.example.com")
    assert words in said and "abc.def" not in said
