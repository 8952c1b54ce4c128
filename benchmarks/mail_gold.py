"""The parser's fields against the trees that another parser expects (stalwartlabs/mail-parser's test letters).

Each letter is compared in ten fields. Gold that is wrong by the standards is named in `WRONG_GOLD`, with why.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from backstory.channels.email.markup import to_text
from backstory.channels.email.parse import Parsed

FIELDS = ("from", "to", "cc", "reply_to", "subject", "date", "message_id", "text", "html", "attachments")
ADDRESS_FIELDS = FIELDS[:4]

_UNLABELLED = "8-bit letters without a label are replaced by U+FFFD; every mail program shows them as windows-1252"
_UUENCODE = "a part that says it is uuencoded is left undecoded"
_UU_TEXT = "a uuencoded picture stands in the text as letters instead of among the files"
_BASE64 = "the RFC's placeholder text, labelled base64, is not decoded; by the label it is base64"
_PATH = "a file name keeps its directories, which are another computer's (RFC 2183, 2.3 bids receivers drop them)"
WRONG_GOLD: dict[tuple[str, str], str] = {
    **{(f"legacy/{number}", "to"): _UNLABELLED for number in ("010", "017", "020", "022", "027", "052")},
    **{(f"legacy/{number}", "subject"): _UNLABELLED for number in ("010", "020", "022", "027", "052")},
    ("legacy/052", "text"): _UNLABELLED,
    **{(f"legacy/{number}", "attachments"): _UNLABELLED for number in ("016", "023")},
    **{(f"legacy/{number}", "attachments"): _UUENCODE for number in ("017", "026", "048")},
    **{(f"legacy/{number}", "attachments"): _PATH for number in ("035", "039")},
    **{("legacy/049", field): _UU_TEXT for field in ("text", "attachments")},
    ("rfc/000", "attachments"): _BASE64,
    ("rfc/001", "attachments"): _PATH,
}
"""(letter, field) → why the expected value itself is wrong. Counted apart in the published table."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One letter: its name ("legacy/004.crlf"), its bytes, and what each of `FIELDS` should hold."""

    name: str
    data: bytes
    fields: dict[str, Any]


def letters(folder: Path) -> Iterator[Expected]:
    """The gold letters under `folder`, each with LF and with CRLF line ends."""
    for path in sorted(folder.rglob("*.eml")):
        name = f"{path.parent.name}/{path.stem}"
        plain = path.read_bytes().replace(b"\r\n", b"\n")
        for suffix, source in (("", plain), (".crlf", plain.replace(b"\n", b"\r\n"))):
            tree = json.loads(path.with_name(f"{path.stem}{suffix}.json").read_text(encoding="utf-8"))
            yield Expected(name + suffix, source, expected_fields(tree, source))


def expected_fields(tree: dict[str, Any], data: bytes) -> dict[str, Any]:
    """The values of `FIELDS` in the gold's tree."""
    return {
        **{name: _addresses(tree, name) for name in ADDRESS_FIELDS},
        "subject": squeezed((_header(tree, "subject") or {}).get("Text", "")),
        "date": _date(tree),
        "message_id": (_header(tree, "message_id") or {}).get("Text", ""),
        "text": squeezed("".join(_readable(tree["parts"][index]) for index in tree["text_body"])),
        "html": any("Html" in tree["parts"][index]["body"] for index in tree["html_body"]),
        "attachments": [_attachment(tree["parts"][index], data) for index in tree["attachments"]],
    }


def squeezed(text: str) -> str:
    """`text` without any white space or invisible marks: how it is broken into lines is nobody's content."""
    return "".join(one for one in unicodedata.normalize("NFC", text) if not one.isspace() and one not in "\ufeff\0")


def _header(tree: dict[str, Any], name: str) -> Any:
    return next((one["value"] for one in tree["parts"][0]["headers"] if one["name"] == name), None)


def _addresses(tree: dict[str, Any], name: str) -> list[tuple[str, str]]:
    value = (_header(tree, name) or {}).get("Address", {})
    members = value.get("List") or [one for group in value.get("Group", []) for one in group["addresses"]]
    return [(squeezed(one["name"] or ""), (one["address"] or "").lower()) for one in members]


def _date(tree: dict[str, Any]) -> datetime | None:
    value = _header(tree, "date")
    if not isinstance(value, dict):
        return None
    date = value["DateTime"]
    minutes = (date["tz_hour"] * 60 + date["tz_minute"]) * (-1 if date["tz_before_gmt"] else 1)
    zone = timezone(timedelta(minutes=minutes))
    year, month, day, hour, minute, second = (
        int(date[key]) for key in ("year", "month", "day", "hour", "minute", "second")
    )
    return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)


