"""Bounces without a report in fields: which addresses their text speaks of, and which words belong to which."""

from __future__ import annotations

import re

from backstory.channels.email.addresses import normalise

MAX_TEXT = 40_000  # characters of the human part that are looked at
MAX_RECIPIENTS = 200
ADDRESS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-]{1,64}@[A-Za-z0-9.\-]{1,200}[A-Za-z0-9]"
_ADDRESS = re.compile(ADDRESS)
_LISTED = re.compile(
    rf"(?im)^[\s>*]{{0,40}}(?:\d{{3}}\s+|to\s+|(?:recipient\s+)?address:?\s+|(?:addressed|sent) to:?\s+|"
    rf"(?:recipient|user|mailbox):?\s+|rcpt to:?\s*|"
    rf"(?:final|original)-recipient:\s*rfc822;\s*)?[<\"]?({ADDRESS})[>\"]?(?:\.\.\.|[:;,\s(.<]|$)"
)
_NAMED = re.compile(
    rf"(?i)(?:message to|deliver(?:ed|y|ing)?(?: your mail)? to|recipients?|user(?:id)?|rcpt|address(?:es)?|"
    rf"returned permanent errors|to)[: ]+[<\"]?({ADDRESS})"
)
_CONTACT = re.compile(
    rf"(?i)(?:contact|assistance|problems?|help|questions|send (?:e?-?mail|mail)|write) [^\n]{{0,40}}?[<\"]?({ADDRESS})"
)
_COPY = re.compile(
    r"(?im)^[ \t>*]*-{2,}.{0,20}(?:copy of|original|returned|unsent|undelivered|message headers?|header of|"
    r"below this|body).{0,80}$"
    r"|^\s*(?:return-path|received):|^\s*(?:original message(?: headers)?(?: follows)?|message headers follow|"
    r"included is a copy|original mail as follows|below is a copy|a copy of the original)\b.{0,60}$"
)
_COPIED_TO = re.compile(rf"(?im)^\s*to:[ \t]*(?:[^\n<]{{0,100}}<)?({ADDRESS})>?")
_POSTMASTER = re.compile(r"(?i)^(?:postmaster|mailer-daemon|abuse|hostmaster|support|noc)@")


def before_copy(text: str) -> str:
    """The report without the copy of our own letter below it."""
    match = _COPY.search(text, 1)
    return text[: min(match.start(), MAX_TEXT)] if match else text[:MAX_TEXT]


def failed_addresses(text: str, own: frozenset[str]) -> list[str]:
    """The addresses a report's text says failed; `own` are those of the report's header, named only in passing.

    Those at the start of a line count; else those named as recipients; else any; else whom the copied letter
    was for.
    """
    report = before_copy(text)
    passing = own | {one.lower() for one in _CONTACT.findall(report)}
    for source in (_LISTED.findall(report), _NAMED.findall(report), _ADDRESS.findall(report)):
        if found := _distinct(source, passing):
            return found
    return _distinct(_COPIED_TO.findall(text[len(report) : MAX_TEXT])[:1], frozenset())


def _distinct(found: list[str], passing: frozenset[str] | set[str]) -> list[str]:
    usable = [one for word in found if (one := normalise(word)) and one.lower() not in passing]
    kept = {one.lower(): one for one in usable if not _POSTMASTER.match(one)}
    return [one for key, one in kept.items() if not _is_shortened(key, kept)][:MAX_RECIPIENTS]


def _is_shortened(address: str, others: dict[str, str]) -> bool:
    """Whether a longer address begins with this one: a line break or a limit cut it."""
    return any(other.startswith((f"{address}.", f"{address}-")) for other in others)


def passages(text: str, emails: list[str]) -> dict[str, str]:
    """For each address, in lower case, the lines from where it is named up to where another one is.

    Where several are listed first and the reason follows for all, each gets what follows.
    """
    keys = [one.lower() for one in emails]
    report = before_copy(text)
    lines: dict[str, list[str]] = {key: [] for key in keys}
    current = ""
    for line in report.splitlines():
        lowered = line.lower()
        current = next((key for key in keys if key in lowered), "") or _by_domain(lowered, keys, current) or current
        if current:
            lines[current].append(line)
    return {key: "\n".join(own) if _tells(own) else _around(report, key) for key, own in lines.items()}


def _by_domain(line: str, keys: list[str], current: str) -> str:
    """The one address whose domain a line names, as transcripts do, when it is not the current one's."""
    named = [key for key in keys if re.search(rf"(?<![\w.-]){re.escape(key.rpartition('@')[2])}(?![\w-])", line)]
    domains = {key.rpartition("@")[2] for key in named}
    return named[0] if len(named) == 1 and current.rpartition("@")[2] not in domains else ""


def _tells(lines: list[str]) -> bool:
    """Whether there are words beside the address itself."""
    return len(re.findall(r"[^\W\d_]{3,}", _ADDRESS.sub("", "\n".join(lines)))) >= 2


def _around(report: str, key: str) -> str:
    at = report.lower().find(key)
    return report[max(0, at - 600) : at + 800] if at >= 0 else report[:2000]
