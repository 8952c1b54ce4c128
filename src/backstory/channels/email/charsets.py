"""Bytes to text that can be stored anywhere: whatever the label says, the result is valid UTF-8 without NUL.

Labels follow the WHATWG Encoding Standard where mail does (ISO-8859-1 means windows-1252, GB2312 means
GB18030); an unknown or wrong label falls back to UTF-8, then to detection, then to replacement characters.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from backstory.channels.email.charset_guess import SAMPLE, guess

_SHORT = 48  # below this many bytes detection guesses, so the commonest Western code page is the better guess

_ALIASES = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "chinesebig5": "big5hkscs",
    "big5": "big5hkscs",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "x-utf-8": "utf-8",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "koi8-ru": "koi8-u",
}
_PLAUSIBLE = [
    *("cp1252", "cp1250", "cp1251", "koi8_r", "iso8859_2", "cp1253", "cp1254", "cp1255", "cp1256"),
    *("iso2022_jp", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr", "utf_16", "utf_8"),
]
# Text codecs in Python that are no character sets of mail: they would execute escapes or blow text up.
_SINGLE_BYTE = {"cp1252", "iso8859_2", "cp1250", "cp1254", "cp1257", "cp1253", "cp1255", "cp1256", "cp866", "iso8859_5"}
_FORBIDDEN = {"unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"}
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Drop control characters but tab and line breaks, and turn lone surrogates into U+FFFD."""
    if text.isascii() and text.isprintable():
        return text
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))


def one_line(text: str) -> str:
    """`text` cleaned, on a single line, with runs of white space made one space."""
    return " ".join(clean(text).split())


def codec_for(label: str) -> str | None:
    """Python's codec for a charset label of a message, or None when there is none that is safe to use."""
    name = label.strip().strip("\"'").lower().split("*")[0].replace(" ", "")
    try:
        info = codecs.lookup(_ALIASES.get(name, name))
    except (LookupError, ValueError, UnicodeError):
        return None
    is_text = getattr(info, "_is_text_encoding", True)
    return info.name if is_text and info.name.replace("-", "_") not in _FORBIDDEN else None


def decode(data: bytes, label: str = "") -> tuple[str, str]:
    """Decode `data` labelled `label`; the text, cleaned, and a problem in words ("" when there was none)."""
    if not data:
        return "", ""
    codec = codec_for(label) if label else None
    if codec and not _is_misnamed(data, codec):
        text = data.decode(codec, "replace")
        broken = text.count("\ufffd")
        if broken <= len(text) // 20:  # a few bad bytes do not make the label wrong
            return clean(text), f"some bytes were not valid {one_line(label)[:40]}" if broken else ""
    text, guess = _guess(data)
    return text, _problem(data, label, codec, guess)


def _problem(data: bytes, label: str, codec: str | None, guess: str) -> str:
    shown = one_line(label)[:40]
    if label and codec is None:
        return f"unknown charset {shown!r}, read as {guess}"
    if data.isascii() or (_labelled_ascii(label) and guess == "utf-8"):
        return ""
    return f"text is not valid {shown or 'ASCII'}, read as {guess}"


def decode_header(data: bytes) -> str:
    """Bytes of a header field, which has no label: UTF-8 (RFC 6532), else what they look like."""
    if data.isascii() and b"\x1b" not in data:
        return clean(data.decode("ascii"))
    return _guess(data)[0]


def _labelled_ascii(label: str) -> bool:
    return label.strip().strip('"').lower() in {"", "ascii", "us-ascii", "ansi_x3.4-1968"}


def _is_misnamed(data: bytes, codec: str) -> bool:
    """Whether a label of Latin letters sits on what is plainly something else: cp1252 would accept nearly any bytes."""
    if codec not in {"cp1252", "latin-1", "iso8859-1", "utf-8"} or (data.isascii() and b"\x1b" not in data):
        return False
    if b"\x1b$" in data[:SAMPLE]:
        return True
    if codec == "utf-8":
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return guess(data) not in {"", *_SINGLE_BYTE}
    return True


def _guess(data: bytes) -> tuple[str, str]:
    """Text of unlabelled bytes and the name of the charset it was read as."""
    if b"\x1b" not in data[:SAMPLE] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return clean(data.decode("utf-8")), "utf-8"
        except UnicodeDecodeError:
            pass
    codec = guess(data) or _detected(data)
    return clean(data.decode(codec, "replace")), "windows-1252" if codec == "cp1252" else codec.replace("_", "-")


def _detected(data: bytes) -> str:
    """What the general detector says of longer texts; of shorter ones the commonest Western code page."""
    best = from_bytes(data[:SAMPLE], cp_isolation=_PLAUSIBLE).best() if len(data) >= _SHORT else None
    return best.encoding if best is not None else "cp1252" if b"\x1b" not in data or not data.isascii() else "utf-8"
