"""Letters that somebody passed on: the original inside, whether enclosed (message/rfc822) or written out below a block
of header lines, and the words of whoever passed it on.

Pure: whether the sender is somebody whose forwards are to be opened like this is for the caller to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backstory.channels.email import quote_marks as marks
from backstory.channels.email import quote_phrases as phrases
from backstory.channels.email.parse import Parsed, parse_bytes
from backstory.channels.email.quote import split
from backstory.conversations.letters import Address, Forward, Inbound, InboundAttachment
from backstory.conversations.rules import bare_subject, is_answer_subject, is_forward_subject

WRITTEN_OUT = 0.9
"""How sure the author of an original is that was read from the text of the forward."""
MOST = 50
"""So many enclosed letters are taken; what is beyond them stays a file of the first."""
_LOOKED_AT = 200_000  # characters in which a block of header lines is looked for
_MOST_CONTINUED = 8  # unlabelled lines of one block, such as a long list of recipients
_FEWEST_LABELS = 3

_LABEL = re.compile(
    rf"^[\s>*_|]*(?:(?P<subject>{marks.any_of(phrases.SUBJECT)})|(?P<sender>{marks.any_of(phrases.FROM)})"
    rf"|(?P<other>{marks.any_of(phrases.OTHERS)}))\s?[*_]{{0,2}}\s?[:：][*_]{{0,2}}\s*(?P<value>.*)$",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s<>\"(),:;\[\]\\]{1,64}@[^\s<>\"(),:;\[\]\\]{1,255}[^\s<>\"(),:;\[\]\\.]")


@dataclass(frozen=True, slots=True)
class Original:
    """A letter inside a forward: from whom, what, and the words around it. Where all of it came along, `enclosed` is
    the parsed original and `file` the attachment that it is."""

    sender: Address
    subject: str
    text: str
    words: str
    enclosed: Parsed | None = None
    file: InboundAttachment | None = None


def originals_in(parsed: Parsed) -> list[Original]:
    """The letters that this one passes on, in their order: all that are enclosed, else the one written out. None
    whose author cannot be made out."""
    enclosed = [found for file in parsed.attachments if (found := _enclosed(parsed, file)) is not None]
    if enclosed:
        return enclosed[:MOST]
    written = _written_out(parsed)
    return [written] if written else []


def _enclosed(parsed: Parsed, file: InboundAttachment) -> Original | None:
    inner = parse_bytes(file.data) if file.content_type == "message/rfc822" else None
    if inner is None or not inner.sender.email or inner.auto == "bounce":
        return None
    return Original(inner.sender, inner.subject, inner.text, parsed.parts.reply, inner, file)


def _written_out(parsed: Parsed) -> Original | None:
    lines = parsed.text[:_LOOKED_AT].split("\n")
    found = next((block for start in range(len(lines)) if (block := _block_at(lines, start)) is not None), None)
    if found is None:
        return None
    divider = found.start > 0 and _is_divider(_line_before(lines, found.start))
    if not _is_forward(parsed.subject, lines[: found.start], divider):
        return None
    before = _without_divider(lines[: found.start])
    body = [_unquoted(line) for line in lines[found.end :]] if found.quoted else lines[found.end :]
    subject = found.subject or bare_subject(parsed.subject)
    return Original(found.sender, subject, "\n".join(body).strip(), split("\n".join(before).strip()).reply)


def _is_forward(subject: str, before: list[str], divider: bool) -> bool:
    """A block of header lines alone may be the history of an answer; a forward says so, or at least is no answer."""
    if is_forward_subject(subject) or any(marks.FORWARD.search(line) for line in before[-4:]):
        return True
    return divider and not is_answer_subject(subject)


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    end: int
    sender: Address
    subject: str
    quoted: bool


def _block_at(lines: list[str], start: int) -> _Block | None:
    """The block of header lines that begins in this line, if there is one with an author."""
    if not _LABEL.match(lines[start]):
        return None
    values: dict[str, str] = {}
    labels, continued, end = 0, 0, start
    for end in range(start, min(len(lines), start + 40)):
        match = _LABEL.match(lines[end])
        if match is not None:
            labels += 1
            values.setdefault(_kind(match), match["value"])
        elif not lines[end].strip(" \t>*|") or continued >= _MOST_CONTINUED:
            break
        else:
            continued += 1
    else:
        end += 1
    sender = _person(values.get("sender", ""))
    if labels < _FEWEST_LABELS or sender is None:
        return None
    return _Block(start, end, sender, _plain(values.get("subject", "")), lines[start].lstrip().startswith(">"))


def _kind(match: re.Match[str]) -> str:
    return next(name for name in ("sender", "subject", "other") if match[name] is not None)


def _person(value: str) -> Address | None:
    found = _EMAIL.search(value)
    if found is None:
        return None
    name = re.split(r"[<\[(]", value[: found.start()].replace("mailto:", ""))[0]
    local, _, domain = found.group(0).rpartition("@")
    return Address(f"{local}@{domain.lower()}", _plain(name).strip("\"'"))


def _plain(value: str) -> str:
    return " ".join(value.replace("*", " ").split())


def _line_before(lines: list[str], start: int) -> str:
    return next((line for line in reversed(lines[:start]) if line.strip(" \t>")), "")


def _is_divider(line: str) -> bool:
    """A line of a mail program's between the forwarder's words and the original: dashes, or a phrase of its own."""
    return len(line) <= 120 and bool(
        marks.DASHED.match(line.strip(" \t>*")) or marks.PLAIN_DIVIDER.match(marks.bare(line))
    )


def _without_divider(before: list[str]) -> list[str]:
    """The forwarder's own lines: without what the mail program wrote between them and the original."""
    kept = list(before)
    while kept and (not kept[-1].strip(" \t>") or _is_divider(kept[-1])):
        kept.pop()
    return kept


