"""What is asked about a letter before it becomes a message: who sent it, whether it is spam, whether it is harmful."""

from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings

from backstory.channels.email.identity import identity_of
from backstory.channels.email.scanners import ScannerError, spam_verdict, virus_name
from backstory.conversations.actions import note_checks, quarantine
from backstory.conversations.models import RawMessage

log = structlog.get_logger(__name__)


def passes(raw: RawMessage, data: bytes) -> bool:
    """Ask all that the settings name, keep the verdicts with the original, and quarantine what must not go on.

    A virus scanner that does not answer holds the letter up (raises ScannerError: it is tried again and at last waits
    in quarantine); a spam filter or a name server that does not answer does not. What a person has released passes.
    """
    checks: dict[str, Any] = {}
    _ask_identity(raw, data, checks)
    reason, basis = "", ""
    if "released" not in raw.corrections:
        reason, basis = _ask_virus(data, checks)
        if not reason:
            reason, basis = _ask_spam(raw, data, checks)
    if reason:
        quarantine(raw.pk, reason, basis, checks)
    elif checks:
        note_checks(raw.pk, checks)
    return not reason


def _ask_identity(raw: RawMessage, data: bytes, checks: dict[str, Any]) -> None:
    try:
        identity = identity_of(data, raw.envelope)
    except Exception as error:  # whatever the libraries make of a hostile letter, it says nothing about its sender
        log.warning("sender's identity could not be checked", raw_id=raw.pk, error=type(error).__name__)
        return
    if identity is not None:
        checks["identity"] = identity.to_dict()


def _ask_virus(data: bytes, checks: dict[str, Any]) -> tuple[str, str]:
    if not settings.MAIL_VIRUS_SCANNER:
        return "", ""
    found = virus_name(settings.MAIL_VIRUS_SCANNER, data)
    checks["virus"] = {"found": found} if found else {"found": "none"}
    return (f"The virus scanner found {found}.", "virus") if found else ("", "")


def _ask_spam(raw: RawMessage, data: bytes, checks: dict[str, Any]) -> tuple[str, str]:
    if not settings.MAIL_SPAM_FILTER:
        return "", ""
    try:
        verdict = spam_verdict(settings.MAIL_SPAM_FILTER, data, raw.envelope)
    except ScannerError as error:
        log.warning("spam filter", raw_id=raw.pk, error=str(error))
        checks["spam"] = {"verdict": "not asked", "why": str(error)[:300]}
        return "", ""
    word = "spam" if verdict.is_spam else "no spam"
    checks["spam"] = {"verdict": word, "score": verdict.score, "limit": verdict.limit, "rules": list(verdict.rules)}
    if not verdict.is_spam:
        return "", ""
    return f"The spam filter gives it {verdict.score:g} points; {verdict.limit:g} are too many.", "spam"
