"""One letter, any bytes: `parse_bytes` never raises and says in `problems` what it could not make sense
of.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from typing import Any

from backstory.channels.email import bounce
from backstory.channels.email.addresses import parse_addresses, plus_token
from backstory.channels.email.auto import Ourselves, classify
from backstory.channels.email.bodies import MAX_TEXT, read_bodies
from backstory.channels.email.charsets import decode
from backstory.channels.email.headers import message_ids, parse_date, raw_value, raw_values, text_value
from backstory.channels.email.parts import Walk, walk_parts
from backstory.channels.email.quote import Split
from backstory.channels.email.reports import report_of
from backstory.channels.email.structure import tree_of
from backstory.conversations.letters import (
    Address,
    AutoKind,
    BouncedRecipient,
    Inbound,
    InboundAttachment,
)
from backstory.kernel import clock

_SUBJECT_LENGTH = 998  # RFC 5322, 2.1.1
_EPOCH_YEARS = (1990, 2037)  # a Date outside is a broken clock or a joke


@dataclass(frozen=True, slots=True)
class Parsed:
    """Everything read from a letter; `to_dict` gives the fields of `backstory parse-mail`."""

    subject: str = ""
    sender: Address = field(default_factory=lambda: Address(""))
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    date: datetime | None = None
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    text: str = ""
    html: str = ""
    parts: Split = field(default_factory=lambda: Split("", "", ""))
    attachments: tuple[InboundAttachment, ...] = ()
    auto: AutoKind = "none"
    bounced: tuple[BouncedRecipient, ...] = ()
    problems: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON fields of `backstory parse-mail`, without `file`."""
        return {
            "subject": self.subject,
            "from": _address_dict(self.sender),
            "to": [_address_dict(one) for one in self.to],
            "cc": [_address_dict(one) for one in self.cc],
            "reply_to": [_address_dict(one) for one in self.reply_to],
            "date": self.date.isoformat() if self.date else None,
            "message_id": self.message_id,
            "in_reply_to": self.in_reply_to,
            "references": list(self.references),
            "text": self.text,
            "html": self.html,
            "reply": self.parts.reply,
            "quoted": self.parts.quoted,
            "signature": self.parts.signature,
            "attachments": [_attachment_dict(one) for one in self.attachments],
            "auto": {"kind": self.auto},
            "bounce": {"recipients": [_bounced_dict(one) for one in self.bounced]},
            "problems": list(self.problems),
        }

    def to_inbound(self, *, mailbox_address: str = "", received_at: datetime | None = None) -> Inbound:
        """The letter for `conversations`; a bare forward keeps its whole text rather than an empty reply."""
        bare = not self.parts.reply
        return Inbound(
            channel="email",
            subject=self.subject,
            from_name=self.sender.name,
            from_address=self.sender.email,
            to=self.to,
            cc=self.cc,
            reply_to=tuple(one for one in self.reply_to if one.email),
            sent_at=self.date,
            received_at=received_at,
            message_id=self.message_id,
            in_reply_to=self.in_reply_to,
            references=self.references,
            text=self.text if bare else self.parts.reply,
            html=self.html,
            quoted="" if bare else self.parts.quoted,
            signature="" if bare else self.parts.signature,
            attachments=self.attachments,
            auto=self.auto,
            bounced=self.bounced,
            problems=self.problems,
            reply_token=_token(self, mailbox_address),
            customer_name=self.sender.name,
        )


def _address_dict(one: Address) -> dict[str, str]:
    return {"name": one.name, "email": one.email}


def _attachment_dict(one: InboundAttachment) -> dict[str, Any]:
    return {
        "name": one.name,
        "type": one.content_type,
        "size": len(one.data),
        "sha256": hashlib.sha256(one.data).hexdigest(),
        "inline": one.inline,
        "cid": one.cid,
    }


