"""Letters made to be slow to read, each of about `size` bytes: what an attacker or a broken program would send."""

from __future__ import annotations

import binascii
from collections.abc import Callable

_HEADER = (
    b"From: Maya Lind <maya@customer.example>\r\nTo: care@desk.example\r\nSubject: x\r\nMessage-ID: <1@c.example>\r\n"
)
_BOUNCE = b"From: MAILER-DAEMON@mx.example\r\nReturn-Path: <>\r\nSubject: Undelivered Mail Returned to Sender\r\n"


def _fill(piece: bytes, size: int) -> bytes:
    return piece * max(1, size // len(piece))


def _text(piece: bytes, kind: bytes = b"text/plain; charset=utf-8", header: bytes = _HEADER) -> Callable[[int], bytes]:
    return lambda size: header + b"Content-Type: " + kind + b"\r\n\r\n" + _fill(piece, size)


def _field(name: bytes, piece: bytes, start: bytes = b"") -> Callable[[int], bytes]:
    return lambda size: name + b": " + start + _fill(piece, size) + b"\r\n" + _HEADER + b"\r\nx"


def _nested(size: int) -> bytes:
    shell = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n'
    return (
        _HEADER + b"".join(shell % (level, level) for level in range(size // 60)) + b"Content-Type: text/plain\r\n\r\nx"
    )


def _parts(size: int) -> bytes:
    part = b"--x\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment\r\n\r\nx\r\n"
    return _HEADER + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + _fill(part, size) + b"--x--"


def _base64(size: int) -> bytes:
    head = b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return _HEADER + head + _fill(b"!=\xff=A\r\n====", size)


def _winmail(size: int) -> bytes:
    head = b"Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return (
        _HEADER + head + binascii.b2a_base64(b"\x78\x9f\x3e\x22\x01\x00" + _fill(b"\x01" + b"\0" * 10, size * 3 // 4))
    )


_HTML = b"text/html; charset=utf-8"
_FLOWED = b"text/plain; format=flowed; delsp=yes"
SHAPES: dict[str, Callable[[int], bytes]] = {
    "parts nested without end": _nested,
    "messages in messages": lambda size: _HEADER + _fill(b"Content-Type: message/rfc822\r\n\r\n", size),
    "a part every 80 bytes": _parts,
    "one field without end": _field(b"X-Long", b"a"),
    "a subject of encoded words": _field(b"Subject", b"=?utf-8?Q?=C3=BC?= "),
    "a subject of beginnings of encoded words": _field(b"Subject", b"=?utf-8?Q?"),
    "recipients without end": _field(b"To", b"Tom Tester <tom@customer.example>, "),
    "open brackets in an address": _field(b"To", b"("),
    "quotation marks in an address": _field(b"From", b'"\\'),
    "a hundred thousand fields": lambda size: _fill(b"Received: from a by b; today\r\n", size) + _HEADER + b"\r\nx",
    "parameters without end": _field(b"Content-Disposition", b"; filename*0*=a", b"attachment"),
    "references without end": _field(b"References", b"<a@b.example> "),
    "one line without end": _text(b"a"),
    "blanks": _text(b" "),
    "line breaks": _text(b"\r\n"),
    "quoted lines": _text(b"> > We are sorry for the delay.\r\n"),
    "beginnings of attributions": _text(b"On Mon, 3 May 2024 at 10:00 Maya\r\n"),
    "attributions": _text(b"On Mon, 3 May 2024 at 10:00 Maya <m@c.example> wrote:\r\n"),
    "an attribution without end": _text(b"On 1 "),
    "copied fields": _text(b"From: a@b.example\r\nSent: 10:00\r\n\r\n"),
    "dividers": _text(b"-----Original Message----- \r\n"),
    "dashes": _text(b"-----------------------------------------------------------------\r\n"),
    "closings": _text(b"Best regards,\r\n"),
    "addresses in one line": _text(b"a@b.example:"),
    "beginnings of uuencoded files": _text(b"begin 644 a.txt\r\nM\r\n"),
    "beginnings of OpenPGP": _text(b"-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: x\r\n"),
    "flowed lines": _text(b"a \r\n", _FLOWED),
    "Chinese without a charset": _text("我要退款，已经等了两周了。".encode("gb18030"), b"text/plain"),
    "bytes of every kind": _text(bytes(range(256)), b"text/plain; charset=klingon"),
    "base64 that is none": _base64,
    "open elements": _text(b"<div>", _HTML),
    "open comments": _text(b"<!-- ", _HTML),
    "open tags": _text(b"<a href=", _HTML),
    "block quotations": _text(b"<blockquote>x</blockquote>", _HTML),
    "nested block quotations": _text(b"<blockquote type=cite>", _HTML),
    "rows of a table": _text(b"<tr><td>x</td></tr>", b"text/html"),
    "character references": _text(b"&lt;&#1114111;&amp", _HTML),
    "an Outlook package of nothing": _winmail,
    "a calendar": _text(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\n", b"text/calendar"),
    "a bounce about everybody": _text(b"<tom@customer.example>: 550 5.1.1 User unknown\r\n", header=_BOUNCE),
    "a bounce of transcripts": _text(b">>> RCPT To:<a@b.example>\r\n<<< 550 a@b\r\n", header=_BOUNCE),
    "a bounce of one long word": _text(b"a.-@", header=_BOUNCE),
}
