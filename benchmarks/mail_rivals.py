"""Other mail libraries behind one face each, for `mail_parsing`; what is not installed is said to be missing."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from functools import partial
from typing import Any

Fields = dict[str, Any]
PACKAGES = {
    "imap-tools": "imap_tools",
    "mail-parser": "mailparser",
    "mail-parser-reply": "mailparser_reply",
    "talon": "talon.quotations",
    "quotequail": "quotequail",
    "flufl.bounce": "flufl.bounce",
}


def module(name: str) -> Any:
    """The package called `name` on the registry, or None where it cannot be imported."""
    try:
        return importlib.import_module(PACKAGES[name])
    except Exception:  # an old library may fail in any way on a new Python
        return None


def stdlib_fields(data: bytes, parsed: Any = None) -> Fields:
    """The standard library's own decoded view (`policy.default`); `parsed` where that was done already."""
    message = parsed or message_from_bytes(data, policy=policy.default)
    people = {name: _attempt(partial(_stdlib_people, message, name)) for name in ("from", "to", "cc", "reply-to")}
    body = _attempt(lambda: message.get_body(("plain", "html")))
    files = _attempt(lambda: [_stdlib_file(part) for part in message.iter_attachments()])
    return {
        **{name.replace("-", "_"): value or [] for name, value in people.items()},
        "subject": _attempt(lambda: str(message["subject"] or "")) or "",
        "date": _utc(_attempt(lambda: message["date"].datetime)),
        "message_id": (_attempt(lambda: str(message["message-id"])) or "").strip("<> "),
        "text": _attempt(lambda: str(body.get_content())) or "",
        "html": _attempt(lambda: message.get_body(("html",)) is not None) or False,
        "attachments": files or [],
    }


def stdlib_everything(data: bytes) -> Fields:
    """What the standard library can do by itself of what Backstory does: fields, addresses, date, the text and the HTML
    decoded, and each file with its bytes. It makes no HTML safe and tells no reply from history."""
    message = message_from_bytes(data, policy=policy.default)
    html = _attempt(lambda: message.get_body(("html",)))
    return {**stdlib_fields(data, message), "html": _attempt(lambda: str(html.get_content())) if html else ""}


def _attempt(read: Callable[[], Any]) -> Any:
    """What `read` gives, or None where it raises: stricter libraries do so on real mail."""
    try:
        return read()
    except Exception:
        return None


def _stdlib_people(message: Any, header: str) -> list[tuple[str, str]]:
    field = message[header]
    return [(one.display_name, one.addr_spec) for one in field.addresses] if field else []


def _stdlib_file(part: Any) -> tuple[str, str, bytes]:
    content = part.get_content()
    data = content.encode() if isinstance(content, str) else content if isinstance(content, bytes) else bytes(content)
    return part.get_filename() or "", part.get_content_type(), data


def _utc(date: datetime | None) -> datetime | None:
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC) if date else None


def imap_tools_fields(data: bytes) -> Fields:
    message = module("imap-tools").MailMessage.from_bytes(data)

    def people(values: Any) -> list[tuple[str, str]]:
        return [(one.name, one.email) for one in values if one] if values else []

    return {
        "from": people([message.from_values]),
        "to": people(message.to_values),
        "cc": people(message.cc_values),
        "reply_to": people(message.reply_to_values),
        "subject": message.subject,
        "date": _utc(message.date) if message.date_str else None,
        "message_id": "".join(message.headers.get("message-id", ())[:1]).strip("<> "),
        "text": message.text,
        "html": message.html,
        "attachments": [(one.filename, one.content_type, one.payload) for one in message.attachments],
    }


def mail_parser_fields(data: bytes) -> Fields:
    message = module("mail-parser").parse_from_bytes(data)

    def people(values: Any) -> list[tuple[str, str]]:
        return [tuple(one) for one in values if any(one)]

    return {
        "from": people(message.from_),
        "to": people(message.to),
        "cc": people(message.cc),
        "reply_to": people(message.reply_to),
        "subject": message.subject or "",
        "date": _utc(message.date),
        "message_id": (message.message_id or "").strip("<> "),
        "text": "\n".join(message.text_plain),
        "html": message.text_html,
        "attachments": [_mail_parser_file(one) for one in message.attachments],
    }


def _mail_parser_file(one: dict[str, Any]) -> tuple[str, str, bytes]:
    payload = one["payload"]
    data = _decoded(payload) if one["binary"] else payload.encode("utf-8", "replace")
    return one["filename"], one["mail_content_type"], data


def _decoded(payload: str) -> bytes:
    import base64

    return base64.b64decode(payload)


FIELD_READERS: dict[str, Callable[[bytes], Fields]] = {
    "stdlib email (policy.default)": stdlib_fields,
    "imap-tools": imap_tools_fields,
    "mail-parser": mail_parser_fields,
}
LANGUAGES = ["en", "de", "fr", "it", "es", "nl", "pl", "sv", "da", "cs", "ja", "ko", "zh"]


def reply_by_mail_parser_reply(text: str, kind: str) -> list[str]:
    if kind == "html":
        return []
    mail = module("mail-parser-reply").EmailReplyParser(languages=LANGUAGES).read(text=text)
    latest = mail.replies[0] if mail.replies else None
    return [latest.body or "", latest.full_body or ""] if latest else []


def reply_by_talon(text: str, kind: str) -> list[str]:
    quotations = module("talon")
    if kind == "text":
        return [quotations.extract_from_plain(text)]
    from backstory.channels.email.markup import to_text

    return [to_text(quotations.extract_from_html(text))]


def reply_by_quotequail(text: str, kind: str) -> list[str]:
    library = module("quotequail")
    if kind == "text":
        unwrapped = library.unwrap(text)
        return [unwrapped.get("text_top", "") if unwrapped else text]
    from backstory.channels.email.markup import to_text

    unwrapped = library.unwrap_html(text)
    return [to_text(unwrapped.get("html_top", "") if unwrapped else text)]


REPLY_READERS: dict[str, Callable[[str, str], list[str]]] = {
    "mail-parser-reply": reply_by_mail_parser_reply,
    "talon": reply_by_talon,
    "quotequail": reply_by_quotequail,
}


def bounced_by_flufl(data: bytes) -> tuple[bool, list[bool]]:
    """Whether it is a bounce, and for each recipient whether the failure is permanent."""
    detectors = importlib.import_module("flufl.bounce")
    temporary, permanent = detectors.all_failures(message_from_bytes(data))
    found = [False] * len(temporary) + [True] * len(permanent)
    return bool(found), found