def _bounced_dict(one: BouncedRecipient) -> dict[str, Any]:
    return {
        "email": one.email,
        "status": one.status,
        "reason": one.reason,
        "permanent": one.permanent,
        "delayed": one.delayed,
    }


def _token(parsed: Parsed, mailbox_address: str) -> str:
    """The token of a plus address of this mailbox among the recipients, or ""."""
    local, _, domain = mailbox_address.lower().rpartition("@")
    for one in (*parsed.to, *parsed.cc):
        lowered = one.email.lower()
        if plus_token(one.email) and (
            not local or (lowered.startswith(f"{local}+") and lowered.endswith(f"@{domain}"))
        ):
            return plus_token(one.email)
    return ""


def parse_bytes(data: bytes, *, ours: Ourselves | None = None, now: datetime | None = None) -> Parsed:
    """Read a letter. Never raises: what fails is listed in `problems`, and the rest is still there.

    `ours` tells loops from other installations' mail; `now` is the moment against which dates are judged.
    """
    if not data.strip():
        return Parsed(problems=("the message is empty",))
    problems: list[str] = []
    message = tree_of(data, problems)
    try:
        return _read(message, problems, ours or Ourselves(), now or clock.now())
    except Exception as error:  # the promise above: a bug here must not lose a customer's letter
        text, _ = decode(data[:MAX_TEXT])
        problems.append(f"the message could not be read ({type(error).__name__}): its raw text is shown")
        return Parsed(text=text, parts=Split(text, "", ""), problems=tuple(problems))


def _read(message: Message, problems: list[str], ours: Ourselves, now: datetime) -> Parsed:
    walk = walk_parts(message)
    walk.problems[:0] = problems
    text, html, parts = read_bodies(walk)
    report = report_of(message, walk, text)
    kind = classify(message, report, ours)
    sender = _sender(message, walk)
    return Parsed(
        subject=text_value(message, "subject")[:_SUBJECT_LENGTH],
        sender=sender,
        to=parse_addresses(raw_values(message, "to")),
        cc=parse_addresses(raw_values(message, "cc")),
        reply_to=parse_addresses(raw_values(message, "reply-to")),
        date=_date(message, walk, now),
        message_id=next(iter(message_ids(raw_value(message, "message-id"))), ""),
        in_reply_to=next(iter(message_ids(raw_value(message, "in-reply-to"))), ""),
        references=message_ids(" ".join(raw_values(message, "references"))),
        text=text,
        html=html,
        parts=parts,
        attachments=tuple(walk.attachments),
        auto=kind,
        bounced=bounce.recipients_of(report) if kind == "bounce" else (),
        problems=tuple(walk.problems),
    )


def _sender(message: Message, walk: Walk) -> Address:
    """The author; where there are several the first one counts, and where there is none, Sender or
    Reply-To.
    """
    fields = raw_values(message, "from")
    authors = [one for one in parse_addresses(fields) if one.email]
    if len(fields) > 1:
        walk.problem("more than one From field: the first is used")
    if len(authors) > 1:
        walk.problem("more than one author: the first is used")
    if authors:
        return authors[0]
    walk.problem("there is no usable From address")
    others = parse_addresses(raw_values(message, "sender") + raw_values(message, "reply-to"))
    return next((one for one in others if one.email), Address("", _name_only(fields)))


def _name_only(fields: list[str]) -> str:
    return next((one.name for one in parse_addresses(fields)), "")


def _date(message: Message, walk: Walk, now: datetime) -> datetime | None:
    value = raw_value(message, "date")
    date = parse_date(value)
    if date is None:
        walk.problem("the Date cannot be read" if value else "there is no Date")
    elif date.year < _EPOCH_YEARS[0]:
        walk.problem(f"the Date is long past ({date.year}): the time of receipt counts")
    elif (date - now).days >= 1:
        walk.problem(f"the Date lies in the future ({date.year}): the time of receipt counts")
    return date
