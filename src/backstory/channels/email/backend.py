"""Django's way of sending mail, for letters of the desk itself: they are stored here and sent by a worker.

So no page waits for a mail server, and what could not be sent is tried again like every other letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.charset import QP, Charset
from email.utils import make_msgid, parseaddr

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address

from backstory.channels.email.auto import LOOP_HEADER
from backstory.channels.email.ingest import loop_token
from backstory.conversations import actions

_SEVEN_BIT = Charset("utf-8")  # whatever is beyond ASCII travels as quoted-printable: any server takes that
_SEVEN_BIT.body_encoding = QP


class QueuedBackend(BaseEmailBackend):
    """Stores letters for a worker. Bcc is honoured: the envelope holds every recipient, the header does not."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store the letters; returns how many. One without a recipient is none."""
        letters = [message for message in email_messages if message.recipients()]
        for message in letters:
            store(message)
        return len(letters)


def store(message: EmailMessage) -> None:
    """Store one letter. Raises ValueError (BadHeaderError) for a header that holds a line break."""
    sender = _bare(message.from_email)
    subject = str(message.subject)
    actions.store_service_letter(sender, [_bare(one) for one in message.recipients()], subject, render(message, sender))


def render(message: EmailMessage, sender: str) -> bytes:
    """The letter with CRLF line ends, marked as one that no person wrote (RFC 3834, section 5)."""
    message.encoding = _SEVEN_BIT
    # Django would ask the network for this machine's name and tell it to everybody.
    identifier = make_msgid(domain=sender.rpartition("@")[2])
    marks = {
        "Message-ID": identifier,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        LOOP_HEADER: loop_token(),
    }
    message.extra_headers = {**marks, **message.extra_headers}
    letter = message.message()
    return letter.as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own method, unknown to its stubs


def _bare(address: str) -> str:
    """The address alone, in ASCII where its domain has such a form."""
    return parseaddr(sanitize_address(address, "utf-8"))[1]
