"""Fetching from an IMAP server on a socket: stored before seen, every message once, and never deleted."""

import threading
from collections.abc import Iterator

import pytest

from backstory.channels.email import imap
from backstory.channels.email.imap import Watcher, connected, fetch_new
from backstory.channels.email.serve import Watchers
from backstory.channels.email.tests.letters import letter
from backstory.channels.email.tests.servers import ImapFolder
from backstory.conversations import actions
from backstory.conversations.models import Mailbox, Message, RawMessage
from backstory.kernel import files
from backstory.kernel.secret import seal
from conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder() -> Iterator[ImapFolder]:
    with ImapFolder(messages={3: letter(), 5: letter(b"second")}) as running:
        yield running


@pytest.fixture
def mailbox(cast: Cast, folder: ImapFolder) -> Mailbox:
    remote = {"imap_host": "127.0.0.1", "imap_port": folder.port, "imap_security": "none", "imap_user": "care"}
    remote |= {"incoming": Mailbox.Incoming.IMAP}
    Mailbox.objects.filter(pk=cast.mailbox.pk).update(**remote, imap_password_sealed=seal("secret"))
    return Mailbox.objects.get(pk=cast.mailbox.pk)


def fetch(mailbox: Mailbox) -> int:
    with connected(mailbox) as remote:
        count = fetch_new(remote, mailbox)
    mailbox.refresh_from_db()
    return count


def test_new_messages_are_stored_byte_for_byte_and_marked_seen(folder: ImapFolder, mailbox: Mailbox) -> None:
    assert fetch(mailbox) == 2
    assert {files.get(raw.path) for raw in RawMessage.objects.all()} == set(folder.messages.values())
    assert (folder.seen, mailbox.imap_last_uid, mailbox.imap_uidvalidity) == ([3, 5], 5, 7)
    assert Message.objects.count() == 2
    assert not any("EXPUNGE" in command or "Deleted" in command for command in folder.commands)


def test_what_was_fetched_is_not_fetched_again(folder: ImapFolder, mailbox: Mailbox) -> None:
    fetch(mailbox)
    assert fetch(mailbox) == 0
    folder.messages[9] = letter(b"third")
    assert fetch(mailbox) == 1 and mailbox.imap_last_uid == 9


def test_what_lay_there_before_is_left_alone_unless_it_is_wanted(
    folder: ImapFolder, mailbox: Mailbox, cast: Cast
) -> None:
    server = actions.Server("localhost", folder.port, "none", "care", "secret")
    actions.set_incoming(cast.dana, mailbox.pk, Mailbox.Incoming.IMAP, server)
    mailbox.refresh_from_db()
    assert fetch(mailbox) == 0 and (mailbox.imap_last_uid, folder.seen) == (5, [])
    folder.messages[6] = letter(b"new")
    assert fetch(mailbox) == 1 and folder.seen == [6]
    server = actions.Server("127.0.0.1", folder.port, "none", "care", "secret")
    actions.set_incoming(cast.dana, mailbox.pk, Mailbox.Incoming.IMAP, server, old_letters=True)
    mailbox.refresh_from_db()
    assert fetch(mailbox) == 3


def test_after_new_uids_the_same_bytes_are_still_one_message(folder: ImapFolder, mailbox: Mailbox) -> None:
    fetch(mailbox)
    folder.uidvalidity = 8
    assert fetch(mailbox) == 2
    assert RawMessage.objects.count() == 2 and mailbox.imap_uidvalidity == 8


def test_a_message_that_cannot_be_stored_stays_unseen(
    folder: ImapFolder, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(imap, "store_raw", full)
        with pytest.raises(OSError, match="no space"):
            fetch(mailbox)
    mailbox.refresh_from_db()
    assert (folder.seen, mailbox.imap_last_uid) == ([], 0)
    assert fetch(mailbox) == 2


def test_a_message_that_is_too_large_stays_there_and_is_told_of(
    folder: ImapFolder, mailbox: Mailbox, settings: object
) -> None:
    settings.MAIL_MAX_BYTES = 1_000  # type: ignore[attr-defined]
    folder.messages = {4: letter(b"x" * 5_000), 6: letter(b"small")}
    fetch(mailbox)
    large = RawMessage.objects.get(state=RawMessage.State.QUARANTINED)
    assert "UID 4" in large.reason and files.get(large.path).startswith(b"From: Maya")
    assert folder.seen == [6] and Message.objects.count() == 1


def test_idle_brings_a_new_message_at_once(folder: ImapFolder, mailbox: Mailbox) -> None:
    folder.messages.clear()
    watchers = Watchers()
    watchers.match()
    assert folder.idling.wait(10)
    folder.idling.clear()
    folder.messages[11] = letter()
    folder.news.set()
    assert folder.idling.wait(10)  # it waits again, so it has fetched
    assert Message.objects.count() == 1 and folder.seen == [11]
    folder.news.set()
    watchers.end()


def test_after_a_lost_connection_it_connects_again(folder: ImapFolder, mailbox: Mailbox) -> None:
    folder.drop_at += ["LOGIN", "STATUS"]
    stop = threading.Event()
    pauses: list[float] = []

    def pause(seconds: float) -> bool:
        pauses.append(seconds)
        return False

    def stop_when_idle() -> None:
        folder.idling.wait(10)
        stop.set()
        folder.news.set()

    helper = threading.Thread(target=stop_when_idle)
    helper.start()
    Watcher(mailbox.pk, stop, pause).run()
    helper.join()
    assert (folder.sessions, len(pauses), RawMessage.objects.count()) == (3, 2, 2)


def test_the_cause_of_a_lost_connection_is_noted(folder: ImapFolder, mailbox: Mailbox) -> None:
    folder.drop_at.append("STATUS")
    Watcher(mailbox.pk, threading.Event(), lambda _: True).run()
    mailbox.refresh_from_db()
    assert "STATUS" in mailbox.last_error


def test_a_refused_log_in_is_noted_without_the_password(folder: ImapFolder, mailbox: Mailbox) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(imap_password_sealed=seal("hunter2"))
    Watcher(mailbox.pk, threading.Event(), lambda _: True).run()
    mailbox.refresh_from_db()
    assert "log-in was refused" in mailbox.last_error and "hunter2" not in mailbox.last_error


def test_pauses_grow_to_a_limit() -> None:
    assert 0.5 <= imap._pause_after(1) <= 1
    assert 150 <= imap._pause_after(50) <= 300


def test_a_mailbox_that_is_switched_off_is_not_watched(folder: ImapFolder, mailbox: Mailbox) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(is_active=False)
    Watcher(mailbox.pk, threading.Event()).run()
    assert folder.sessions == 0
