"""Connections to outgoing mail servers, kept for a batch of letters: one for each server, not one for each letter."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.conf import settings

FAREWELL = 5  # seconds for a server's good-bye: the fate of every letter is known by then


@dataclass
class Sessions:
    """The open connections of a batch. `broken` says that one failed: whoever has more letters tries them later."""

    kept: dict[Hashable, smtplib.SMTP] = field(default_factory=dict)
    broken: bool = False


_batch: ContextVar[Sessions | None] = ContextVar("mail_sessions", default=None)


@contextmanager
def batch() -> Iterator[Sessions]:
    """Inside the block, in this thread, the letters for one server share one connection."""
    sessions = Sessions()
    token = _batch.set(sessions)
    try:
        yield sessions
    finally:
        _batch.reset(token)
        for server in sessions.kept.values():
            leave(server)


def session(place: Hashable, connect: Callable[[], smtplib.SMTP]) -> smtplib.SMTP:
    """A session that is ready for a letter: the batch's own, if it still answers, or a new one.

    Raises what `connect` raises.
    """
    sessions = _batch.get()
    if sessions is None:
        return connect()
    known = sessions.kept.pop(place, None)
    if known is not None and _is_ready(known):
        return known
    try:
        return connect()
    except BaseException:  # whatever it is, it is raised again
        sessions.broken = True
        raise


def _is_ready(server: smtplib.SMTP) -> bool:
    """Whether the server has forgotten the letter before and waits for the next; one that does not is left."""
    try:
        if server.sock is not None:
            server.sock.settimeout(settings.EMAIL_TIMEOUT)
        ready = server.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        ready = False
    if not ready:
        server.close()
    return ready


def done(place: Hashable, server: smtplib.SMTP, *, sound: bool) -> None:
    """A letter is dealt with: keep its session for the next of the batch. One that is not `sound` broke or hung."""
    sessions = _batch.get()
    if sessions is not None and sound:
        sessions.kept[place] = server
        return
    if sessions is not None:
        sessions.broken = True
    leave(server)


def leave(server: smtplib.SMTP) -> None:
    """End a session, politely where the server still listens."""
    if server.sock is not None:
        server.sock.settimeout(min(FAREWELL, settings.EMAIL_TIMEOUT))
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
