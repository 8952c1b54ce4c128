"""What the person newly wrote, apart from quoted history and signature, in plain text.

Three ways programs quote are told apart: lines marked with ">" (the reply may stand above, below or between
them), an attribution or header block after which everything is history, and nothing at all. What is not
surely history stays visible. Where only a forwarded letter is there, that letter is what the person sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from backstory.channels.email import quote_marks as marks
from backstory.channels.email.quote_signature import HTML_SIGNATURE, is_device_line, split_signature

_MAX_LINE = 300  # characters of a line that can still be a mark
_MAX_LINES = 3_000  # lines that are looked at; a reply is at one of the ends of far fewer
_MAX_HEADERS = 14  # lines of a header block
_OURS = str.maketrans("", "", marks.HTML_QUOTE + marks.HTML_RULE + HTML_SIGNATURE)
_CLOCK = re.compile(r"\d{1,2}[:.h]\d\d")


@dataclass(frozen=True, slots=True)
class Split:
    """Three texts, each without surrounding blank lines: `reply`, `quoted` history and `signature`."""

    reply: str
    quoted: str
    signature: str


def split(text: str) -> Split:
    """Split the plain text of a message; every line lands in exactly one of the three."""
    return split_marked(text.translate(_OURS))


def split_marked(text: str) -> Split:
    """As `split`, for text in which `HTML_QUOTE` and `HTML_RULE` stand where the HTML quotes and rules."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", _MAX_LINES)
    fresh, quoted = _separate([part for line in lines for part in _unshared(line)])
    body, signature = split_signature(fresh)
    if not _wrote(body) and _is_forward(quoted):
        return Split(_join(lines), "", "")
    return Split(_join(body), _join(quoted), _join(signature))


def _unshared(line: str) -> list[str]:
    """The line, or two where an attribution stands on the same line as the reply."""
    match = marks.SHARED_LINE.match(line) if len(line) <= _MAX_LINE and line.rstrip().endswith(":") else None
    return [match["reply"], match["attribution"]] if match else [line]


def _join(lines: list[str]) -> str:
    kept = (line for line in lines if line.strip() not in {marks.HTML_RULE, HTML_SIGNATURE})
    return "\n".join(kept).translate(_OURS).strip("\n ").rstrip()


def _wrote(lines: list[str]) -> bool:
    """Whether the person wrote anything: a line of a telephone's and rules are not writing."""
    return any(line.strip() and not marks.RULE.match(line) and not is_device_line(line) for line in lines)


def _is_forward(quoted: list[str]) -> bool:
    beginning = islice((line for line in quoted if line.strip()), 3)
    return any(len(line) < 150 and marks.FORWARD.search(marks.bare(line)) for line in beginning)


def _separate(lines: list[str]) -> tuple[list[str], list[str]]:
    """Lines of the reply and lines of history."""
    fresh: list[str] = []
    quoted: list[str] = []
    index, wrote = 0, False
    while index < len(lines):
        length, swallows = _mark_at(lines, index)
        if not length:
            is_quoted = _is_quoted(lines, index, bool(quoted))
            (quoted if is_quoted else fresh).append(lines[index])
            wrote = wrote or (not is_quoted and _wrote(lines[index : index + 1]))
            index += 1
            continue
        _move_rules(fresh, quoted)
        quoted += lines[index : index + length]
        index += length
        if swallows and (wrote or _is_forward(quoted)):
            return fresh, quoted + lines[index:]
    return fresh, quoted


def _is_quoted(lines: list[str], index: int, in_history: bool) -> bool:
    """A line marked with ">"; a single one amid plain lines is an arrow the person drew."""
    line = lines[index]
    around = [lines[at] for at in (index - 1, index + 1) if 0 <= at < len(lines)]
    if not marks.QUOTED_LINE.match(line):
        torn = in_history and len(around) == 2 and all(marks.QUOTED_LINE.match(one) for one in around)
        return torn and bool(marks.LINK_REMNANT.match(line[:_MAX_LINE]))
    if in_history or line.startswith(marks.HTML_QUOTE):
        return True
    return len(around) < 2 or any(not one.strip() or marks.QUOTED_LINE.match(one) for one in around)


def _move_rules(fresh: list[str], quoted: list[str]) -> None:
    """A line of dashes or blanks right above the history belongs to it."""
    start = len(fresh)
    while start and (not fresh[start - 1].strip() or marks.RULE.match(fresh[start - 1][:_MAX_LINE])):
        start -= 1
    quoted += fresh[start:]
    del fresh[start:]


def _mark_at(lines: list[str], index: int) -> tuple[int, bool]:
    """How many lines from `index` on introduce history (0: none), and whether all that follows is history."""
    line = lines[index]
    if not line.strip() or len(line) > _MAX_LINE:
        return 0, False
    read = marks.bare(line)
    if is_divider(line):
        return 1 + _header_block(lines, index + 1), True
    if marks.REPLY_ABOVE.match(read) or marks.NOTES.match(read):
        return 1, True
    if block := _header_block(lines, index):
        return block, True
    if length := _attribution(lines, index):
        return length, not _marked_quote_follows(lines, index + length)
    return 0, False


