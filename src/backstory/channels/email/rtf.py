"""Formatted text as Outlook packs it: RTF, compressed ([MS-OXRTFCP]), often around HTML ([MS-OXRTFEX]).

Read here and not by a library for the same reason as its package (see `tnef`): the regular expressions of those at
hand take unbounded time over hostile text. Each step below moves forward in the data.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field, replace

from backstory.channels.email.charsets import codec_for

MAX_BYTES = 2_000_000  # of RTF; what lies beyond them is not read
MAX_DEPTH = 1_000  # open groups
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW = 4096
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>.)|(?P<brace>[{}])"
    rb"|[\r\n]+|(?P<plain>[^\\{}\r\n]+)|\\",
    re.DOTALL,
)
_SAID = {
    **{b"par": "\n", b"line": "\n", b"sect": "\n\n", b"page": "\n\n", b"row": "\n", b"tab": "\t", b"cell": "\t"},
    **{b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“"},
    **{b"rdblquote": "”", b"emspace": "\u2003", b"enspace": "\u2002"},
}
_SIGNS = {b"~": "\u00a0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n"}
_UNREAD = {
    *(b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"headerl", b"headerr"),
    *(b"headerf", b"footer", b"footerl", b"footerr", b"footerf", b"fldinst", b"filetbl", b"revtbl", b"listtable"),
}
_CHARSETS = {
    **{0: 1252, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256},
    **{186: 1257, 204: 1251, 222: 874, 238: 1250},
}


def unpack(data: bytes) -> bytes:
    """The RTF inside a compressed block, as far as it can be read; b"" where `data` is none."""
    if len(data) < 16:
        return b""
    size, _, kind, _ = struct.unpack_from("<II4sI", data)
    content = data[16 : size + 4]
    if kind == b"MELA":
        return content[:MAX_BYTES]
    return _decompressed(content) if kind == b"LZFu" else b""


def _decompressed(content: bytes) -> bytes:
    """LZFu: bytes, and references into the last 4 096 of them."""
    out = bytearray(_DICTIONARY)
    position, end = 0, len(content)
    while position < end and len(out) < MAX_BYTES:
        flags, position = content[position], position + 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += content[position : position + 1]
                position += 1
            elif position + 2 > end:
                return bytes(out[len(_DICTIONARY) :])
            else:
                (token,) = struct.unpack_from(">H", content, position)
                position += 2
                distance = (len(out) - (token >> 4)) % _WINDOW
                if not distance:  # a reference to where the next byte will be is the end
                    return bytes(out[len(_DICTIONARY) :])
                for _ in range((token & 15) + 2):
                    out.append(out[-distance] if distance <= len(out) else 32)
    return bytes(out[len(_DICTIONARY) :])


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds inside a pair of braces."""

    unread: bool = False
    hidden: bool = False  # RTF that stands for HTML which stands beside it
    fonts: bool = False
    font: int = 0
    skip: int = 1  # plain characters behind one in Unicode, for programs that know none


@dataclass
class _Reader:
    codec: str
    html: bool = False
    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    codecs: dict[int, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    skipping: int = 0

    @property
    def group(self) -> _Group:
        return self.groups[-1]

    def set(self, **changes: bool | int) -> None:
        self.groups[-1] = replace(self.group, **changes)  # type: ignore[arg-type]

    def flush(self) -> None:
        """Decode the bytes that have come in the present font."""
        if self.pending:
            self.said.append(self.pending.decode(self.codecs.get(self.group.font, self.codec), "replace"))
            self.pending.clear()

    def say(self, words: str) -> None:
        self.flush()
        if not self.group.unread and not self.group.hidden:
            self.said.append(words)

    def take(self, data: bytes) -> None:
        kept = data[self.skipping :]
        self.skipping -= len(data) - len(kept)
        if not self.group.unread and not self.group.hidden:
            self.pending += kept

    def brace(self, which: bytes) -> None:
        self.flush()
        self.skipping = 0
        if which == b"{" and len(self.groups) < MAX_DEPTH:
            self.groups.append(self.group)
        elif which == b"}" and len(self.groups) > 1:
            self.groups.pop()

    def word(self, word: bytes, number: int | None) -> None:
        if word == b"f":
            self.flush()
            self.set(font=number or 0)
        elif word == b"fcharset" and self.group.fonts:
            self.codecs[self.group.font] = codec_for(f"cp{_CHARSETS.get(number or 0, 1252)}") or self.codec
        elif word == b"ansicpg":
            self.codec = codec_for(f"cp{number}") or self.codec
        elif word == b"uc":
            self.set(skip=max(number or 0, 0))
        elif word == b"u" and number is not None:
            self.say(chr(number % 0x10000))
            self.skipping = self.group.skip
        elif word == b"fromhtml":
            self.html = number != 0
        elif word == b"htmlrtf":
            self.flush()
            self.set(hidden=self.html and number != 0)
        elif word == b"htmltag" and self.html:
            self.set(unread=False)
        elif word in _UNREAD:
            self.set(unread=True, fonts=word == b"fonttbl")
        elif word in _SAID:
            self.say(_SAID[word])


def read(data: bytes, codec: str = "cp1252") -> tuple[str, bool]:
    """The text of RTF in bytes, and whether that text is HTML. Never raises."""
    reader, position, data = _Reader(codec), 0, data[:MAX_BYTES]
    while (token := _TOKEN.match(data, position)) is not None:
        position = token.end()
        if word := token["word"]:
            number = int(token["number"]) if token["number"] else None
            if word == b"bin":  # so many bytes of something else
                position += max(number or 0, 0)
            reader.word(word, number)
        elif token["hex"]:
            reader.take(bytes.fromhex(token["hex"].decode()))
        elif sign := token["sign"]:
            reader.set(unread=True) if sign == b"*" else reader.say(_SIGNS.get(sign, ""))
        elif token["brace"]:
            reader.brace(token["brace"])
        elif token["plain"]:
            reader.take(token["plain"])
    reader.flush()
    text = "".join(reader.said).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text, reader.html
