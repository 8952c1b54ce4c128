"""Handing a letter to a mail provider's interface, by django-anymail, and saying exactly how that ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from typing import Any, cast

import requests
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from backstory.channels.email import providers
from backstory.channels.email.explaining import said
from backstory.channels.email.submission import Ending, Outcome
from backstory.conversations import actions
from backstory.conversations.models import Delivery, Mailbox
from backstory.kernel.errors import BackstoryError

_CARRIED = ("Message-ID", "In-Reply-To", "References", "Auto-Submitted", "X-Auto-Response-Suppress", "X-Backstory-Loop")
_LISTS = ("List-Unsubscribe", "List-Unsubscribe-Post")
_REFUSED = {"rejected", "invalid", "failed"}
_PASSING = {401, 402, 403, 408, 425, 429, 503}
"""Answers after which the same letter may be taken later: also a wrong or blocked key, which a person can mend."""
_OPEN = {500, 502, 504}
"""Answers that leave open whether the letter was taken."""


def submit(
    delivery: Delivery, data: bytes, recipients: Sequence[str], may_hand_over: Callable[[], bool] = lambda: True
) -> Outcome:
    """Send one letter to some of its recipients. Never raises for what a network or provider does."""
    mailbox = delivery.message.conversation.mailbox
    try:
        with connection(mailbox) as provider:
            letter = message_for(data, recipients)
            letter.metadata = {"delivery": str(delivery.pk)}  # type: ignore[attr-defined]  # anymail's own
            letter.connection = provider
            if not may_hand_over():
                return Outcome(Ending.DEFERRED, "Another worker has taken the letter over.")
            return _sent(delivery, letter)
    except BackstoryError as error:
        return Outcome(Ending.DEFERRED, str(error))


def connection(mailbox: Mailbox) -> Any:
    """Anymail's way to the mailbox's provider; raises BackstoryError where the keys cannot be used."""
    provider = providers.provider_of(mailbox)
    known = providers.options(mailbox, providers.SENDING)
    return get_connection(
        f"anymail.backends.{provider.backend}.EmailBackend",
        **known,
        timeout=settings.EMAIL_TIMEOUT,
        ignore_unsupported_features=True,
    )


def message_for(data: bytes, recipients: Sequence[str]) -> EmailMultiAlternatives:
    """The rendered letter as anymail takes it: the same words, files and headers as by SMTP."""
    whole = message_from_bytes(data, policy=default)
    wanted = set(recipients)
    to, cc = _named(whole, "To", wanted), _named(whole, "Cc", wanted)
    letter = EmailMultiAlternatives(
        subject=str(whole["Subject"]),
        body=_content(whole, "plain"),
        from_email=str(whole["From"]),
        to=to or cc,
        cc=cc if to else [],
        reply_to=[str(whole["Reply-To"])] if whole["Reply-To"] else None,
        headers={name: str(whole[name]) for name in (*_CARRIED, *_LISTS) if whole[name]},
    )
    letter.attach_alternative(_content(whole, "html"), "text/html")
    bodies = {id(part) for part in (whole.get_body(("plain",)), whole.get_body(("html",))) if part is not None}
    for part in whole.walk():
        if not part.is_multipart() and id(part) not in bodies:
            letter.attachments.append(cast(Any, part))
    return letter


def _named(whole: EmailMessage, header: str, wanted: set[str]) -> list[str]:
    found = whole[header].addresses if whole[header] else ()
    return [str(one) for one in found if one.addr_spec in wanted]


def _content(whole: EmailMessage, kind: str) -> str:
    part = whole.get_body((kind,))
    return str(part.get_content()) if isinstance(part, MIMEPart) else ""


def _sent(delivery: Delivery, letter: EmailMultiAlternatives) -> Outcome:
    try:
        letter.send()
    except AnymailRecipientsRefused:
        words = "The provider refused all recipients."
        return Outcome(Ending.FAILED, words, _refusals(letter))
    except AnymailAPIError as error:
        return _failed(error)
    except AnymailError as error:
        return Outcome(Ending.FAILED, f"The provider cannot send this letter: {said(error)}")
    status = letter.anymail_status  # type: ignore[attr-defined]
    if isinstance(status.message_id, str):
        actions.note_provider_id(delivery, status.message_id.strip("<>"))
    return Outcome(Ending.SENT, "", _refusals(letter))


def _refusals(letter: EmailMultiAlternatives) -> dict[str, str]:
    status = letter.anymail_status  # type: ignore[attr-defined]
    return {
        address: f"The provider says: {each.status}"
        for address, each in status.recipients.items()
        if each.status in _REFUSED
    }


def _failed(error: AnymailAPIError) -> Outcome:
    """What a request that was not answered with success says about the letter."""
    code = error.status_code
    if code is None:
        before = isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError) or _never_connected(error)
        words = f"The provider does not answer ({type(error.__cause__ or error).__name__})."
        return Outcome(Ending.DEFERRED if before else Ending.UNCERTAIN, words)
    words = f"The provider answered {code}: {_reason(error)}"
    if code in _OPEN:
        return Outcome(Ending.UNCERTAIN, words)
    return Outcome(Ending.DEFERRED if code in _PASSING else Ending.FAILED, words)


def _never_connected(error: BaseException) -> bool:
    """Whether no connection was made: then nothing can have gone out."""
    names = {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}
    reason = getattr(getattr(error.__cause__, "args", [None])[0], "reason", None)
    return type(reason).__name__ in names


def _reason(error: AnymailAPIError) -> str:
    """The provider's words, shortened; what was sent to it is not among them."""
    text = getattr(error.response, "text", "") or ""
    return " ".join(text.split())[:300] or "no reason given"
