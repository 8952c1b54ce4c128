"""What the person newly wrote, apart from quoted history and signature, in plain text.

Three ways programs quote are told apart: lines marked with ">" (the reply may stand above, below or between
them), an attribution or header block after which everything is history, and nothing at all. Where nothing
but history is there, as in a bare forward, the reply is empty and the caller falls back to the whole text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from backstory.channels.email import quote_marks as marks

_MAX_LINE = 300  # characters of a line that can still be a mark
_MAX_LINES = 5_000  # lines that are looked at; a reply is at one of the ends of far fewer
_DASH_NAME = re.compile(r"^\s*(?:[-–—]{1,2}|/)[^\W\d_]\w+(?:\s[^\W\d_][\w.]*){0,2}\s*$")


@dataclass(frozen=True, slots=True)
class Split:
    """Three texts, each without surrounding blank lines: `reply`, `quoted` history and `signature`."""

    reply: str
    quoted: str
    signature: str


def split(text: str) -> Split:
    """Split the plain text of a message; every line lands in exactly one of the three."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", _MAX_LINES)
    fresh, quoted = _separate([part for line in lines for part in _unshared(line)])
    body, signature = _split_signature(fresh)
    return Split(_join(body), _join(quoted), _join(signature))


def _unshared(line: str) -> list[str]:
    """The line, or two where an attribution stands on the same line as the reply."""
    match = marks.SHARED_LINE.match(line) if len(line) <= _MAX_LINE and line.rstrip().endswith(":") else None
    return [match["reply"].rstrip("- "), match["attribution"]] if match else [line]