def _unquoted(line: str) -> str:
    return re.sub(r"^\s?>\s?", "", line)


def inbound_from(parsed: Parsed, outer: Inbound, originals: Sequence[Original]) -> list[Inbound]:
    """The originals as the letters that came, with who passed them on beside them. `outer` is the forward as it came:
    its words and its other files go with the first."""
    by = Address(parsed.sender.email, parsed.sender.name)
    first, *others = originals
    if first.enclosed is None:
        return [_from_written_out(outer, first, by)]
    taken = [original.file for original in originals]
    loose = tuple(one for one in outer.attachments if all(one is not file for file in taken))
    letters = [_from_enclosed(outer, first, Forward(by, first.words, outer.message_id), loose)]
    return [*letters, *(_from_enclosed(outer, one, Forward(by, "", outer.message_id), ()) for one in others)]


def _from_written_out(outer: Inbound, original: Original, by: Address) -> Inbound:
    parts = split(original.text)
    bare = not parts.reply
    return replace(
        outer,
        subject=original.subject,
        from_name=original.sender.name,
        from_address=original.sender.email,
        customer_name=original.sender.name,
        reply_to=(),
        sent_at=None,
        text=original.text if bare else parts.reply,
        quoted="" if bare else parts.quoted,
        signature="" if bare else parts.signature,
        forward=Forward(by, original.words, confidence=WRITTEN_OUT),
    )


def _from_enclosed(
    outer: Inbound, original: Original, forward: Forward, loose: tuple[InboundAttachment, ...]
) -> Inbound:
    assert original.enclosed is not None and original.file is not None
    letter = original.enclosed.to_inbound(received_at=outer.received_at)
    return replace(
        letter,
        attachments=(*letter.attachments, *loose),
        problems=tuple(dict.fromkeys((*letter.problems, *outer.problems))),
        reply_token=outer.reply_token,
        forward=replace(forward, source=original.file.data),
    )
