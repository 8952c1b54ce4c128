"""The tree of parts: which parts are the text, which the HTML, which are attachments (RFC 8621, section
4.1.4).
"""

from __future__ import annotations

import binascii
import mimetypes
import quopri
import re
from dataclasses import dataclass, field
from email.generator import BytesGenerator
from email.message import Message
from email.policy import compat32
from io import BytesIO
from typing import NamedTuple

from backstory.channels.email import smime, tnef
from backstory.channels.email.charsets import clean, decode, one_line
from backstory.channels.email.filenames import safe_name
from backstory.channels.email.headers import decode_base64, parameter, raw_value, text_value
from backstory.channels.email.invitation import describe
from backstory.channels.email.markup import to_text
from backstory.channels.email.structure import tree_of
from backstory.conversations.letters import InboundAttachment

MAX_DEPTH = 100  # levels of nesting that are opened; what lies deeper stays in the original
MAX_ATTACHMENTS = 500
_CONTENT_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80}")
_MEDIA = ("image/", "audio/", "video/")
_TEXTS = ("text/plain", "text/html")
_CALENDARS = {"text/calendar", "application/ics", "text/x-vcalendar"}


@dataclass
class Walk:
    """What a walk over the parts found: text parts, HTML parts (in order of reading) and attachments.

    `readings` are what calendars and Outlook's packages say, for letters without a text of their own.
    """

    texts: list[Message] = field(default_factory=list)
    htmls: list[Message] = field(default_factory=list)
    attachments: list[InboundAttachment] = field(default_factory=list)
    reports: list[Message] = field(default_factory=list)
    embedded: list[Message] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def problem(self, text: str) -> None:
        """Note a problem once."""
        if text and text not in self.problems:
            self.problems.append(text)


def walk_parts(message: Message) -> Walk:
    """Sort the parts of `message`; never raises, whatever the structure."""
    found = Walk()
    _visit([message], Place("mixed", False, 0), found, (found.texts, found.htmls))
    return found


Bodies = tuple[list[Message] | None, list[Message] | None]


class Place(NamedTuple):
    """Where in the tree: the kind of the multipart around, whether an alternative is above, the depth."""

    kind: str
    in_alternative: bool
    depth: int


def _visit(parts: list[Message], place: Place, found: Walk, bodies: Bodies) -> None:
    texts, htmls = bodies
    before = len(texts or ()), len(htmls or ())
    for index, part in enumerate(parts):
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            found.problem(smime.note_on(part))
            _descend(part, place, found, (texts, htmls))
        elif content_type_of(part) in smime.TYPES:
            _open_signed(part, place, found, (texts, htmls))
        elif _is_shown(part, index, place.kind):
            texts, htmls = _show(part, place, found, (texts, htmls))
        else:
            _attach(part, found)
    if place.kind == "alternative" and texts is not None and htmls is not None:
        _fill_gaps(texts, htmls, before)


def _descend(part: Message, place: Place, found: Walk, bodies: Bodies) -> None:
    if place.depth >= MAX_DEPTH:
        found.problem(f"nested deeper than {MAX_DEPTH} levels: the rest is only in the original")
        return
    kind = part.get_content_subtype()
    children = [child for child in part.get_payload() if isinstance(child, Message)]
    in_alternative = place.in_alternative or kind == "alternative"
    _visit(children, Place(kind, in_alternative, place.depth + 1), found, bodies)


def _open_signed(part: Message, place: Place, found: Walk, bodies: Bodies) -> None:
    """A part in an S/MIME envelope: what can be read without a key is read, and the envelope kept."""
    content, note = smime.signed_content(part_bytes(part)[0])
    found.problem(note)
    if content and place.depth < MAX_DEPTH:
        inner = tree_of(content, found.problems)
        _visit([inner], Place("mixed", place.in_alternative, place.depth + 1), found, bodies)
    _attach(part, found)


