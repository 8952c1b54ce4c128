"""The body of `backstory mail`: the SMTP and LMTP listeners and a watcher for each remote mailbox."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import structlog
from django.db import connections

from backstory.channels.email.imap import Watcher
from backstory.channels.email.listener import Listener
from backstory.conversations import queries

log = structlog.get_logger(__name__)

_LOOK_EVERY = 15.0  # seconds between looks for mailboxes that were added or changed


@dataclass
class Watchers:
    """The threads that watch remote mailboxes, one each."""

    running: dict[int, tuple[threading.Thread, threading.Event]] = field(default_factory=dict)

    def match(self) -> None:
        """Start what is missing and stop what is no longer wanted."""
        wanted = set(queries.fetched_mailboxes().values_list("pk", flat=True))
        for mailbox_id, (thread, stop) in list(self.running.items()):
            if mailbox_id not in wanted:
                stop.set()
            if not thread.is_alive():
                del self.running[mailbox_id]
        for mailbox_id in wanted - self.running.keys():
            self._start(mailbox_id)

    def _start(self, mailbox_id: int) -> None:
        stop = threading.Event()
        thread = threading.Thread(target=_watch, args=(mailbox_id, stop), name=f"imap-{mailbox_id}", daemon=True)
        self.running[mailbox_id] = (thread, stop)
        thread.start()

    def end(self) -> None:
        """Stop all, giving each a moment to say good-bye."""
        for _, stop in self.running.values():
            stop.set()
        for thread, _ in self.running.values():
            thread.join(timeout=5)


def _watch(mailbox_id: int, stop: threading.Event) -> None:
    try:
        Watcher(mailbox_id, stop).run()
    finally:
        connections.close_all()


def run(host: str, port: int, lmtp_port: int, stop_event: threading.Event) -> None:
    """Take mail in until `stop_event` is set. Port 0 leaves a listener out; raises OSError if a port is taken."""
    listeners = [Listener(host, port)] if port else []
    listeners += [Listener(host, lmtp_port, lmtp=True)] if lmtp_port else []
    started: list[Listener] = []
    watchers = Watchers()
    try:
        for listener in listeners:
            listener.start()
            started.append(listener)
            log.info("mail is taken", protocol="lmtp" if listener.lmtp else "smtp", port=listener.port)
        while not stop_event.is_set():
            _match(watchers)
            stop_event.wait(_LOOK_EVERY)
    finally:
        watchers.end()
        for listener in started:
            listener.stop()
        connections.close_all()


def _match(watchers: Watchers) -> None:
    """A database that is away for a moment must not end the listener, which answers 451 meanwhile."""
    try:
        watchers.match()
    except Exception:  # see above; the next look comes in seconds
        log.exception("remote mailboxes could not be looked up")
        connections.close_all()
