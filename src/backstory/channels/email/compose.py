"""An `Outbound` as the bytes of a letter (RFC 5322): text with an HTML alternative, files, threading, honest marks.

Nothing a customer or agent typed can become a header of its own: every value is one line before it gets here.
"""

from __future__ import annotations

import re
from email.errors import MessageError
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from backstory.channels.email.auto import LOOP_HEADER
from backstory.channels.email.charsets import clean, one_line
from backstory.channels.email.letter_html import letter_html
from backstory.channels.email.letter_plain import plain
from backstory.conversations.letters import Address, Outbound, OutboundAttachment
from backstory.conversations.quoting import unquoted
from backstory.kernel.errors import InvalidInput
from backstory.people.rules import is_email

# Folding at 78 would turn long Message-IDs into encoded words, which no mail program matches again.
_LONGEST_LINE = 990
_POLICY = SMTP.clone(max_line_length=_LONGEST_LINE, cte_type="7bit")
# For addresses whose local part is beyond ASCII (RFC 6532): there is no other way to write them.
_UNICODE_POLICY = SMTPUTF8.clone(max_line_length=_LONGEST_LINE, cte_type="7bit")
_IDENTIFIER = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{3,250}")
_URL = re.compile(r"https?://[\x21-\x3b\x3d\x3f-\x7e]{3,800}")
_TYPE = re.compile(r"[a-z0-9][\w.+-]{0,100}/[a-z0-9][\w.+-]{0,100}", re.IGNORECASE | re.ASCII)
_MAX_REFERENCES = 20


def render(letter: Outbound, loop_token: str) -> bytes:
    """The letter with CRLF line ends. Raises InvalidInput when an address cannot be written to."""
    message = EmailMessage(policy=_UNICODE_POLICY if needs_unicode(letter) else _POLICY)
    message["From"] = _address(Address(letter.from_address, letter.from_name))
    message["To"] = [_address(one) for one in letter.to]
    if letter.cc:
        message["Cc"] = [_address(one) for one in letter.cc]
    if letter.reply_to:
        message["Reply-To"] = _address(Address(letter.reply_to, letter.from_name))
    message["Subject"] = one_line(letter.subject)[:900]
    message["Date"] = letter.sent_at
    message["Message-ID"] = f"<{letter.message_id}>"
    _thread(message, letter)
    _marks(message, letter, loop_token)
    _body(message, letter)
    return message.as_bytes()


def needs_unicode(letter: Outbound) -> bool:
    """Whether only a server that speaks SMTPUTF8 (RFC 6531) can take the letter."""
    return not all(one.email.rpartition("@")[0].isascii() for one in (*letter.to, *letter.cc))


def envelope(letter: Outbound) -> dict[str, str]:
    """The addresses to hand the letter to as SMTP knows them, each with the address as the desk knows it."""
    return {_bare(one.email): one.email for one in (*letter.to, *letter.cc)}


def _marks(message: EmailMessage, letter: Outbound, loop_token: str) -> None:
    message[LOOP_HEADER] = loop_token
    if letter.automatic:
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
    if _URL.fullmatch(letter.unsubscribe):
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        if letter.unsubscribe.startswith("https://"):  # RFC 8058, section 3.1
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _thread(message: EmailMessage, letter: Outbound) -> None:
    parents = [one for one in letter.references if _IDENTIFIER.fullmatch(one)]
    if _IDENTIFIER.fullmatch(letter.in_reply_to):
        message["In-Reply-To"] = f"<{letter.in_reply_to}>"
        parents = [*(one for one in parents if one != letter.in_reply_to), letter.in_reply_to]
    if parents:
        message["References"] = " ".join(f"<{one}>" for one in _fitting(parents[-_MAX_REFERENCES:]))


def _fitting(parents: list[str]) -> list[str]:
    """The newest identifiers that fit into one line (RFC 5322, section 2.1.1), and the first of the thread."""
    room = 900 - len(parents[0])
    kept: list[str] = []
    for parent in reversed(parents[1:]):
        room -= len(parent) + 3
        if room < 0:
            break
        kept.append(parent)
    return [parents[0], *reversed(kept)]


def _body(message: EmailMessage, letter: Outbound) -> None:
    """multipart/mixed(alternative(text, related(html, images)), files), each shell only where it is needed."""
    text, signature = clean(letter.text), clean(letter.signature)
    images = {item.name: item for item in letter.attachments if item.cid and f"[image: {item.name}]" in text}
    below = [f"-- \n{plain(signature)}"] if signature else []
    message.set_content("\n\n".join([text, *below, *([clean(letter.quoted)] if letter.quoted else [])]) + "\n")
    html = letter_html(
        text, signature, unquoted(clean(letter.quoted)), {name: item.cid for name, item in images.items()}
    )
    message.add_alternative(html, subtype="html")
    for item in images.values():
        _related(message, item)
    for item in letter.attachments:
        if item.name not in images:
            kind, subkind = _type(item)
            message.add_attachment(item.data, maintype=kind, subtype=subkind, filename=one_line(item.name))


def _related(message: EmailMessage, item: OutboundAttachment) -> None:
    html = message.get_body(("html",))
    if isinstance(html, EmailMessage):
        kind, subkind = _type(item)
        name = one_line(item.name)
        html.add_related(
            item.data, maintype=kind, subtype=subkind, cid=f"<{item.cid}>", filename=name, disposition="inline"
        )


def _type(item: OutboundAttachment) -> tuple[str, str]:
    known = item.content_type if _TYPE.fullmatch(item.content_type) else "application/octet-stream"
    kind, _, subkind = known.lower().partition("/")
    # What is made of parts would have to be encoded by other rules (RFC 2045, section 6.4).
    return ("application", "octet-stream") if kind in {"multipart", "message"} else (kind, subkind)


def _address(one: Address) -> HeaderAddress:
    local, _, domain = _bare(one.email).rpartition("@")
    try:
        return HeaderAddress(one_line(one.name)[:200], username=local, domain=domain)
    except (ValueError, IndexError, AttributeError, MessageError) as error:
        raise _unusable(one.email, error) from None


def _bare(email: str) -> str:
    """The address with its domain in ASCII (RFC 5891). Raises InvalidInput for what is no address."""
    local, _, domain = email.rpartition("@")
    try:
        if not is_email(email):
            raise ValueError("that is no e-mail address")
        return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise _unusable(email, error) from None
    except ValueError as error:
        raise _unusable(email, error) from None


def _unusable(email: str, error: Exception) -> InvalidInput:
    return InvalidInput(f"“{one_line(email)[:100]}” cannot be written to: {error}")
