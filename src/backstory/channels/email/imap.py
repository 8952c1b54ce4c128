"""Fetching mail from a remote mailbox by IMAP (RFC 9051), waiting with IDLE (RFC 2177) where the server can.

A message is first stored here, then marked as seen there, then counted as fetched; it is never deleted. After a crash
between any two of these the same bytes come again and are recognised by their hash.
"""

from __future__ import annotations

import imaplib
import random
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import structlog
from django.conf import settings
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from backstory.channels.email import oauth
from backstory.channels.email.explaining import explain
from backstory.conversations import queries
from backstory.conversations.actions import FROM_NOW_ON, note_imap_position, note_mailbox_error, quarantine, store_raw
from backstory.conversations.models import Channel, Mailbox
from backstory.kernel.durable import durable
from backstory.kernel.errors import BackstoryError
from backstory.kernel.secret import unseal

log = structlog.get_logger(__name__)

TIMEOUT = 60  # seconds for one answer of the server
_IDLE_SLICE = 1.0  # seconds between looks at the stop sign
_IDLE_LASTS = 240  # seconds of one IDLE; firewalls forget silent connections after five minutes
_POLL_EVERY = 60  # seconds between looks where the server cannot IDLE
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0  # seconds before reconnecting
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class TokenRefused(BackstoryError):
    """The server lets nobody in with this token."""


class FetchError(BackstoryError):
    """The remote mailbox answered in a way that a later try may mend."""


@dataclass
class Watcher:
    """Watches one mailbox until `stop` is set; connects again after every fault, with growing pauses.

    `pause` waits so many seconds or until the stop sign, and says whether that is set.
    """

    mailbox_id: int
    stop: threading.Event
    pause: Callable[[float], bool] | None = None
    progressed: bool = False
    """Whether the present connection has brought a message: then the server is well, and only the wire broke."""
    place: str = ""
    """The server, as people know it."""

    def run(self) -> None:
        """Until stopped: connect, fetch, wait. Never raises."""
        wait = self.pause or self.stop.wait
        faults = 0
        while not self.stop.is_set():
            self.progressed = False
            try:
                self._session()
                faults = 0
            except Exception as error:  # whatever a server or the database does, the mailbox is tried again
                faults = 1 if self.progressed else faults + 1
                self._note(error)
                if wait(_pause_after(faults)):
                    return

    def _note(self, error: Exception) -> None:
        words = explain(error, self.place)
        log.warning("remote mailbox cannot be fetched", mailbox_id=self.mailbox_id, error=words)
        try:
            note_mailbox_error(self.mailbox_id, words)
        except Exception:  # the note is a courtesy; the watcher goes on without it
            log.exception("the fault of a remote mailbox could not be noted", mailbox_id=self.mailbox_id)

    def _session(self) -> None:
        """One connection: fetch what is new, wait, fetch again; ends when stopped or no longer wanted."""
        mailbox = wanted(self.mailbox_id)
        if mailbox is None:
            self.stop.set()
            return
        self.place = mailbox.imap_host
        with connected(mailbox) as remote:
            while not self.stop.is_set():
                self._fetch(remote, mailbox)
                if not self._wait(remote):
                    return
                refreshed = wanted(self.mailbox_id)
                if refreshed is None or _place(refreshed) != _place(mailbox):
                    return
                mailbox = refreshed

    def _fetch(self, remote: BaseMailBox, mailbox: Mailbox) -> None:
        before = mailbox.imap_uidvalidity, mailbox.imap_last_uid
        try:
            fetch_new(remote, mailbox)
        finally:
            self.progressed |= before != (mailbox.imap_uidvalidity, mailbox.imap_last_uid)

    def _wait(self, remote: BaseMailBox) -> bool:
        """Wait for news; False when stopped."""
        if "IDLE" not in remote.client.capabilities:
            (self.pause or self.stop.wait)(_POLL_EVERY)
            remote.client.noop()
            return not self.stop.is_set()
        remote.idle.start()  # type: ignore[no-untyped-call]
        try:
            for _ in range(int(_IDLE_LASTS / _IDLE_SLICE)):
                if self.stop.is_set() or remote.idle.poll(timeout=_IDLE_SLICE):
                    break
        finally:
            remote.idle.stop()  # type: ignore[no-untyped-call]
        return not self.stop.is_set()


def _pause_after(faults: int) -> float:
    """Seconds until the next try: doubling, with jitter so that many mailboxes do not knock at once."""
    longest: float = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(faults - 1, 12))
    return longest * random.uniform(0.5, 1.0)


def wanted(mailbox_id: int) -> Mailbox | None:
    """The mailbox, if it is still to be fetched."""
    return queries.fetched_mailboxes().filter(pk=mailbox_id).first()


def _place(mailbox: Mailbox) -> tuple[str | int, ...]:
    return (
        *(mailbox.incoming, mailbox.imap_host, mailbox.imap_port, mailbox.imap_security),
        *(mailbox.imap_user, mailbox.imap_password_sealed, mailbox.imap_folder),
    )


@contextmanager
def connected(mailbox: Mailbox) -> Iterator[BaseMailBox]:
    """A session with the folder open; raises OSError, an IMAP error or why there is no token. Good-byes that fail hide
    nothing."""
    remote = _logged_in(mailbox)
    try:
        yield remote
    finally:
        _leave(remote)


def _leave(remote: BaseMailBox) -> None:
    with suppress(Exception):
        remote.logout()
    with suppress(OSError):
        remote.client.shutdown()


