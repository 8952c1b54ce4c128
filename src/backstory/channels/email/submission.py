"""Handing a letter to the outgoing mail server (RFC 5321, RFC 6409) and saying exactly how that ended."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial

from django.conf import settings

from backstory.channels.email import sessions
from backstory.kernel.errors import BackstoryError

THINKING = 10
"""How many times longer than anything else the answer to the content may take: a letter cut off there is uncertain."""


class Ending(Enum):
    """How a submission ended; only `UNCERTAIN` leaves open whether the letter went out."""

    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes letters, and who logs in there: by password, or by a token (XOAUTH2)."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""
    token: str = ""


def desk_server() -> MailServer:
    """The outgoing server in the settings."""
    security = "tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else "none"
    return MailServer(
        settings.EMAIL_HOST, settings.EMAIL_PORT, security, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD
    )


@dataclass(frozen=True, slots=True)
class Route:
    """A way to a server: `place` names it and who logs in there, letters of one place can share a connection."""

    place: Hashable
    connect: Callable[[], smtplib.SMTP]


def desk_route() -> Route:
    """The way to the outgoing server in the settings."""
    server = desk_server()
    return Route((server.host, server.port, server.user), partial(connect, server))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The ending, the server's words when it was not `SENT`, and what was said of single recipients. `broke` where the
    connection was lost, so that no other letter can follow.

    `SENT` counts for every recipient that is neither in `refused` (for good) nor in `later` (a passing refusal).
    """

    ending: Ending
    words: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)
    later: Mapping[str, str] = field(default_factory=dict)
    broke: bool = False


def submit(
    sender: str,
    recipients: Sequence[str],
    data: bytes,
    may_hand_over: Callable[[], bool] = lambda: True,
    by: Route | None = None,
) -> Outcome:
    """Send one letter, through the server in the settings or by another route. Never raises for what a network or
    server does.

    `may_hand_over` is asked once the server wants the content: whoever says no has lost the right to send it.
    """
    route = by or desk_route()
    try:
        server = sessions.session(route.place, route.connect)
    except (OSError, smtplib.SMTPException, BackstoryError) as error:
        return Outcome(Ending.DEFERRED, f"The mail server cannot be used: {_words(error)}")
    outcome = Outcome(Ending.UNCERTAIN)
    try:
        outcome = _submit(server, sender, recipients, data, may_hand_over)
    finally:
        sessions.done(route.place, server, sound=not outcome.broke)
    return outcome


def _submit(
    server: smtplib.SMTP, sender: str, recipients: Sequence[str], data: bytes, may_hand_over: Callable[[], bool]
) -> Outcome:
    before = _address(server, sender, recipients, data)
    if before.ending is not Ending.SENT:
        return before
    if not may_hand_over():
        return Outcome(Ending.DEFERRED, "Another worker has taken the letter over.")
    return replace(_hand_over(server, data), refused=before.refused, later=before.later)


def connect(to: MailServer) -> smtplib.SMTP:
    """A session that is ready to take letters; raises OSError or SMTPException."""
    context = ssl.create_default_context()
    timeout = settings.EMAIL_TIMEOUT
    if to.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(to.host, to.port, timeout=timeout, context=context)
    else:
        server = smtplib.SMTP(to.host, to.port, timeout=timeout)
    try:
        server.ehlo_or_helo_if_needed()
        if to.security == "starttls":
            server.starttls(context=context)
            server.ehlo()
        _log_in(server, to)
    except BaseException:  # raised again: only the socket must not stay open
        server.close()
        raise
    return server


def _log_in(server: smtplib.SMTP, to: MailServer) -> None:
    if to.token:
        answer = f"user={to.user}\x01auth=Bearer {to.token}\x01\x01"
        # A refusal comes as a challenge, to be answered with nothing before the server says its 535.
        server.auth("XOAUTH2", lambda challenge=None: answer if challenge is None else "")
    elif to.user:
        server.login(to.user, to.password)


def _address(server: smtplib.SMTP, sender: str, recipients: Sequence[str], data: bytes) -> Outcome:
    """MAIL and RCPT: `SENT` when the content is next, for all that are not refused."""
    unicode = not all(one.isascii() for one in (sender, *recipients))
    if unicode and not server.has_extn("smtputf8"):
        return Outcome(Ending.FAILED, "The mail server cannot write to addresses beyond ASCII (SMTPUTF8).")
    options = [f"size={len(data)}"] if server.has_extn("size") else []
    options += ["SMTPUTF8", "BODY=8BITMIME"] if unicode else []
    try:
        code, reply = server.mail(sender, options)
        if code != 250:
            return _refusal(code, reply)
        answers = {one: server.rcpt(one) for one in recipients}
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(Ending.DEFERRED, f"The connection broke before the letter was sent: {_words(error)}", broke=True)
    return _sorted(answers)


def _sorted(answers: Mapping[str, tuple[int, bytes]]) -> Outcome:
    """What the answers to all recipients come to."""
    refusals = {one: _refusal(*answer) for one, answer in answers.items() if answer[0] not in {250, 251}}
    refused = {one: outcome.words for one, outcome in refusals.items() if outcome.ending is Ending.FAILED}
    later = {one: outcome.words for one, outcome in refusals.items() if outcome.ending is Ending.DEFERRED}
    if len(refusals) < len(answers):
        return Outcome(Ending.SENT, "", refused, later)
    words = next(iter((later or refused).values()), "There is no recipient.")
    return Outcome(Ending.DEFERRED if later else Ending.FAILED, words, refused, later)


def _hand_over(server: smtplib.SMTP, data: bytes) -> Outcome:
    """DATA: once the content is on its way, a broken connection tells nothing about whether it was taken."""
    if server.sock is not None:  # a server may think long about a letter (RFC 5321, section 4.5.3.2.6)
        server.sock.settimeout(settings.EMAIL_TIMEOUT * THINKING)
    try:
        code, reply = server.data(data)
    except smtplib.SMTPDataError as error:
        return _refusal(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        words = f"The connection broke while the letter was handed over: {_words(error)}"
        return Outcome(Ending.UNCERTAIN, words, broke=True)
    return Outcome(Ending.SENT) if 200 <= code < 300 else _refusal(code, reply)


def _refusal(code: int, reply: bytes | str) -> Outcome:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    words = f"{code} {' '.join(text.split())[:500]}"
    if code == -1:
        return Outcome(Ending.DEFERRED, "The mail server broke off before the letter was sent.", broke=True)
    return Outcome(Ending.FAILED if code >= 500 else Ending.DEFERRED, words)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return f"{error.smtp_code} {text}"
    return str(error) or type(error).__name__
