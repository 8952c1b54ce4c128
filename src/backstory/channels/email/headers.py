"""Header fields: unfolding, encoded words (RFC 2047), parameters (RFC 2231), identifiers and dates.

Works on the raw fields of the standard library's message object, because its decoded view loses addresses
and lets lone surrogates through.
"""

from __future__ import annotations

import binascii
import quopri
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import collapse_rfc2231_value, mktime_tz, parsedate_tz

from backstory.channels.email.charsets import clean, decode, decode_header, one_line

# Also without its charset, and without its end where the field was cut off.
_ENCODED_WORD = re.compile(
    r"=\?([^?\s]{0,60})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*)*)\?="
    r"|=\?([^?\s]{1,60})\?(?:([bB])\?([A-Za-z0-9+/=\s]+)|([qQ])\?([^\s?]+))\??$"
)
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{0,60}\?[bBqQ]\?)")
_NOT_BASE64 = bytes(sorted(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")))
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_MESSAGE_ID = re.compile(r"<\s*([^<>\s]+)\s*>")
_MAX_FIELD = 20_000  # characters of one field that are looked at; longer ones are cut, the raw bytes stay
_MAX_REFERENCES = 100


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of a message by name in lower case: as they came, and unfolded where they were asked for."""

    length: int
    raw: dict[str, list[object]]
    unfolded: dict[str, list[str]]


def raw_values(message: Message, name: str) -> list[str]:
    """All fields called `name`, unfolded, as text with bytes decoded but encoded words untouched."""
    known, wanted = _fields(message), name.lower()
    values = known.unfolded.get(wanted)
    if values is None:
        values = known.unfolded[wanted] = [_unfold(value) for value in known.raw.get(wanted, ())]
    return values


def _fields(message: Message) -> _Fields:
    """Made once for a message, since they are asked for some forty times."""
    known: _Fields | None = getattr(message, "_by_name", None)
    if known is not None and known.length == len(message):
        return known
    raw: dict[str, list[object]] = {}
    for name, value in message.raw_items():
        raw.setdefault(name.lower(), []).append(value)
    known = _Fields(len(message), raw, {})
    message._by_name = known  # type: ignore[attr-defined]
    return known


def raw_value(message: Message, name: str) -> str:
    """The first field called `name`, or ""."""
    return next(iter(raw_values(message, name)), "")


def text_value(message: Message, name: str) -> str:
    """The first field called `name`, decoded, on one line."""
    return decode_words(raw_value(message, name))


def _unfold(value: object) -> str:
    text = str(value)[:_MAX_FIELD]
    if not text.isascii() or "\x1b" in text:
        text = decode_header(text.encode("utf-8", "surrogateescape"))
    return _FOLD.sub(" ", text).strip() if "\n" in text or "\r" in text else clean(text).strip()


def decode_words(value: str) -> str:
    """Decode RFC 2047 encoded words wherever they stand, also inside quotes where they should not be, and twice where
    a program has encoded what was encoded already.
    """
    if "=?" not in value:
        return one_line(value)
    once = _decode_words(value)
    return _decode_words(once) if _ENCODED_WORD.fullmatch(once) else once


def _decode_words(value: str) -> str:
    joined = _BETWEEN_WORDS.sub(r"\1", value)
    pieces: list[str] = []
    pending = _Pending()
    end = 0
    for match in _ENCODED_WORD.finditer(joined):
        if match.start() > end:
            pieces += [pending.flush(), joined[end : match.start()]]
        charset, encoding, payload = [one or "" for one in match.groups() if one is not None][:3]
        pieces.append(pending.add(charset, _word_bytes(encoding, payload)))
        end = match.end()
    return one_line("".join([*pieces, pending.flush(), joined[end:]]))


class _Pending:
    """Bytes of adjacent encoded words in one charset: some senders split a character across two words."""

    def __init__(self) -> None:
        self.charset, self.data = "", b""

    def add(self, charset: str, data: bytes) -> str:
        before = "" if charset.lower() == self.charset.lower() else self.flush()
        self.charset, self.data = charset, self.data + data
        return before

    def flush(self) -> str:
        text = decode(self.data, self.charset)[0] if self.data else ""
        self.data = b""
        return text


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "replace")
    if encoding in "qQ":
        return quopri.decodestring(data.replace(b"_", b" "), header=False)
    return decode_base64(data)


def decode_base64(data: bytes) -> bytes:
    """Decode base64 as leniently as it can be done: foreign characters skipped, missing padding supplied."""
    kept = (data.split(b"=", 1)[0] if data.count(b"=") <= 2 else data).translate(None, _NOT_BASE64)
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    try:
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return b""


def parameter(message: Message, header: str, name: str) -> str:
    """A parameter such as the file name of Content-Disposition, RFC 2231 or RFC 2047 encoded, or ""."""
    plain = Message()  # the library reads parameters only from a header it has decoded itself, lossily
    plain[header] = _without_plain_twin(_close_quote(raw_value(message, header)), name)
    try:
        value = plain.get_param(name, "", header)
    except (ValueError, TypeError, LookupError, UnicodeError):
        return ""
    if isinstance(value, tuple):
        return one_line(_decode_2231(value))
    return decode_words(_unfold(value)) if isinstance(value, str) else ""


def _close_quote(value: str) -> str:
    """With the last quotation mark that a program left out."""
    return f'{value}"' if value.replace("\\\\", "").replace('\\"', "").count('"') % 2 else value


def _without_plain_twin(value: str, name: str) -> str:
    """Of `name` and `name*` the latter counts, which says its charset (RFC 6266, section 4.3)."""
    if not re.search(rf"(?i);\s*{name}\*=", value):
        return value
    return re.sub(rf'(?i);\s*{name}\s*=\s*(?:"[^"]*"|[^;]*)', "", value)


def _decode_2231(value: tuple[str | None, str | None, str]) -> str:
    charset, _, text = value
    try:
        return decode(text.strip('"').encode("latin-1"), charset or "utf-8")[0]
    except UnicodeError:
        return collapse_rfc2231_value(text)


def message_ids(value: str) -> tuple[str, ...]:
    """Identifiers in a References, In-Reply-To or Message-ID field, without <>, each once, in order."""
    found = _MESSAGE_ID.findall(value) or [word for word in value.split() if "@" in word]
    return tuple(dict.fromkeys(one.strip("<>,;\"'")[:500] for one in found[-_MAX_REFERENCES:]))


def parse_date(value: str) -> datetime | None:
    """The moment a Date field names in UTC, or None when it names none or lies outside 1900 to 2200.

    Absurd years within are kept; those outside overflow when shown in another time zone.
    """
    try:
        parts = parsedate_tz(value)
        if parts is None:
            return None
        offset = parts[9] or 0
        if abs(offset) >= 24 * 3600:
            parts = (*parts[:9], 0)
        moment = datetime.fromtimestamp(mktime_tz(parts), UTC)
        return moment if 1900 <= moment.year <= 2200 else None
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None
