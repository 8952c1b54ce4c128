"""Bounces: which recipient a delivery report speaks of, with what status and why (RFC 3464, RFC 3463).

Reports in the standard form are read field by field; the many older forms by the phrases their programs use.
The reason is one of a small set of words. `permanent` is narrower than a 5xx code: it is true only where the
address or its host does not exist any more, so that writing there again is pointless; a full mailbox is not
permanent, nor is "user unknown" where a filter may have said it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from backstory.channels.email.addresses import normalise
from backstory.channels.email.bounce_notices import notice_in, noticed
from backstory.channels.email.bounce_reasons import ADDRESS_STATUS, BY_STATUS, PATTERNS, PLAIN_UNKNOWN
from backstory.channels.email.bounce_smtp import command_of, reply_of, status_of, transcript_command
from backstory.channels.email.bounce_text import (
    ADDRESS,
    MAX_RECIPIENTS,
    MAX_TEXT,
    before_copy,
    failed_addresses,
    passages,
)
from backstory.channels.email.charsets import one_line
from backstory.channels.email.headers import raw_value, raw_values
from backstory.conversations.letters import BouncedRecipient

__all__ = ["MAX_TEXT", "PERMANENT_REASONS", "Report", "recipients_of"]

PERMANENT_REASONS = {"userunknown", "hostunknown", "hasmoved", "notaccept"}
_LATE = re.compile(r"(?i)warning|will (?:be )?retr|still trying|delayed|no (?:action|need to)|not yet been delivered")
# Addresses and links hold words of their own ("userunknown@…", "…/policy") that say nothing about the reason.
_NOISE = re.compile(rf"{ADDRESS}|https?://\S+")


@dataclass(frozen=True, slots=True)
class Report:
    """What a report is made of.

    `blocks` are its parsed fields, `text` its human part, `own` the addresses in its own header and
    `returned_to` those the enclosed letter was for.
    """

    blocks: tuple[Message, ...]
    text: str
    failed_header: str = ""
    feedback: Message | None = None
    own: frozenset[str] = frozenset()
    returned_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is known of one failed recipient: the server's `words`, the `command` they answered, and whether the
    report is in fields (`formal`), speaks of a `program` instead of a server, or only of a delay (`late`)."""

    email: str
    status: str
    words: str
    command: str = ""
    formal: bool = False
    program: bool = False
    late: bool = False


def recipients_of(report: Report) -> tuple[BouncedRecipient, ...]:
    """The recipients that failed or wait, each once; empty where none can be made out."""
    if report.feedback is not None:
        return _complained(report)
    if (notice := notice_in(report.text)) is not None:
        refusals = [Refusal(*one, command="RCPT", formal=True, late=one[2] == "delivered") for one in noticed(notice)]
    else:
        refusals = _from_blocks(report) or _from_text(report)
    found = {one.email.lower(): _recipient(one) for one in reversed(refusals)}
    return tuple(found.values())[::-1][:MAX_RECIPIENTS]


def _complained(report: Report) -> tuple[BouncedRecipient, ...]:
    """Recipients who called our mail unwanted (RFC 5965): the address works, so nothing is permanent."""
    feedback = report.feedback
    fields = ("original-rcpt-to", "removal-recipient", "redacted-address") if feedback is not None else ()
    named = [normalise(_typed(value)) for name in fields for value in raw_values(feedback, name)]  # type: ignore[arg-type]
    people = [one for one in named if one] or list(report.returned_to[:1])
    return tuple(BouncedRecipient(one, "", "feedback", False) for one in dict.fromkeys(people))


def _from_blocks(report: Report) -> list[Refusal]:
    """One refusal for each block of fields about a recipient, with what the human part says of the address."""
    known = [(block, email) for block in report.blocks if (email := _failed_in(block))]
    texts = passages(report.text, [email for _, email in known])
    return [_from_block(block, email, texts[email.lower()], report.text) for block, email in known]


