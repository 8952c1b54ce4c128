"""The bytes of a letter as the standard library's tree of parts, whatever the bytes are."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

MAX_BOUNDARIES = 300  # multipart parts declared; more is an attack on the parser's nesting
MAX_PARTS = 5_000  # lines that may begin a part
MAX_HEADER = 1_000_000  # bytes of the header that are read
_MAX_PARSER_WORK = 50_000_000  # lines times boundaries, each of which the parser may compare
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
_MBOX_LINE = re.compile(rb"\A>?From [^\r\n:]{1,300}\r?\n")


def tree_of(data: bytes, problems: list[str]) -> Message:
    """The parts of `data`; one text where the structure costs too much or cannot be read, and why in `problems`."""
    source = _without_long_header(_without_mbox_line(data), problems)
    boundaries = len(_BOUNDARY.findall(source))
    if not boundaries and (simple := _single_part(source)) is not None:
        return simple
    parts = source.count(b"\n--") if boundaries else 0
    if boundaries <= MAX_BOUNDARIES and parts <= MAX_PARTS and boundaries * source.count(b"\n") <= _MAX_PARSER_WORK:
        try:
            return message_from_bytes(source, policy=compat32)
        except Exception as error:  # the standard parser trips over hostile letters in many ways
            problems.append(f"the structure could not be read ({type(error).__name__}): shown as one text")
    else:
        problems.append("far too many nested parts: shown as one text")
    message = BytesHeaderParser(policy=compat32).parsebytes(source)
    del message["content-type"], message["content-transfer-encoding"]
    return message


def _single_part(source: bytes) -> Message | None:
    """A letter of one part without a look at each line of its body; None where it may have more."""
    end = _END_OF_HEADER.search(source)
    if end is None or end.start() == 0:
        return None
    message = BytesHeaderParser(policy=compat32).parsebytes(source[: end.end()])
    begun = message.get_payload()
    if begun or message.get_content_maintype() in {"message", "multipart"} or not message.keys():
        return None  # lines of the header that are none belong to the body
    message.set_payload(source[end.end() :].decode("ascii", "surrogateescape"))
    return message


def _without_long_header(data: bytes, problems: list[str]) -> bytes:
    """`data` with a header of at most `MAX_HEADER` bytes, cut at the end of a line."""
    if len(data) <= MAX_HEADER or _END_OF_HEADER.search(data, 0, MAX_HEADER):
        return data
    problems.append(f"the header is longer than {MAX_HEADER} bytes: the rest is only in the original")
    end = _END_OF_HEADER.search(data, MAX_HEADER)
    kept = data[: data.rfind(b"\n", 0, MAX_HEADER) + 1] or data[:MAX_HEADER] + b"\n"
    return kept + (data[end.start() :] if end else b"\n")


def _without_mbox_line(data: bytes) -> bytes:
    """Without the separator of mbox files, a byte order mark, or blank lines before the header."""
    if data[:1].isalpha() and not data.startswith(b"From "):
        return data
    stripped = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    return _MBOX_LINE.sub(b"", stripped, count=1) or stripped
