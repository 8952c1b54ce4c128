"""Letters: what a channel hands to `conversations` (`Inbound`) and takes from it (`Outbound`).

Pure data, no framework: a channel turns its wire format into an `Inbound` and an `Outbound` into its wire
format, so `conversations` never learns what SMTP, a web form or a chat looks like.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

AutoKind = Literal["none", "auto-reply", "bounce", "list", "loop"]
IdentityKind = Literal["email", "phone"]


@dataclass(frozen=True, slots=True)
class Address:
    """A person as a message names them; `email` is in lower case in its domain, `name` may be empty."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class InboundAttachment:
    """A file that came with a message: `name` is safe to show and to store under, `cid` is without <>."""

    name: str
    content_type: str
    data: bytes
    cid: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class BouncedRecipient:
    """One recipient a bounce speaks of: RFC 3463 `status` such as "5.1.1" (or ""), the reason in words.

    `permanent`: the address or its host does not exist any more. `delayed`: the letter is still on its way.
    """

    email: str
    status: str = ""
    reason: str = ""
    permanent: bool = True
    delayed: bool = False


@dataclass(frozen=True, slots=True)
class Forward:
    """Who of the desk passed a letter on and in which letter (`message_id`), their own words with it, and how sure it
    is who wrote the original: 1 when it is enclosed (then `source` has its bytes), less when it was read from the text.
    """

    by: Address
    words: str = ""
    message_id: str = ""
    confidence: float = 1.0
    source: bytes = b""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message from a customer, on any channel, decoded and made safe to store.

    `text` is what the person newly wrote, without the quoted history (`quoted`) and the `signature`. `html`
    is sanitised: no script, no style sheet, no remote image. `sent_at` is what the sender claims (aware UTC,
    may be absurd or None); `received_at` is ours and is the truth. Identifiers (`message_id`, `in_reply_to`,
    `references`) are without angle brackets. `reply_token` is the token of a plus-addressed reply
    ("support+TOKEN@…"). `place` is the code that somebody scanned to get to the form. `auto` other than "none" means:
    never answer this automatically. `forward` is set where a colleague passed the letter on: everything else is then
    the original's.
    """

    channel: str
    subject: str = ""
    from_name: str = ""
    from_address: str = ""
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    sent_at: datetime | None = None
    received_at: datetime | None = None
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    text: str = ""
    html: str = ""
    quoted: str = ""
    signature: str = ""
    attachments: tuple[InboundAttachment, ...] = ()
    auto: AutoKind = "none"
    bounced: tuple[BouncedRecipient, ...] = ()
    problems: tuple[str, ...] = ()
    reply_token: str = ""
    identity_kind: IdentityKind = "email"
    customer_name: str = ""
    language: str = ""
    place: str = ""
    forward: Forward | None = None

    @property
    def answer_address(self) -> str:
        """Where an answer goes: Reply-To if the sender gave one, else From, else ""."""
        return self.reply_to[0].email if self.reply_to else self.from_address


@dataclass(frozen=True, slots=True)
class OutboundAttachment:
    """A file that leaves with a message; one with a `cid` stands where the text says `[image: NAME]`."""

    name: str
    content_type: str
    data: bytes
    cid: str = ""


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message on its way out, complete: rendering it twice gives the same letter (same `message_id`).

    `automatic` marks what no person wrote (notices, surveys): other machines must not answer it (RFC 3834).
    `quoted` is what `quoting.quoted` made of the message that is answered, `unsubscribe` the address of a page where
    letters of this kind can be declined (RFC 8058).
    """

    message_id: str
    from_address: str
    from_name: str
    to: tuple[Address, ...]
    subject: str
    text: str
    sent_at: datetime
    cc: tuple[Address, ...] = ()
    reply_to: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    automatic: bool = False
    attachments: tuple[OutboundAttachment, ...] = field(default_factory=tuple)
    signature: str = ""
    quoted: str = ""
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """How a reply is to leave, as whoever wrote it saw it; what is None is as the thread and the settings say.

    `confirmed` holds the keys of the warnings about recipients that were seen; None is for callers that answer for
    the recipients themselves. `files` are ids of files of the writer's draft, `hold_seconds` is how long the letter
    can be taken back.
    """

    to: tuple[Address, ...] | None = None
    cc: tuple[Address, ...] | None = None
    confirmed: frozenset[str] | None = None
    files: tuple[int, ...] = ()
    quote: bool | None = None
    hold_seconds: int = 0


AS_THE_THREAD_SAYS = Dispatch()