def _failed_in(block: Message) -> str | None:
    if raw_value(block, "action").strip().lower() in {"delivered", "relayed", "expanded"}:
        return None
    names = ("original-recipient", "final-recipient", "x-actual-recipient")
    return next((one for name in names if (one := normalise(_typed(raw_value(block, name))))), None)


def _from_block(block: Message, email: str, passage: str, text: str) -> Refusal:
    code = raw_value(block, "diagnostic-code")
    words = _typed(code)
    status = status_of(raw_value(block, "status"), words or passage)
    told = command_of(words) or command_of(passage) or transcript_command(text, words[:60])
    late = raw_value(block, "action").strip().lower() == "delayed"
    program = code.partition(";")[0].strip().lower() == "x-unix"
    return Refusal(email, status or _from_reply(words), words or passage, told, True, program, late)


def _typed(value: str) -> str:
    """The value of a field such as "rfc822; maya@example.com" without its type."""
    kind, semicolon, rest = value.partition(";")
    return one_line(rest if semicolon and len(kind) < 40 else value).strip("<> ")


def _from_reply(text: str) -> str:
    reply = reply_of(text)
    return f"{reply[0]}.0.0" if reply else ""


def _from_text(report: Report) -> list[Refusal]:
    """Refusals told in words alone."""
    header = [one for word in re.split(r"[,\s]+", report.failed_header) if (one := normalise(word))]
    emails = header or failed_addresses(report.text, report.own) or list(report.returned_to[:1])
    texts = passages(report.text, emails)
    return [_told(email, texts[email.lower()], report.text) for email in emails]


def _told(email: str, passage: str, text: str) -> Refusal:
    whole = before_copy(text)
    status = status_of("", passage) or status_of("", whole) or _from_reply(passage) or _from_reply(whole)
    command = command_of(passage) or transcript_command(whole, email) or command_of(whole)
    return Refusal(email, status, passage, command, late=status.startswith("4") or bool(_LATE.search(text[:800])))


def _recipient(refusal: Refusal) -> BouncedRecipient:
    reason = reason_for(refusal)
    tried_later = reason == "notaccept" and refusal.status.startswith("4")
    permanent = reason in PERMANENT_REASONS and not (refusal.late or tried_later)
    return BouncedRecipient(refusal.email, refusal.status, reason, permanent, refusal.late)


def reason_for(refusal: Refusal) -> str:
    """One word for why: see `bounce_reasons`; "expired" for a delay without more, "undefined" where nothing
    fits.
    """
    text = f"{refusal.status} {_NOISE.sub(' ', one_line(refusal.words)[:4000])}".strip().lower()
    reason = next((word for word, pattern in PATTERNS if pattern.search(text)), "")
    if not reason:
        return "expired" if refusal.late else BY_STATUS.get(refusal.status[1:4], "undefined")
    if refusal.program and reason != "mailboxfull":
        return "mailererror"
    if refusal.command == "MAIL" and reason in PERMANENT_REASONS:
        return "rejected"  # the words are about the sender
    if reason == "hostunknown" and refusal.status.startswith("4"):
        return "networkerror"  # name servers that do not answer for now
    return "filtered" if reason == "userunknown" and _is_doubtful(refusal) else reason


def _is_doubtful(refusal: Refusal) -> bool:
    """Whether "user unknown" may be a filter's pretence: said after the letter itself, with a status of policy, or
    as a bare reply without status in a report that does not say what it answered."""
    if ADDRESS_STATUS.fullmatch(refusal.status) or PLAIN_UNKNOWN.search(refusal.words):
        return False
    if refusal.command:
        return refusal.command != "RCPT"
    vague = refusal.status.endswith(".0.0") and not refusal.formal
    vague = vague or (not refusal.status and bool(reply_of(refusal.words)))
    return vague or refusal.status.startswith(("4.7.", "5.7."))
