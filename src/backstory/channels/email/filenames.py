"""File names of attachments: what a sender calls a file is a label, never a path."""

from __future__ import annotations

import mimetypes
import re
import unicodedata

from backstory.channels.email.charsets import clean

_MAX = 200  # characters; every common file system holds 255 bytes, and names are stored beside a hash anyway
# Marks that reorder or hide text, so that "invoice\u202egpj.exe" would show as "invoiceexe.jpg".
_INVISIBLE = re.compile("[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f-\x9f]')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$")
_EXTENSIONS = {"message/rfc822": ".eml", "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics"}


def safe_name(name: str, content_type: str, number: int) -> tuple[str, str]:
    """A name that is safe to show and to save under, and a problem in words ("" when nothing was wrong).

    `number` makes a name where the sender gave none ("attachment-2.pdf").
    """
    if not name.strip():
        return f"attachment-{number}{_extension(content_type)}", ""
    flat = unicodedata.normalize("NFC", clean(name)).replace("\\", "/").strip()
    kept = _FORBIDDEN.sub("_", _INVISIBLE.sub("", flat.rstrip("/").rpartition("/")[2]))
    kept = kept.strip(" .") or f"attachment-{number}{_extension(content_type)}"
    if _RESERVED.match(kept):
        kept = f"_{kept}"
    safe = _shorten(kept)
    return safe, "" if safe == name.strip() else "an attachment had an unsafe file name, which was changed"


def _shorten(name: str) -> str:
    if len(name) <= _MAX:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 20:
        return name[:_MAX]
    return f"{stem[: _MAX - len(extension) - 1]}.{extension}"


def _extension(content_type: str) -> str:
    return _EXTENSIONS.get(content_type) or mimetypes.guess_extension(content_type) or ".bin"
