"""Bounces: which recipient a delivery report speaks of, with what status and why (RFC 3464, RFC 3463).

Reports in the standard form are read field by field; the many older forms by the phrases their programs use.
The reason is one of a small set of words. `permanent` is narrower than a 5xx code: it is true only where the
address or its host does not exist any more, so that writing there again is pointless; a full mailbox is not
permanent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from backstory.channels.email.addresses import normalise
from backstory.channels.email.bounce_reasons import PATTERNS
from backstory.channels.email.charsets import one_line
from backstory.channels.email.headers import raw_value, raw_values
from backstory.conversations.letters import BouncedRecipient

PERMANENT_REASONS = {"userunknown", "hostunknown", "hasmoved", "notaccept"}
MAX_TEXT = 40_000  # characters of the human part that are looked at
_MAX_RECIPIENTS = 200
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)[ \-]")
_EMAIL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-]{1,64}@[A-Za-z0-9.\-]{1,200}[A-Za-z0-9]"
_LISTED = re.compile(
    rf"(?im)^[\s>]{{0,8}}(?:\d{{3}}\s+|to\s+|(?:recipient\s+)?address:?\s+|recipient:?\s+|rcpt to:?\s*|"
    rf"(?:final|original)-recipient:\s*rfc822;\s*)?[<\"]?({_EMAIL})[>\"]?(?:\.\.\.|[:;,\s(.]|$)"
)
# Addresses and links hold words of their own ("userunknown@…", "…/policy") that say nothing about the reason.
_NOISE = re.compile(rf"{_EMAIL}|https?://\S+")
_NAMED = re.compile(
    rf"(?i)(?:message to|deliver(?:ed|y)? to|could not be delivered to|recipient|user|rcpt to|"
    rf"to)[: ]+<({_EMAIL})>"
)


@dataclass(frozen=True, slots=True)
class Report:
    """What a report is made of: its parsed fields, if it has any, and its human text."""

    blocks: tuple[Message, ...]
    text: str
    failed_header: str = ""
    feedback: Message | None = None


def recipients_of(report: Report) -> tuple[BouncedRecipient, ...]:
    """The recipients that failed or wait, each once; empty where none can be made out."""
    if report.feedback is not None:
        return _complained(report.feedback)
    found = [one for block in report.blocks if (one := _from_block(block, report.text)) is not None]
    if not found:
        found = [_from_text(email, report.text) for email in _addresses_in(report)]
    return tuple({one.email.lower(): one for one in reversed(found)}.values())[::-1][:_MAX_RECIPIENTS]


def _complained(feedback: Message) -> tuple[BouncedRecipient, ...]:
    """Recipients who called our mail unwanted (RFC 5965): the address works, so nothing is permanent."""
    named = [normalise(one_line(value)) for value in raw_values(feedback, "original-rcpt-to")]
    return tuple(BouncedRecipient(one, "", "feedback", False) for one in dict.fromkeys(named) if one)


def _from_block(block: Message, text: str) -> BouncedRecipient | None:
    final, original = (_typed(raw_value(block, name)) for name in ("final-recipient", "original-recipient"))
    email = normalise(original) or normalise(final)
    action = raw_value(block, "action").strip().lower()
    if email is None or action in {"delivered", "relayed", "expanded"}:
        return None
    diagnostic = _typed(raw_value(block, "diagnostic-code"))
    status = _status(raw_value(block, "status"), diagnostic)
    detail = diagnostic or _near(text, email)
    delayed = action == "delayed" or status.startswith("4")
    return _recipient(email, status, f"{status} {detail}", delayed)


def _typed(value: str) -> str:
    """The value of a field such as "rfc822; maya@example.com" without its type."""
    kind, semicolon, rest = value.partition(";")
    return one_line(rest if semicolon and len(kind) < 40 else value).strip("<> ")


def _status(field: str, diagnostic: str) -> str:
    """The status code; a vague X.0.0 gives way to a more telling one in the diagnostic."""
    codes = [match.group(1) for match in map(_STATUS.search, (field, diagnostic)) if match]
    precise = [code for code in codes if not code.endswith(".0.0")]
    return (precise or codes or [_from_reply(diagnostic)])[0]


def _from_reply(text: str) -> str:
    match = _REPLY.search(text)
    return f"{match.group(1)[0]}.0.0" if match else ""


def _recipient(email: str, status: str, detail: str, delayed: bool) -> BouncedRecipient:
    reason = reason_for(detail, delayed)
    return BouncedRecipient(email, status, reason, reason in PERMANENT_REASONS and not delayed)


def reason_for(detail: str, delayed: bool = False) -> str:
    """One word for why: see `bounce_reasons`; "expired" for a delay without more, "undefined" where nothing
    fits.
    """
    text = _NOISE.sub(" ", one_line(detail)[:4000])
    for reason, pattern in PATTERNS:
        if pattern.search(text):
            return reason
    return "expired" if delayed else "undefined"


def _near(text: str, email: str) -> str:
    """The sentences around the address in the human part."""
    report = _before_copy(text)
    at = report.lower().find(email.lower())
    return report[at + len(email) : at + 800] if at >= 0 else report[:1500]


def _from_text(email: str, text: str) -> BouncedRecipient:
    detail = _near(text, email)
    status = _status(detail, detail) or _status(_before_copy(text), _before_copy(text))
    delayed = status.startswith("4") or bool(
        re.search(r"(?i)warning|will (?:be )?retr|still trying|delayed", text[:800])
    )
    return _recipient(email, status, f"{status} {detail}", delayed)


def _addresses_in(report: Report) -> list[str]:
    header = [one for word in re.split(r"[,\s]+", report.failed_header) if (one := normalise(word))]
    if header:
        return header
    text = _before_copy(report.text)
    found = [normalise(one) for one in _LISTED.findall(text)] or [normalise(one) for one in _NAMED.findall(text)]
    return list(dict.fromkeys(one for one in found if one))[:_MAX_RECIPIENTS]


_COPY = re.compile(
    r"(?im)^[ \t>]*-{2,}.{0,20}(?:copy of|original|returned|unsent|undelivered|message headers|body).{0,80}$"
    r"|^\s*(?:return-path|received):"
)


def _before_copy(text: str) -> str:
    """The report without the copy of our own letter below it."""
    match = _COPY.search(text)
    return text[: match.start()] if match else text[:MAX_TEXT]
