"""Why a mail server cannot be used, in words that say what to do. Never holds a password or a token."""

from __future__ import annotations

import imaplib
import re
import smtplib
import socket
import ssl

from imap_tools import MailboxFolderSelectError, MailboxLoginError

from backstory.kernel.errors import BackstoryError

_SECRET = re.compile(r"(?i)(auth=bearer |authorization:? *(bearer|basic) )\S+|[A-Za-z0-9+/=_-]{60,}")
_LET_IN = (
    "Check user name and password; where the account has a second factor, make an app password. "
    "Google and Microsoft let the desk in by consent instead."
)


def explain(error: Exception, server: str = "") -> str:
    """One or two sentences; `server` is its name as people know it."""
    name = server or "The mail server"
    if isinstance(error, BackstoryError):
        return str(error)
    return _of_the_network(error, name) or _of_the_dialogue(error, name) or f"{name}: {said(error)}"


def _of_the_network(error: Exception, name: str) -> str:
    if isinstance(error, socket.gaierror):
        return f"There is no server named {name}. Check the spelling."
    if isinstance(error, ssl.SSLCertVerificationError):
        why = getattr(error, "verify_message", "") or said(error)
        return f"The certificate of {name} does not hold: {why}. Use the name that the certificate is for."
    if isinstance(error, ssl.SSLError):
        return f"{name} answered, but not with TLS. Try STARTTLS, or another port."
    if isinstance(error, ConnectionRefusedError):
        return f"{name} answers nobody on this port. Check the port, and that the server runs."
    if isinstance(error, TimeoutError):
        return f"{name} did not answer in time. A firewall may be in between, or the port is wrong."
    return ""


def _of_the_dialogue(error: Exception, name: str) -> str:
    if isinstance(error, MailboxLoginError | smtplib.SMTPAuthenticationError):
        return f"{name} answered, but the log-in was refused. {_LET_IN}"
    if isinstance(error, MailboxFolderSelectError):
        return f"{name} let the desk in, but has no such folder."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"{name} does not offer what was chosen: {said(error)}"
    if isinstance(error, imaplib.IMAP4.abort | smtplib.SMTPServerDisconnected | ConnectionError | EOFError):
        return f"{name} broke off the connection: {said(error)}"
    return ""


def said(error: Exception) -> str:
    """The error's own words on one line, without anything that looks like a secret."""
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        text = f"{error.smtp_code} {reply.decode('utf-8', 'replace') if isinstance(reply, bytes) else reply}"
    else:
        text = str(error) or type(error).__name__
    return _SECRET.sub("…", " ".join(text.split()))[:300]
