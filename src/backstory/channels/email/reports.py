"""Gathers what a delivery report is made of (RFC 3464, RFC 5965, RFC 6522) from the parts of a letter."""

from __future__ import annotations

import re
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from backstory.channels.email.addresses import parse_addresses
from backstory.channels.email.bounce import MAX_TEXT, Report
from backstory.channels.email.charsets import decode
from backstory.channels.email.headers import raw_value, raw_values
from backstory.channels.email.parts import Walk, content_type_of, inner_message, part_bytes

_MAX_ENCLOSED = 20  # parts of an enclosed letter looked at for a report inside


def report_of(message: Message, walk: Walk, text: str) -> Report:
    """What the letter says as a report; empty fields where it is none."""
    own = parse_addresses([value for name in ("to", "from", "sender") for value in raw_values(message, name)])
    returned = parse_addresses([value for copy in _copies(walk) for value in _intended(copy)])
    return Report(
        blocks=_blocks(walk),
        text=(text + _nested_text(walk))[:MAX_TEXT],
        failed_header=raw_value(message, "x-failed-recipients"),
        feedback=_feedback(walk),
        own=frozenset(one.email.lower() for one in own if one.email),
        returned_to=tuple(one.email for one in returned if one.email),
    )


def _nested_text(walk: Walk) -> str:
    """The text of an enclosed letter that is itself a report, as where a gateway wraps another server's."""
    for copy in _copies(walk)[:1]:
        part = next((one for one in list(copy.walk())[:_MAX_ENCLOSED] if one.get_content_type() == "text/plain"), None)
        text = decode(part_bytes(part)[0][:MAX_TEXT])[0] if part is not None else ""
        if re.search(r"(?i)transcript of (?:the )?session follows", text):
            return f"\n{text}"
    return ""


def _copies(walk: Walk) -> list[Message]:
    """The letters or headers that a report gives back."""
    enclosed = [inner for part in walk.embedded if (inner := inner_message(part)) is not None]
    headers = [part for part in walk.reports if content_type_of(part) == "text/rfc822-headers"]
    return enclosed + [BytesHeaderParser(policy=compat32).parsebytes(part_bytes(part)[0]) for part in headers[:1]]


def _intended(copy: Message) -> list[str]:
    return raw_values(copy, "x-hmxmroriginalrecipient") or raw_values(copy, "to")


def _blocks(walk: Walk) -> tuple[Message, ...]:
    """The blocks of fields about the letter and its recipients (RFC 3464, section 2.1)."""
    direct = [block for part in walk.reports for block in _blocks_in(part)]
    if direct:
        return tuple(direct)
    enclosed = [part for copy in _copies(walk)[:3] for part in list(copy.walk())[:_MAX_ENCLOSED]]
    return tuple(block for part in enclosed for block in _blocks_in(part))


def _blocks_in(part: Message) -> list[Message]:
    if content_type_of(part) not in {"message/delivery-status", "message/global-delivery-status"}:
        return []
    payload = part.get_payload()
    inner = payload if isinstance(payload, list) else [inner_message(part)]
    return [piece for one in inner if isinstance(one, Message) for piece in _per_recipient(one)]


def _per_recipient(block: Message) -> list[Message]:
    """The block, cut at each Final-Recipient where a sender forgot the blank line between recipients."""
    if len(block.get_all("final-recipient", ())) < 2:
        return [block]
    pieces = [Message()]
    for name, value in block.raw_items():
        if name.lower() == "final-recipient" and pieces[-1].get("final-recipient"):
            pieces.append(Message())
        pieces[-1][name] = value
    return pieces


def _feedback(walk: Walk) -> Message | None:
    """The fields of an abuse report (RFC 5965), or None."""
    for part in walk.reports:
        if content_type_of(part) == "message/feedback-report":
            return inner_message(part)
    return None