def is_divider(line: str) -> bool:
    """Whether a line says "original message" or "forwarded message" between dashes, or the latter alone."""
    read = marks.INVISIBLE.sub("", line).strip(" \t>*" + marks.HTML_QUOTE)
    if not 5 < len(read) < 150:
        return False
    if marks.COLON_END.search(read) and marks.PLAIN_DIVIDER.match(read):
        return True
    if not marks.DASHED.match(read):
        return False
    return bool(marks.DIVIDER.match(read) or (marks.verb_in(read) and marks.DASHED_ATTRIBUTION.match(read)))


def _header_block(lines: list[str], index: int) -> int:
    """Lines of a block such as From/Sent/To/Subject; at least two header lines, one of them the sender's."""
    end = index
    while end < len(lines) and end - index < 3 and (not lines[end].strip() or lines[end].strip() == marks.HTML_RULE):
        end += 1
    start, senders, headers = end, 0, 0
    if start >= len(lines) or not marks.COLON.search(lines[start][:60]):
        return 0
    while end < len(lines) and end - start < _MAX_HEADERS and lines[end].strip():
        read = marks.bare(lines[end][:_MAX_LINE])
        if marks.HEADER_LINE.match(read):
            headers += 1
            senders += bool(marks.FROM_LINE.match(read))
        elif not headers or headers >= 3:
            break
        end += 1
    block = [marks.bare(line[:_MAX_LINE]) for line in lines[start:end]]
    return end - index if block and _is_header_block(block, headers, senders, _after_rule(lines, start)) else 0


def _is_header_block(block: list[str], headers: int, senders: int, after_rule: bool) -> bool:
    if not marks.HEADER_LINE.match(block[0]):
        return False
    from_first = bool(marks.FROM_LINE.match(block[0]))
    text = " ".join(block)
    moment = bool(_CLOCK.search(text))
    if headers == 1:  # all on one line, as bold type without breaks comes out
        return after_rule and from_first and "@" in text and moment
    pair = headers == 2 and len(block) == 2 and "@" in text and moment
    named = "@" in text or any(marks.SUBJECT_LINE.match(line) for line in block)
    complete = (headers >= 3 and named) or pair or (headers == 2 and from_first and named)
    return complete and (bool(senders) or pair)


def _after_rule(lines: list[str], index: int) -> bool:
    above = [line for line in lines[max(0, index - 3) : index] if line.strip()]
    return bool(above) and bool(marks.RULE.match(above[-1]))


def _attribution(lines: list[str], index: int) -> int:
    """Lines of "On Monday, Maya wrote:", which programs wrap over up to four lines, rarely with blanks between."""
    ends = "".join([line[-12:] for line in lines[index : index + 8]])
    if ":" not in ends and "：" not in ends:
        return _without_colon(lines, index)
    dated = marks.LEADING.match(marks.bare(lines[index])) and marks.MOMENT.search(lines[index])
    quoted = bool(marks.QUOTED_LINE.match(lines[index]))
    joined = ""
    for length, line in enumerate(lines[index : index + (8 if dated else 4)], start=1):
        if not line.strip() and dated and length > 1:
            continue
        if not line.strip() or (bool(marks.QUOTED_LINE.match(line)) != quoted and not dated):
            break
        joined = f"{joined} {marks.bare(line) if length == 1 or quoted else line.strip()}".strip()
        if len(joined) > _MAX_LINE:
            break
        if marks.COLON_END.search(marks.INVISIBLE.sub("", joined)):
            follows = _marked_quote_follows(lines, index + length)
            found = _is_attribution(marks.bare(joined), follows) and not _starts_later(lines, index, length, follows)
            return length if found else 0
    return _without_colon(lines, index)


def _without_colon(lines: list[str], index: int) -> int:
    """One line with a date and an address above marked lines."""
    if "@" not in lines[index]:
        return 0
    read = marks.bare(lines[index])
    told = marks.MOMENT.search(read) and marks.ADDRESS.search(read) and marks.LEADING.match(read)
    return 1 if told and _marked_quote_follows(lines, index + 1, near=True) else 0


def _is_attribution(line: str, quote_follows: bool) -> bool:
    moment, address = marks.MOMENT.search(line), marks.ADDRESS.search(line)
    verb = marks.verb_in(line)
    if verb and not address and marks.OWN_VERB.search(line):
        return False
    if not verb:
        leads = marks.LEADING.match(line) or quote_follows
        return bool(moment and leads and marks.ENDS_WITH_ADDRESS.search(line))
    if address:
        return bool(moment) or bool(marks.NAME_AND_ADDRESS.match(line))
    if moment and marks.LEADING.match(line):
        return quote_follows or bool(_CLOCK.search(line)) or len(line) < 120
    if marks.NAME_FIRST.match(line) and _CLOCK.search(line):
        return True
    return quote_follows and len(line) < 120 and (bool(moment) or len(line[: verb.start()].split()) <= 4)


def _starts_later(lines: list[str], index: int, length: int, follows: bool) -> bool:
    """Whether the first of several lines is still the reply: the lines below make an attribution alone."""
    first = marks.bare(lines[index])
    if length > 1 and not (marks.LEADING.match(first) or marks.MOMENT.search(first) or marks.ADDRESS.search(first)):
        return True
    for start in range(index + 1, index + length):
        rest = " ".join(marks.bare(line) for line in lines[start : index + length])
        if marks.LEADING.match(rest) and _is_attribution(rest, follows):
            return True
    return False


def _marked_quote_follows(lines: list[str], index: int, near: bool = False) -> bool:
    following = [line for line in lines[index : index + 12] if line.strip()][: 1 if near else 2]
    return any(marks.QUOTED_LINE.match(line) for line in following)
