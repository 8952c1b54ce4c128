"""What is inside `winmail.dat`, in which Outlook packs files for other Outlooks ([MS-OXTNEF]).

Read here and not by a library, since those at hand take unbounded time over hostile lengths and counts: every
step below moves forward in the data, and nested messages are handed out as they are, never opened.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from backstory.channels.email import rtf
from backstory.channels.email.charsets import codec_for

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_BYTES = 40_000_000
MAX_FILES = 200
_MAX_STEPS = 100_000  # attributes and properties in one file
_ATTACHMENT_LEVEL = 2
_RENDERING, _TITLE, _DATA, _ATTACHMENT_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_BODY, _MESSAGE_PROPERTIES, _CODE_PAGE = 0x800C, 0x9003, 0x9007
_P_BODY, _P_RTF, _P_HTML, _P_CODE_PAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
_P_OBJECT, _P_NAME, _P_LONG_NAME, _P_MIME, _P_CONTENT_ID = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712
_SIZES = {0x0001: 0, 0x0002: 4, 0x000B: 4, 0x0003: 4, 0x0004: 4, 0x000A: 4}
_SIZES |= {0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8, 0x0040: 8, 0x0048: 16}
_VARIABLE = {0x0000, 0x000D, 0x001E, 0x001F, 0x0102}
_MULTIPLE, _NAMED = 0x1000, 0x8000


@dataclass
class File:
    """One file in the package; `content_type` and `cid` are "" where the sender gave none."""

    name: str = ""
    data: bytes = b""
    content_type: str = ""
    cid: str = ""


@dataclass
class Package:
    """The files and the text of a `winmail.dat`. `formatted` is what its RTF says, as text or as HTML (`is_html`)."""

    files: list[File] = field(default_factory=list)
    text: str = ""
    html: bytes = b""
    formatted: str = ""
    is_html: bool = False


def unpack(data: bytes) -> Package | None:
    """The contents, as far as they can be read; None where `data` is no such package or far too large."""
    if not data.startswith(SIGNATURE) or len(data) > MAX_BYTES:
        return None
    package, codec = Package(), "cp1252"
    for level, name, value in _attributes(data):
        if name == _CODE_PAGE and len(value) >= 4:
            codec = codec_for(f"cp{struct.unpack_from('<I', value)[0]}") or codec
        elif name == _RENDERING and len(package.files) < MAX_FILES:
            package.files.append(File())
        elif level == _ATTACHMENT_LEVEL and package.files:
            _fill(package.files[-1], name, value, codec)
        elif name == _BODY:
            package.text = _string(value, codec)
        elif name == _MESSAGE_PROPERTIES:
            _read_message(package, value, codec)
    package.files = [one for one in package.files if one.data]
    return package


def _attributes(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Level, identifier and value of each attribute of the stream."""
    offset = 6
    for _ in range(_MAX_STEPS):
        if offset + 9 > len(data):
            return
        level, name, length = struct.unpack_from("<BHxxI", data, offset)
        yield level, name, data[offset + 9 : offset + 9 + length]
        offset += 9 + length + 2


def _fill(file: File, name: int, value: bytes, codec: str) -> None:
    if name == _TITLE:
        file.name = file.name or _string(value, codec)
    elif name == _DATA:
        file.data = value
    elif name == _ATTACHMENT_PROPERTIES:
        for identifier, kind, content in _properties(value):
            _fill_property(file, identifier, content, "utf-16-le" if kind == 0x001F else codec)


def _fill_property(file: File, identifier: int, content: bytes, codec: str) -> None:
    if identifier in {_P_NAME, _P_LONG_NAME}:
        file.name = _string(content, codec) or file.name
    elif identifier == _P_MIME:
        file.content_type = _string(content, codec).lower()
    elif identifier == _P_CONTENT_ID:
        file.cid = _string(content, codec)
    elif identifier == _P_OBJECT and not file.data:
        file.data = content[16:]  # behind the identifier of the interface


def _read_message(package: Package, value: bytes, codec: str) -> None:
    for identifier, kind, content in _properties(value):
        if identifier == _P_CODE_PAGE and len(content) >= 4:
            codec = codec_for(f"cp{struct.unpack_from('<I', content)[0]}") or codec
        elif identifier == _P_BODY:
            package.text = _string(content, "utf-16-le" if kind == 0x001F else codec)
        elif identifier == _P_HTML:
            package.html = content
        elif identifier == _P_RTF:
            package.formatted, package.is_html = rtf.read(rtf.unpack(content), codec)


def _string(value: bytes, codec: str) -> str:
    return value.decode(codec, "replace").split("\0", 1)[0].strip()


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Identifier, type and (first) value of each property of a block; stops at what it does not understand."""
    offset = 4
    for _ in range(_MAX_STEPS):
        if offset + 4 > len(data):
            return
        kind, identifier = struct.unpack_from("<HH", data, offset)
        offset = _after_name(data, offset + 4) if identifier >= _NAMED else offset + 4
        value, offset = _value(data, offset, kind)
        if offset < 0:
            return
        yield identifier, kind & ~_MULTIPLE, value


def _after_name(data: bytes, offset: int) -> int:
    """Where the value of a named property begins: behind a GUID and a number or a name."""
    kind, number = _number(data, offset + 16), _number(data, offset + 20)
    return offset + 24 + (_padded(number) if kind else 0)


def _value(data: bytes, offset: int, kind: int) -> tuple[bytes, int]:
    """The first value and the offset behind all of them, -1 where the type is unknown."""
    multiple, kind = bool(kind & _MULTIPLE), kind & ~_MULTIPLE
    if kind in _SIZES:
        count = _number(data, offset) if multiple else 1
        start = offset + 4 if multiple else offset
        return data[start : start + _SIZES[kind]], start + count * max(_SIZES[kind], 1 if multiple else 0)
    if kind not in _VARIABLE:
        return b"", -1
    count, offset, first = _number(data, offset), offset + 4, b""
    for index in range(min(count, _MAX_STEPS)):
        if offset + 4 > len(data):
            return first, len(data)
        length = _number(data, offset)
        first = data[offset + 4 : offset + 4 + length] if index == 0 else first
        offset += 4 + _padded(length)
    return first, offset


def _number(data: bytes, offset: int) -> int:
    return int(struct.unpack_from("<I", data, offset)[0]) if offset + 4 <= len(data) else 0


def _padded(length: int) -> int:
    return length + -length % 4