def _readable(part: dict[str, Any]) -> str:
    body = part["body"]
    return to_text(body["Html"]) if "Html" in body else str(body.get("Text", ""))


def _attachment(part: dict[str, Any], data: bytes) -> tuple[str, str, object]:
    headers = {one["name"]: one["value"] for one in part["headers"] if isinstance(one["name"], str)}
    kind = headers.get("content_type", {}).get("ContentType") or {}
    default = "message/rfc822" if "Message" in part["body"] else "text/plain"
    type_ = f"{kind['c_type']}/{kind.get('c_subtype') or ''}".lower() if kind else default
    return _file_name(headers), type_, _content(part["body"], part, data)


def _file_name(headers: dict[str, Any]) -> str:
    for header, name in (("content_disposition", "filename"), ("content_type", "name")):
        value = headers.get(header)
        attributes = ((value.get("ContentType") or {}) if isinstance(value, dict) else {}).get("attributes") or []
        for attribute in attributes:
            if attribute["name"] == name:
                return squeezed(attribute["value"])
    return ""


def _content(body: dict[str, Any], part: dict[str, Any], data: bytes) -> object:
    for kind in ("Binary", "InlineBinary"):
        if kind in body:
            return bytes(body[kind]) if isinstance(body[kind], list) else str(body[kind])
    if "Message" in body:
        return _bare(data[part["offset_body"] : part["offset_end"]])
    return squeezed(body.get("Text") or body.get("Html") or "")


def _bare(data: bytes) -> bytes:
    return re.sub(rb"\s", b"", data)


def disagreements(expected: Expected, found: dict[str, Any]) -> list[str]:
    """The fields in which `found` (keyed by `FIELDS`) differs from the gold."""
    return [name for name in FIELDS if not COMPARE.get(name, _equal)(expected.fields[name], found[name])]


def fields_of(parsed: Parsed) -> dict[str, Any]:
    """Our own reading, keyed by `FIELDS`."""
    sender = (parsed.sender,) if parsed.sender.email or parsed.sender.name else ()
    people = {"from": sender, "to": parsed.to, "cc": parsed.cc, "reply_to": parsed.reply_to}
    return {
        **{name: [(one.name, one.email) for one in several] for name, several in people.items()},
        "subject": parsed.subject,
        "date": parsed.date,
        "message_id": parsed.message_id,
        "text": parsed.text,
        "html": parsed.html,
        "attachments": [(one.name, one.content_type, one.data) for one in parsed.attachments],
    }


def is_gold_wrong(expected: Expected, name: str) -> bool:
    """Whether the gold's value of this field is known to be wrong (`WRONG_GOLD`)."""
    return (expected.name.removesuffix(".crlf"), name) in WRONG_GOLD


def _equal(wanted: object, found: object) -> bool:
    return wanted == found


def _same_addresses(wanted: list[tuple[str, str]], found: list[tuple[str, str]]) -> bool:
    """The same people in the same order; a name that only repeats the address is none."""
    return [_person(*one) for one in wanted] == [_person(squeezed(name), email.lower()) for name, email in found]


def _person(name: str, email: str) -> tuple[str, str]:
    return ("" if name.lower() == email else name.strip("'\""), email)


def _same_files(wanted: list[tuple[str, str, object]], found: list[tuple[str, str, bytes]]) -> bool:
    if len(wanted) != len(found):
        return False
    return all(_same_file(*pair) for pair in zip(wanted, found, strict=True))


def _same_file(wanted: tuple[str, str, object], found: tuple[str, str, bytes]) -> bool:
    name, kind, content = wanted
    named = not name or squeezed(found[0]) == name.replace(" ", "")
    if isinstance(content, bytes):
        same = content == found[2] or (kind.startswith("message/") and _bare(content) == _bare(found[2]))
    else:
        same = any(squeezed(found[2].decode(codec, "replace")) == content for codec in ("utf-8", "cp1252"))
    return named and kind == found[1].lower() and same


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    **dict.fromkeys(ADDRESS_FIELDS, _same_addresses),
    "subject": lambda wanted, found: wanted == squeezed(found),
    "text": lambda wanted, found: wanted == squeezed(found),
    "html": lambda wanted, found: wanted == bool(found),
    "attachments": _same_files,
}