def _show(part: Message, place: Place, found: Walk, bodies: Bodies) -> Bodies:
    """Put a part that is to be read where it belongs; answers the lists that still take parts."""
    texts, htmls = bodies
    content_type = content_type_of(part)
    if place.kind == "alternative" and content_type not in _TEXTS:
        _attach(part, found)
        return bodies
    if place.kind == "alternative":
        chosen = texts if content_type == "text/plain" else htmls
        if chosen is not None:
            chosen.append(part)
        return bodies
    if place.in_alternative and content_type == "text/plain":
        htmls = None
    if place.in_alternative and content_type == "text/html":
        texts = None
    if content_type.startswith(_MEDIA):
        _attach(part, found)
        return texts, htmls
    for body in (texts, htmls):
        if body is not None:
            body.append(part)
    return texts, htmls


def _fill_gaps(texts: list[Message], htmls: list[Message], before: tuple[int, int]) -> None:
    """An alternative with one kind only serves both readings."""
    if len(texts) == before[0] and len(htmls) > before[1]:
        texts.extend(htmls[before[1] :])
    elif len(htmls) == before[1] and len(texts) > before[0]:
        htmls.extend(texts[before[0] :])


def _is_shown(part: Message, index: int, kind: str) -> bool:
    content_type = content_type_of(part)
    media = content_type.startswith(_MEDIA)
    if disposition_of(part) == "attachment" or not (content_type in _TEXTS or media):
        return False
    return index == 0 or (kind != "related" and (media or not file_name_of(part)))


def content_type_of(part: Message) -> str:
    """The type of a part in lower case; a multipart that holds no parts is read as the text it really is."""
    declared = part.get_content_type()
    if declared.startswith("multipart/") and not part.is_multipart():
        return "text/plain"
    return declared if _CONTENT_TYPE.fullmatch(declared) else "application/octet-stream"


def disposition_of(part: Message) -> str:
    """ "inline", "attachment", another word, or ""."""
    return raw_value(part, "content-disposition").partition(";")[0].strip().lower()


def file_name_of(part: Message) -> str:
    """The file name as the sender gave it, decoded but not made safe."""
    return parameter(part, "content-disposition", "filename") or parameter(part, "content-type", "name")


def _attach(part: Message, found: Walk) -> None:
    content_type = content_type_of(part)
    if content_type in {"message/delivery-status", "message/feedback-report", "text/rfc822-headers"}:
        found.reports.append(part)
    if part.get_content_maintype() == "message":
        found.embedded.append(part)
    if len(found.attachments) >= MAX_ATTACHMENTS:
        found.problem(f"more than {MAX_ATTACHMENTS} attachments: the rest is only in the original")
        return
    data, problem = part_bytes(part)
    found.problem(problem)
    if data.startswith(tnef.SIGNATURE) and (package := tnef.unpack(data)) is not None and _unpack(package, found):
        return
    if content_type in _CALENDARS and (reading := describe(data)):
        found.readings.append(reading)
        found.problem(f"holds a calendar entry: {reading.splitlines()[0]}")
    cid = one_line(raw_value(part, "content-id")).strip("<> ")[:300]
    inline = disposition_of(part) == "inline" or (bool(cid) and disposition_of(part) != "attachment")
    add_file(found, _given_name(part), content_type, data, cid=cid, inline=inline)


def add_file(found: Walk, name: str, content_type: str, data: bytes, *, cid: str = "", inline: bool = False) -> None:
    """Add an attachment under a safe name; without a `content_type` the name tells it."""
    if len(found.attachments) >= MAX_ATTACHMENTS:
        found.problem(f"more than {MAX_ATTACHMENTS} attachments: the rest is only in the original")
        return
    kind = content_type if _CONTENT_TYPE.fullmatch(content_type) else mimetypes.guess_type(name)[0]
    kind = kind or "application/octet-stream"
    safe, problem = safe_name(name, kind, len(found.attachments) + 1)
    found.problem(problem)
    found.attachments.append(InboundAttachment(safe, kind, data, cid, inline))


