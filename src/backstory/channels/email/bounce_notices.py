"""Notices of delivery that come as JSON in a letter: Amazon SES through its notification service."""

from __future__ import annotations

import json
from typing import Any

from backstory.channels.email.addresses import normalise
from backstory.channels.email.bounce_text import MAX_RECIPIENTS

_KINDS = {"Bounce": "bouncedRecipients", "Complaint": "complainedRecipients"}


def notice_in(text: str) -> dict[str, Any] | None:
    """The notice a text consists of, or None."""
    start = text.lstrip()[:2_000]
    if not start.startswith("{") or ('"notificationType"' not in start and '"eventType"' not in start):
        return None
    try:
        notice, _ = json.JSONDecoder(strict=False).raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        return None
    kind = notice.get("notificationType", notice.get("eventType"))
    return notice if kind in {*_KINDS, "Delivery"} else None


def noticed(notice: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Address, status and the server's words of each recipient; "feedback" or "delivered" for other kinds."""
    kind = notice.get("notificationType", notice.get("eventType"))
    if kind == "Delivery":
        addresses = _list(notice, "delivery", "recipients") or _list(notice, "mail", "destination")
        return [(one, "2.0.0", "delivered") for word in addresses if (one := normalise(str(word)))]
    people = _list(notice, str(kind).lower(), _KINDS[str(kind)])
    found: list[tuple[str, str, str]] = []
    for person in people:
        email = normalise(str(person.get("emailAddress", ""))) if isinstance(person, dict) else None
        if email:
            words = "feedback" if kind == "Complaint" else str(person.get("diagnosticCode", ""))
            found.append((email, str(person.get("status", "")), words))
    return found[:MAX_RECIPIENTS]


def _list(notice: dict[str, Any], outer: str, inner: str) -> list[Any]:
    within = notice.get(outer)
    value = within.get(inner) if isinstance(within, dict) else None
    return value if isinstance(value, list) else []
