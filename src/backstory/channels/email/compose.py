"""An `Outbound` as the bytes of a letter (RFC 5322): text with a simple HTML alternative, threading, honest marks.

Nothing a customer or agent typed can become a header of its own: every value is one line before it gets here.
"""

from __future__ import annotations

import re
from email.errors import MessageError
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from backstory.channels.email.auto import LOOP_HEADER
from backstory.channels.email.charsets import clean, one_line
from backstory.conversations.letters import Address, Outbound
from backstory.kernel.errors import InvalidInput
from backstory.people.rules import is_email

# Folding at 78 would turn long Message-IDs into encoded words, which no mail program matches again.
_POLICY = SMTP.clone(max_line_length=990, cte_type="7bit")
_IDENTIFIER = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{3,250}")
_LINK = re.compile(r"https?://[^\s<>\"']{3,1000}[^\s<>\"'.,;:!?)\]]")
_MAX_REFERENCES = 20


def render(letter: Outbound, loop_token: str) -> bytes:
    """The letter with CRLF line ends. Raises InvalidInput when an address cannot be written to."""
    message = EmailMessage(policy=_POLICY)
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
    message[LOOP_HEADER] = loop_token
    if letter.automatic:
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
    message.set_content(clean(letter.text) + "\n")
    message.add_alternative(html_of(letter.text), subtype="html")
    for item in letter.attachments:
        kind, _, subkind = item.content_type.partition("/")
        message.add_attachment(item.data, maintype=kind, subtype=subkind or "octet-stream", filename=item.name)
    return message.as_bytes()


def _thread(message: EmailMessage, letter: Outbound) -> None:
    parents = [one for one in letter.references if _IDENTIFIER.fullmatch(one)]
    if _IDENTIFIER.fullmatch(letter.in_reply_to):
        message["In-Reply-To"] = f"<{letter.in_reply_to}>"
        parents = [*(one for one in parents if one != letter.in_reply_to), letter.in_reply_to]
    if parents:
        message["References"] = " ".join(f"<{one}>" for one in parents[-_MAX_REFERENCES:])


def _address(one: Address) -> HeaderAddress:
    local, _, domain = one.email.rpartition("@")
    try:
        if not is_email(one.email):
            raise ValueError("that is no e-mail address")
        return HeaderAddress(one_line(one.name)[:200], addr_spec=f"{local}@{_ascii_domain(domain)}")
    except (ValueError, IndexError, AttributeError, MessageError) as error:
        raise InvalidInput(f"“{one_line(one.email)[:100]}” cannot be written to: {error}") from None


def _ascii_domain(domain: str) -> str:
    return domain if domain.isascii() else domain.encode("idna").decode()


def html_of(text: str) -> str:
    """The same words as HTML: paragraphs, line breaks and links, no style and nothing remote."""
    paragraphs = re.split(r"\n\s*\n", clean(text).strip())
    body = "\n".join(f"<p>{_linked(one)}</p>" for one in paragraphs)
    return f'<!doctype html>\n<html><head><meta charset="utf-8"></head><body>\n{body}\n</body></html>\n'


def _linked(paragraph: str) -> str:
    pieces: list[str] = []
    end = 0
    for match in _LINK.finditer(paragraph):
        url = escape(match.group(0))
        pieces += [escape(paragraph[end : match.start()]), f'<a href="{url}">{url}</a>']
        end = match.end()
    return "".join([*pieces, escape(paragraph[end:])]).replace("\n", "<br>\n")
