"""A filled-in web form as bytes, and those bytes as a letter.

The bytes are canonical JSON (RFC 8259; keys sorted, ASCII, files in base64): the same form sent twice gives the
same bytes, so it is stored once. Pure: no framework.
"""

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from backstory.channels.email.charsets import clean, one_line
from backstory.channels.email.filenames import safe_name
from backstory.conversations.letters import Address, Inbound, InboundAttachment
from backstory.kernel.errors import InvalidInput

FORMAT = "backstory-form/1"
MEDIA_TYPE = re.compile(r"^[\w.+-]{1,60}/[\w.+-]{1,80}$", re.ASCII)

LABELS = {
    "en": ("What would make it right:", "Order or reference:"),
    "de": ("Was es wieder gutmachen würde:", "Bestellung oder Aktenzeichen:"),
    "es": ("Lo que lo arreglaría:", "Pedido o referencia:"),
    "fr": ("Ce qui réparerait les choses :", "Commande ou référence :"),
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it; name and media type are what the sender claims."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Submission:
    """What a person filled in. `form_id` is of the page they had before them: a page sent twice is one letter.

    `reply_token` names the conversation that is answered (from its status page), "" begins a new one.
    `reference` is what the person was given to come back to, `place` the code they had scanned.
    """

    form_id: str
    email: str
    happened: str
    name: str = ""
    subject: str = ""
    wish: str = ""
    order: str = ""
    language: str = ""
    reference: str = ""
    reply_token: str = ""
    place: str = ""
    files: tuple[Upload, ...] = ()


TEXT_FIELDS = tuple(field.name for field in fields(Submission) if field.name != "files")


def encode(submission: Submission) -> bytes:
    """The bytes that are stored before anything else; never fails, whatever characters were typed."""
    content: dict[str, Any] = {name: getattr(submission, name) for name in TEXT_FIELDS}
    content["format"] = FORMAT
    content["files"] = [
        {"name": file.name, "type": file.content_type, "data": base64.b64encode(file.data).decode()}
        for file in submission.files
    ]
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")


def decode(data: bytes) -> Submission:
    """The submission in stored bytes; raises InvalidInput with the reason when they hold none."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise InvalidInput("These bytes are not JSON, so no form can be read from them.") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise InvalidInput(f"This is no form of the kind {FORMAT}.")
    texts = {name: content.get(name, "") for name in TEXT_FIELDS}
    wrong = [name for name, value in texts.items() if not isinstance(value, str)]
    if wrong:
        raise InvalidInput(f"The form's {wrong[0]} is not text.", wrong[0])
    files = content.get("files", [])
    if not isinstance(files, list):
        raise InvalidInput("The form's files are not a list.", "files")
    return Submission(**texts, files=tuple(_upload(file) for file in files))


def _upload(file: Any) -> Upload:
    try:
        return Upload(str(file["name"]), str(file["type"]), base64.b64decode(file["data"], validate=True))
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise InvalidInput("A file of the form cannot be read.", "files") from None


def to_inbound(submission: Submission, address: str, received_at: datetime) -> Inbound:
    """The letter a form stands for, sent to the mailbox `address`; safe to store whatever was typed."""
    words = clean(submission.happened.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not words and not submission.files:
        raise InvalidInput("The form is empty.", "happened")
    attachments, problems = _attachments(submission.files)
    digest = hashlib.sha256(encode(submission)).hexdigest()
    return Inbound(
        channel="form",
        subject=_subject(submission, words),
        from_name=one_line(submission.name),
        from_address=one_line(submission.email).lower(),
        to=(Address(address),),
        sent_at=received_at,
        received_at=received_at,
        message_id=f"form.{digest[:40]}@{address.partition('@')[2]}",
        text=_text(submission, words),
        attachments=attachments,
        problems=problems,
        reply_token=submission.reply_token,
        customer_name=one_line(submission.name),
        language=submission.language,
        place=one_line(submission.place)[:20],
    )


def _subject(submission: Submission, words: str) -> str:
    """What was given as subject, else the first words; with the reference, so that a search finds it."""
    subject = one_line(submission.subject) or _first_words(one_line(words))
    reference = one_line(submission.reference)
    return f"{subject} [{reference}]" if reference else subject


def _first_words(line: str, longest: int = 70) -> str:
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + "…"


def _text(submission: Submission, words: str) -> str:
    wish_label, order_label = LABELS.get(submission.language, LABELS["en"])
    parts = [words]
    if wish := clean(submission.wish.replace("\r\n", "\n")).strip():
        parts.append(f"{wish_label}\n{wish}")
    if order := one_line(submission.order):
        parts.append(f"{order_label} {order}")
    return "\n\n".join(part for part in parts if part)


def _attachments(files: tuple[Upload, ...]) -> tuple[tuple[InboundAttachment, ...], tuple[str, ...]]:
    attachments, problems = [], []
    for number, file in enumerate(files, 1):
        media_type = file.content_type.lower() if MEDIA_TYPE.match(file.content_type) else ""
        name, problem = safe_name(file.name, media_type, number)
        attachments.append(InboundAttachment(name, media_type or "application/octet-stream", file.data))
        problems += [problem] if problem else []
    return tuple(attachments), tuple(dict.fromkeys(problems))
