"""Other things in a plain text: files that are uuencoded, OpenPGP armour (RFC 9580), flowed lines (RFC 3676)."""

from __future__ import annotations

import binascii
import re
from typing import NamedTuple

MAX_FILES = 50
_BEGIN = re.compile(r"^begin [0-7]{3,4} (\S[^\n]{0,200})\n", re.MULTILINE)
_SIGNED = re.compile(r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:[\w-]{1,30}: [^\n]{0,200}\n){0,10}\n?", re.MULTILINE)
_SIGNATURE_BEGIN, _SIGNATURE_END = "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"
ENCRYPTED = "-----BEGIN PGP MESSAGE-----"


class Encoded(NamedTuple):
    """A file found in a text."""

    name: str
    data: bytes


def without_uuencoded(text: str) -> tuple[str, list[Encoded]]:
    """`text` without the uuencoded files in it, and these; one that is damaged stays where it is."""
    if "begin " not in text:
        return text, []
    kept: list[str] = []
    files: list[Encoded] = []
    end = 0
    for match in _BEGIN.finditer(text):
        if match.start() < end or len(files) >= MAX_FILES:
            continue
        data, after = _uudecoded(text, match.end())
        if after > 0:
            kept.append(text[end : match.start()])
            files.append(Encoded(match.group(1).strip(), data))
            end = after
    return "".join([*kept, text[end:]]), files


def _uudecoded(text: str, start: int) -> tuple[bytes, int]:
    """The bytes of the file whose first line begins at `start`, and where the text goes on; -1 where damaged."""
    lines: list[bytes] = []
    at = start
    while at < len(text):
        line_end = text.find("\n", at)
        line_end = len(text) if line_end < 0 else line_end
        line, at = text[at:line_end].rstrip("\r"), line_end + 1
        if line.strip() == "end":
            return b"".join(lines), min(at, len(text)) if lines else -1
        if len(line) > 90:
            return b"", -1
        try:
            lines.append(binascii.a2b_uu(line.encode("ascii")))
        except (binascii.Error, UnicodeEncodeError):
            return b"", -1
    return b"", -1


def without_armor(text: str) -> tuple[str, str]:
    """The text inside the armour of an OpenPGP signature, and what to say of it ("" where there is none)."""
    if ENCRYPTED in text:
        return text, "encrypted with OpenPGP: the text can be read only with the recipient's key"
    match = _SIGNED.search(text) if "-----BEGIN PGP SIGNED MESSAGE-----" in text else None
    if match is None:
        return text, ""
    begin = text.find(_SIGNATURE_BEGIN, match.end())
    if begin < 0:
        return text, ""
    end = text.find(_SIGNATURE_END, begin)
    after = text[end + len(_SIGNATURE_END) :] if end >= 0 else ""
    inner = re.sub(r"^- ", "", text[match.end() : begin], flags=re.MULTILINE)
    return f"{text[: match.start()]}{inner}{after}", "signed with OpenPGP; the signature was not checked"


def unflowed(text: str, delete_space: bool) -> str:
    """`text` in the format=flowed with its soft line breaks undone, a paragraph a line (RFC 3676, section 4.4)."""
    paragraphs: list[list[str]] = []
    flows, depth_before = False, 0
    for raw in text.split("\n"):
        depth = len(raw) - len(raw.lstrip(">"))
        line = raw[depth:].removeprefix(" ")
        if flows and depth == depth_before and line != "-- ":
            paragraphs[-1].append(line)
        else:
            paragraphs.append([f"{'>' * depth} {line}" if depth else line])
        flows = line.endswith(" ") and line != "-- "
        depth_before = depth
        if flows and delete_space:
            paragraphs[-1][-1] = paragraphs[-1][-1][:-1]
    return "\n".join("".join(pieces) for pieces in paragraphs)
