"""Handing a letter to the outgoing mail server (RFC 5321, RFC 6409) and saying exactly how that ended."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from django.conf import settings


class Ending(Enum):
    """How a submission ended; only `UNCERTAIN` leaves open whether the letter went out."""

    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The ending, and the server's words when it was not `SENT`."""

    ending: Ending
    words: str = ""


def submit(sender: str, recipients: Sequence[str], data: bytes) -> Outcome:
    """Send one letter through the server in the settings. Never raises for what a network or server does."""
    try:
        server = _connect()
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(Ending.DEFERRED, f"The mail server cannot be used: {_words(error)}")
    try:
        refused = _address(server, sender, recipients, data)
        return refused or _hand_over(server, data)
    finally:
        _leave(server)


def _connect() -> smtplib.SMTP:
    """A session that is ready to take letters; raises OSError or SMTPException."""
    context = ssl.create_default_context()
    timeout = settings.EMAIL_TIMEOUT
    if settings.EMAIL_USE_SSL:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=timeout, context=context
        )
    else:
        server = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=timeout)
    try:
        server.ehlo_or_helo_if_needed()
        if settings.EMAIL_USE_TLS:
            server.starttls(context=context)
            server.ehlo()
        if settings.EMAIL_HOST_USER:
            server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except BaseException:
        server.close()
        raise
    return server


def _address(server: smtplib.SMTP, sender: str, recipients: Sequence[str], data: bytes) -> Outcome | None:
    """MAIL and RCPT; an outcome when the letter cannot go on, None when the content is next."""
    unicode = not all(one.isascii() for one in (sender, *recipients))
    if unicode and not server.has_extn("smtputf8"):
        return Outcome(Ending.FAILED, "The mail server cannot write to addresses beyond ASCII.")
    options = [f"size={len(data)}"] if server.has_extn("size") else []
    options += ["SMTPUTF8", "BODY=8BITMIME"] if unicode else []
    try:
        code, reply = server.mail(sender, options)
        if code != 250:
            return _refusal(code, reply)
        answers = [server.rcpt(one) for one in recipients]
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(Ending.DEFERRED, f"The connection broke before the letter was sent: {_words(error)}")
    refusals = [(code, reply) for code, reply in answers if code not in {250, 251}]
    if len(refusals) < len(answers):
        return None
    passing = next((one for one in refusals if 400 <= one[0] < 500), None)
    return _refusal(*(passing or refusals[0])) if refusals else Outcome(Ending.FAILED, "There is no recipient.")


def _hand_over(server: smtplib.SMTP, data: bytes) -> Outcome:
    """DATA: once the content is on its way, a broken connection tells nothing about whether it was taken."""
    try:
        code, reply = server.data(data)
    except smtplib.SMTPDataError as error:
        return _refusal(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(Ending.UNCERTAIN, f"The connection broke while the letter was handed over: {_words(error)}")
    return Outcome(Ending.SENT) if 200 <= code < 300 else _refusal(code, reply)


def _refusal(code: int, reply: bytes | str) -> Outcome:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    words = f"{code} {' '.join(text.split())[:500]}"
    if code == -1:
        return Outcome(Ending.DEFERRED, "The mail server broke off before the letter was sent.")
    return Outcome(Ending.FAILED if code >= 500 else Ending.DEFERRED, words)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return f"{error.smtp_code} {text}"
    return str(error) or type(error).__name__


def _leave(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
