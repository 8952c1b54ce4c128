"""The bytes of a letter as the standard library's tree of parts, whatever the bytes are."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

MAX_BOUNDARIES = 300  # multipart parts declared; more is an attack on the parser's nesting
_MAX_PARSER_WORK = 50_000_000  # lines times boundaries, each of which the parser may compare
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_MBOX_LINE = re.compile(rb"\A>?From [^\r\n:]{1,300}\r?\n")


def tree_of(data: bytes, problems: list[str]) -> Message:
    """The parts of `data`; one text where the structure costs too much or cannot be read, and why in `problems`."""
    source = _without_mbox_line(data)
    boundaries = len(_BOUNDARY.findall(source))
    if boundaries <= MAX_BOUNDARIES and boundaries * source.count(b"\n") <= _MAX_PARSER_WORK:
        try:
            return message_from_bytes(source, policy=compat32)
        except Exception as error:
            problems.append(f"the structure could not be read ({type(error).__name__}): shown as one text")
    else:
        problems.append("far too many nested parts: shown as one text")
    message = BytesHeaderParser(policy=compat32).parsebytes(source)
    del message["content-type"], message["content-transfer-encoding"]
    return message


def _without_mbox_line(data: bytes) -> bytes:
    """Without the separator of mbox files, a byte order mark, or blank lines before the header."""
    if data[:1].isalpha() and not data.startswith(b"From "):
        return data
    stripped = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    return _MBOX_LINE.sub(b"", stripped, count=1) or stripped