def _join(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n ").rstrip()


def _separate(lines: list[str]) -> tuple[list[str], list[str]]:
    """Lines of the reply and lines of history."""
    fresh: list[str] = []
    quoted: list[str] = []
    index = 0
    while index < len(lines):
        length, swallows = _mark_at(lines, index)
        if not length:
            (quoted if _is_quoted(lines, index, bool(quoted)) else fresh).append(lines[index])
            index += 1
            continue
        _move_rules(fresh, quoted)
        quoted += lines[index : index + length]
        index += length
        if swallows and _has_text(fresh):
            return fresh, quoted + lines[index:]
    return fresh, quoted


def _is_quoted(lines: list[str], index: int, in_history: bool) -> bool:
    """A line marked with ">"; a single one amid plain lines is an arrow the person drew."""
    if not marks.QUOTED_LINE.match(lines[index]):
        return False
    if in_history:
        return True
    around = [lines[at] for at in (index - 1, index + 1) if 0 <= at < len(lines)]
    return len(around) < 2 or any(not line.strip() or marks.QUOTED_LINE.match(line) for line in around)


def _has_text(lines: list[str]) -> bool:
    return any(line.strip() for line in lines)


def _move_rules(fresh: list[str], quoted: list[str]) -> None:
    """A line of dashes or blanks right above the history belongs to it."""
    taken: list[str] = []
    while fresh and (not fresh[-1].strip() or marks.RULE.match(fresh[-1])):
        taken.insert(0, fresh.pop())
    quoted += taken


def _mark_at(lines: list[str], index: int) -> tuple[int, bool]:
    """How many lines from `index` on introduce history (0: none), and whether all that follows is history."""
    line = lines[index]
    if not line.strip() or len(line) > _MAX_LINE:
        return 0, False
    if _is_divider(line):
        return 1 + _header_block(lines, index + 1), True
    if block := _header_block(lines, index):
        return block, True
    if length := _attribution(lines, index):
        return length, not _marked_quote_follows(lines, index + length)
    return 0, False


def _is_divider(line: str) -> bool:
    if not 6 < len(line.strip(" >*-_=")) < 120:
        return False
    return bool(marks.DIVIDER.match(line) or marks.PLAIN_DIVIDER.match(line))


def _header_block(lines: list[str], index: int) -> int:
    """Lines of a block such as From/Sent/To/Subject; at least two header lines, one of them the sender's."""
    end = index
    while end < len(lines) and end - index < 3 and not lines[end].strip():
        end += 1
    start, senders, headers = end, 0, 0
    while end < len(lines) and end - start < 14 and lines[end].strip():
        if marks.HEADER_LINE.match(lines[end][:_MAX_LINE]):
            headers += 1
            senders += bool(marks.FROM_LINE.match(lines[end][:_MAX_LINE]))
        elif not headers or headers >= 3:
            break
        end += 1
    first_is_header = start < len(lines) and marks.HEADER_LINE.match(lines[start][:_MAX_LINE])
    pair = headers == 2 and _date_and_address(lines[start:end])
    complete = headers >= 3 or pair or (headers == 2 and senders and marks.FROM_LINE.match(lines[start][:_MAX_LINE]))
    return end - index if first_is_header and (senders or pair) and complete else 0


def _date_and_address(block: list[str]) -> bool:
    """Two header lines are few: then one must hold a time of day and the other an address."""
    text = " ".join(block)
    return len(block) == 2 and "@" in text and bool(re.search(r"\d{1,2}:\d\d", text))


def _attribution(lines: list[str], index: int) -> int:
    """Lines of "On Monday, Maya wrote:", which programs wrap over up to four lines."""
    quoted = bool(marks.QUOTED_LINE.match(lines[index]))
    joined = ""
    for length, line in enumerate(lines[index : index + 4], start=1):
        if not line.strip() or bool(marks.QUOTED_LINE.match(line)) != quoted:
            break
        joined = f"{joined} {line.strip().lstrip('>').strip()}".strip()
        if len(joined) > _MAX_LINE:
            break
        if joined.rstrip("* ").endswith((":", "：")):
            return length if _is_attribution(joined) and not _starts_later(lines, index, length) else 0
    return 1 if marks.DATED_BARE.match(lines[index]) and _marked_quote_follows(lines, index + 1) else 0


def _is_attribution(line: str) -> bool:
    if not (marks.VERB.search(line) or "@" in line):
        return False
    matches = marks.ATTRIBUTION.match(line) or marks.DATED.match(line)
    return bool(matches) and _is_dated_or_addressed(line)


def _starts_later(lines: list[str], index: int, length: int) -> bool:
    """Whether the first of several lines is still the reply: the lines below make an attribution alone."""
    if length > 1 and not _is_dated_or_addressed(lines[index]) and not marks.LEADING.match(lines[index]):
        return True
    for start in range(index + 1, index + length):
        rest = " ".join(line.strip() for line in lines[start : index + length])
        if marks.LEADING.match(rest) and _is_attribution(rest):
            return True
    return False


def _is_dated_or_addressed(line: str) -> bool:
    return "@" in line or any(character.isdigit() for character in line)


def _marked_quote_follows(lines: list[str], index: int) -> bool:
    following = [line for line in lines[index : index + 12] if line.strip()][:2]
    return any(marks.QUOTED_LINE.match(line) for line in following)


def _split_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines of the body and those of the signature, which starts at its first mark."""
    trimmed = _without_blank_end(lines)
    for index, line in enumerate(trimmed):
        if len(line) <= _MAX_LINE and _starts_signature(trimmed, index):
            return trimmed[:index], trimmed[index:]
    return trimmed, []


def _without_blank_end(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[:end]


def _starts_signature(lines: list[str], index: int) -> bool:
    line, left = lines[index], len(lines) - index
    if not _has_text(lines[:index]):
        return False
    if marks.SIGNATURE_DASHES.match(line) or marks.LIST_FOOTER.match(line):
        return True
    if marks.SENT_FROM.match(line):
        return left <= 6
    if marks.CLOSING.match(line):
        return left <= 10 and all(len(rest) <= 100 for rest in lines[index:])
    return left == 1 and not lines[index - 1].strip() and bool(_DASH_NAME.match(line))