def _unpack(package: tnef.Package, found: Walk) -> bool:
    """Add what Outlook packed into one file; whether there was anything."""
    for one in package.files:
        cid = one_line(one.cid).strip("<> ")[:300]
        add_file(found, clean(one.name), one.content_type, one.data, cid=cid, inline=bool(cid))
    formatted = to_text(package.formatted) if package.is_html else package.formatted
    text = clean(package.text) or to_text(decode(package.html)[0]) or clean(formatted).strip()
    if text.strip():
        found.readings.append(text)
    if package.files or text.strip():
        found.problem("unpacked from winmail.dat, a file only Outlook can open")
    return bool(package.files or text.strip())


def _given_name(part: Message) -> str:
    name = file_name_of(part)
    if not name and part.get_content_type() == "message/rfc822" and (inner := inner_message(part)) is not None:
        subject = text_value(inner, "subject")
        return f"{subject[:100].replace('/', '-')}.eml" if subject else ""
    return name


def inner_message(part: Message) -> Message | None:
    """The message inside a message/* part, or None."""
    payload = part.get_payload()
    first = payload[0] if isinstance(payload, list) and payload else None
    return first if isinstance(first, Message) else None


def part_bytes(part: Message) -> tuple[bytes, str]:
    """The decoded content of one part and a problem in words ("" when there was none)."""
    if part.is_multipart():
        return _embedded_bytes(part)
    encoding = raw_value(part, "content-transfer-encoding").partition(";")[0].strip("\"' \t").lower()
    return decode_transfer(_raw_body(part), encoding)


def _raw_body(part: Message) -> bytes:
    """The content as it was sent: the standard library decodes by itself unless the encoding is taken
    away.
    """
    encoding = raw_value(part, "content-transfer-encoding")
    del part["content-transfer-encoding"]
    data = part.get_payload(decode=True)
    if encoding:
        part["Content-Transfer-Encoding"] = encoding
    return data if isinstance(data, bytes) else b""


def decode_transfer(data: bytes, encoding: str) -> tuple[bytes, str]:
    """Undo a Content-Transfer-Encoding (RFC 2045, section 6), leniently."""
    if encoding == "base64":
        decoded = decode_base64(data)
        return (data, "base64 content could not be decoded") if data.strip() and not decoded else (decoded, "")
    if encoding == "quoted-printable":
        return quopri.decodestring(data), ""
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return _decode_uu(data)
    known = encoding in {"", "7bit", "8bit", "binary"}
    return data, "" if known else f"unknown transfer encoding {one_line(encoding)[:40]!r}, taken as it is"


def _decode_uu(data: bytes) -> tuple[bytes, str]:
    lines = data.splitlines()
    start = next((number for number, line in enumerate(lines) if line.startswith(b"begin ")), -1)
    decoded: list[bytes] = []
    for line in lines[start + 1 :]:
        if line.strip() in {b"end", b"`", b""}:
            break
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:
            return data, "uuencoded content could not be decoded"
    return b"".join(decoded), ""


class _Unchanged(BytesGenerator):
    """Writes fields as they came instead of folding them anew, which also takes ten times as long."""

    def _write_headers(self, msg: Message) -> None:
        for name, value in msg.raw_items():
            self.write(f"{name}: {value}\n")
        self.write("\n")


def _embedded_bytes(part: Message) -> tuple[bytes, str]:
    """A message inside the message, written out again without folding or escaping anything."""
    out = BytesIO()
    try:
        for inner in part.get_payload():
            if isinstance(inner, Message):
                _Unchanged(out, mangle_from_=False, policy=compat32).flatten(inner)
    except Exception as error:  # the generator trips over messages that the parser let through
        return out.getvalue(), f"an enclosed message is damaged ({type(error).__name__}): see the original"
    return out.getvalue(), ""
