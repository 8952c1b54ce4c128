"""How a mailbox's letters and pages look: sender, signature, language, hours, brand."""

import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from backstory.conversations import queries, signatures
from backstory.conversations.models import Mailbox
from backstory.kernel import calendars, files
from backstory.kernel.errors import InvalidInput
from backstory.kernel.text import storable
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

COLOR = re.compile(r"#[0-9a-f]{6}")
LARGEST_LOGO = 300_000  # bytes
PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
"""How a picture that browsers show begins; SVG is not among them, since it can hold script."""
LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Manner:
    """All that can be chosen at once. `logo` is the bytes of a new picture, None to keep what is there, empty to have
    none; `hours` is as `kernel.calendars.parse` reads it, empty for the desk's own."""

    sender_name: str
    signature: str
    language: str
    hours: dict[str, Any]
    quote_replies: bool
    brand_name: str
    brand_color: str
    logo: bytes | None = None


def set_manner(viewer: User, pk: int, manner: Manner) -> Mailbox:
    """Leads of the mailbox's team and administrators. Raises InvalidInput naming the field."""
    mailbox = queries.get_mailbox(viewer, pk)
    policy.require(viewer, Permission.EDIT_MAILBOX_MANNER, mailbox.team_id)
    fields = _checked(manner)
    if manner.logo is not None:
        kind = _picture(manner.logo) if manner.logo else ""
        fields |= {"brand_logo": files.put("logos", manner.logo)[0] if kind else "", "brand_logo_type": kind}
    with transaction.atomic():
        for name, value in fields.items():
            setattr(mailbox, name, value)
        mailbox.save(update_fields=list(fields))
        record("mailbox.changed", actor=viewer, team_id=mailbox.team_id, subject=("mailbox", mailbox.pk))
    return mailbox


def _checked(manner: Manner) -> dict[str, Any]:
    color, language = manner.brand_color.strip().lower(), manner.language.strip().lower()
    signature = storable(manner.signature).strip()
    if not manner.sender_name.strip():
        raise InvalidInput("Customers need a name to see on the letters.", "sender_name")
    if len(signature) > signatures.LONGEST:
        raise InvalidInput(f"A signature can have {signatures.LONGEST:,} characters.", "signature")
    strange = signatures.unknown(signature)
    if strange:
        words = (
            f"{strange[0]} means nothing here. Known are {', '.join(f'{{{one}}}' for one in signatures.PLACEHOLDERS)}."
        )
        raise InvalidInput(words, "signature")
    if color and not COLOR.fullmatch(color):
        raise InvalidInput("A colour is written like #1f5f5b.", "brand_color")
    if language and not LANGUAGE.fullmatch(language):
        raise InvalidInput("Choose a language.", "language")
    if manner.hours:
        calendars.parse(manner.hours)
    return {
        "sender_name": storable(manner.sender_name).strip()[:100],
        "signature": signature,
        "language": language,
        "hours": manner.hours,
        "quote_replies": manner.quote_replies,
        "brand_name": storable(manner.brand_name).strip()[:100],
        "brand_color": color,
    }


def _picture(data: bytes) -> str:
    if len(data) > LARGEST_LOGO:
        raise InvalidInput(f"A logo can have {LARGEST_LOGO // 1000} kB.", "logo")
    kind = next((kind for start, kind in PICTURES.items() if data.startswith(start)), "")
    if not kind or (kind == "image/webp" and data[8:12] != b"WEBP"):
        raise InvalidInput("A logo is a PNG, JPEG or WebP picture.", "logo")
    return kind