def _logged_in(mailbox: Mailbox) -> BaseMailBox:
    """By password, or by a token: one that is refused before its time is renewed once."""
    if mailbox.incoming != Mailbox.Incoming.GRANT:
        password = unseal(mailbox.imap_password_sealed)
        return _entered(mailbox, lambda remote: remote.login(mailbox.imap_user, password, mailbox.imap_folder))
    token = oauth.access_token(mailbox)
    try:
        return _by_token(mailbox, token)
    except TokenRefused:
        return _by_token(mailbox, oauth.access_token(mailbox, other_than=token))


def _by_token(mailbox: Mailbox, token: str) -> BaseMailBox:
    user = mailbox.imap_user or mailbox.address

    def enter(remote: BaseMailBox) -> None:
        try:
            remote.xoauth2(user, token, mailbox.imap_folder)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            words = f"{mailbox.imap_host} answered, but does not accept the consent for {user}. Is IMAP allowed there?"
            raise TokenRefused(words) from None

    return _entered(mailbox, enter)


def _entered(mailbox: Mailbox, enter: Callable[[BaseMailBox], object]) -> BaseMailBox:
    remote = _open(mailbox)
    try:
        enter(remote)
    except BaseException:
        _leave(remote)
        raise
    return remote


def _open(mailbox: Mailbox) -> BaseMailBox:
    host, port = mailbox.imap_host, mailbox.imap_port
    if mailbox.imap_security == "tls":
        return MailBox(host, port, timeout=TIMEOUT, ssl_context=ssl.create_default_context())
    if mailbox.imap_security == "starttls":
        return MailBoxStartTls(host, port, timeout=TIMEOUT, ssl_context=ssl.create_default_context())
    return MailBoxUnencrypted(host, port, timeout=TIMEOUT)


def fetch_new(remote: BaseMailBox, mailbox: Mailbox) -> int:
    """Store every message that is new since the last time; how many there were."""
    validity, following = _generation(remote, mailbox)
    if mailbox.imap_last_uid == FROM_NOW_ON:
        mailbox.imap_uidvalidity, mailbox.imap_last_uid = validity, following - 1
        note_imap_position(mailbox.pk, validity, following - 1)
    after = mailbox.imap_last_uid if mailbox.imap_uidvalidity == validity else 0
    fresh = sorted(uid for uid in _uids_after(remote, after) if uid > after)
    for uid in fresh:
        _fetch_one(remote, mailbox, uid)
        note_imap_position(mailbox.pk, validity, uid)
        mailbox.imap_uidvalidity, mailbox.imap_last_uid = validity, uid
    if mailbox.last_error and not fresh:
        note_mailbox_error(mailbox.pk, "")
    return len(fresh)


def _generation(remote: BaseMailBox, mailbox: Mailbox) -> tuple[int, int]:
    """(the generation of the folder's UIDs, the UID that the next message gets). When the generation changes all UIDs
    are new (RFC 9051, section 2.3.1.1)."""
    told = remote.folder.status(mailbox.imap_folder, ["UIDVALIDITY", "UIDNEXT"])
    return int(told["UIDVALIDITY"]), int(told["UIDNEXT"])


def _uids_after(remote: BaseMailBox, after: int) -> list[int]:
    status, answer = remote.client.uid("SEARCH", f"UID {after + 1}:*")
    if status != "OK":
        raise FetchError(f"the search was answered with {status}")
    return [int(word) for line in answer if line for word in line.split()]


def _fetch_one(remote: BaseMailBox, mailbox: Mailbox, uid: int) -> None:
    """Store one message, then mark it seen. One that is too large stays there, and its header says so here."""
    size = _size_of(remote, uid)
    origin = {"protocol": "imap", "uid": uid, "folder": mailbox.imap_folder}
    if size > settings.MAIL_MAX_BYTES:
        header = _content(remote, uid, "BODY.PEEK[HEADER]") or f"uid: {uid}".encode()
        with durable():  # together, so that nobody takes the header for the letter in between
            raw, _ = store_raw(Channel.EMAIL, mailbox, header, origin)
            quarantine(
                raw.pk,
                f"Only the header: with {size:,} bytes the letter is too large and stays on the server (UID {uid}).",
                "too-large",
            )
        return
    data = _content(remote, uid, "BODY.PEEK[]")
    if data is None:  # deleted by somebody else since the search
        return
    store_raw(Channel.EMAIL, mailbox, data, origin)
    with suppress(imaplib.IMAP4.readonly):  # in a folder we may only read, the UID alone tells what is new
        remote.client.uid("STORE", str(uid), "+FLAGS.SILENT", "(\\Seen)")


def _content(remote: BaseMailBox, uid: int, item: str) -> bytes | None:
    """The bytes of a message or its header, exactly as the server has them; None when it is gone."""
    status, answer = remote.client.uid("FETCH", str(uid), f"({item})")
    if status != "OK":
        raise FetchError(f"message {uid} was answered with {status}")
    return next((bytes(part[1]) for part in answer if isinstance(part, tuple)), None)


def _size_of(remote: BaseMailBox, uid: int) -> int:
    _, answer = remote.client.uid("FETCH", str(uid), "(RFC822.SIZE)")
    text = b" ".join(item if isinstance(item, bytes) else item[0] for item in answer if item)
    match = _SIZE.search(text)
    return int(match.group(1)) if match else 0
