"""What a mail server answered, as bounces tell it: status code, reply code and the command that was refused.

Which command was refused decides what an answer means: "user unknown" said to RCPT TO is about the address,
said after the data it is as often a filter that wants to look like a missing mailbox.
"""

from __future__ import annotations

import re

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.\-/])([45]\d\d)(?=[\s\-:#,])")
_ANSWERED = re.compile(r"(?<![\d.])[45]\d\d[ \-]+['\"#(]{0,2}([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_COMMANDS = (
    (
        "DATA",
        r"in reply to (?:the )?(?:end of )?data|after (?:pipelined )?(?:end of data|data)\b|\(data\)|end of message",
    ),
    ("RCPT", r"in reply to (?:the )?rcpt|after (?:pipelined )?rcpt|our rcpt to|does not like recipient|smtp:rcpt"),
    ("MAIL", r"in reply to (?:the )?mail|after (?:pipelined )?mail|our mail from|does not like sender|smtp:mail"),
    ("EHLO", r"in reply to (?:the )?(?:ehlo|helo)|after (?:ehlo|helo)|our (?:ehlo|helo)"),
    ("CONN", r"after initial connection|refused to talk|connected to \S+ but greeting failed|while connecting"),
)
COMMANDS = tuple((name, re.compile(rf"(?i){pattern}")) for name, pattern in _COMMANDS)
_SPOKEN = re.compile(r"^[\s>]*(?:>>> ?|-+SMTP command\s+)(\w{4})", re.IGNORECASE | re.MULTILINE)
_HEARD = re.compile(r"^[\s>]*(?:<<<|in reply:)", re.IGNORECASE)


def status_of(field: str, detail: str) -> str:
    """The most telling status code (RFC 3463) of a Status field and the server's words, or "".

    A code that stands right behind a reply code is the remote server's own; a vague X.0.0 gives way.
    """
    field_code = _first(_STATUS, field)
    answered, loose = _first(_ANSWERED, detail), _first(_STATUS, detail)
    codes = [one for one in (field_code, answered, loose) if one]
    if not codes:
        return ""
    if answered and loose != answered and not _is_vague(answered):
        return answered
    return next((one for one in codes if not _is_vague(one)), codes[0])


def _is_vague(code: str) -> bool:
    return code.endswith(".0.0")


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group(1) if match else ""


def reply_of(text: str) -> str:
    """The SMTP reply code (RFC 5321, section 4.2) in a server's words, or ""."""
    return _first(_REPLY, text)


def command_of(text: str) -> str:
    """The command a refusal answered, as the report's own words tell: DATA, RCPT, MAIL, EHLO, CONN or ""."""
    return next((name for name, pattern in COMMANDS if pattern.search(text)), "")


def transcript_command(text: str, words: str) -> str:
    """The command of a transcript (">>> DATA", "<<< 550 …") whose answer holds `words`, or ""."""
    command, wanted = "", "".join(words.lower().split())
    for line in text.splitlines():
        holds = bool(wanted) and wanted in "".join(line.lower().split())
        if spoken := _SPOKEN.match(line):
            command = spoken.group(1).upper()
            if command == "RCPT" and holds:
                return command
        elif command and holds and _HEARD.match(line):
            return command
    return ""
