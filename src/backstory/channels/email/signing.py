"""DKIM signatures (RFC 6376) under letters, by dkimpy."""

from __future__ import annotations

import dkim

from backstory.conversations.models import DkimKey
from backstory.kernel.errors import BackstoryError
from backstory.kernel.secret import unseal

HEADERS = (
    b"from to cc reply-to subject date message-id in-reply-to references mime-version content-type "
    b"auto-submitted list-unsubscribe list-unsubscribe-post"
).split()
"""What is signed where it is there (RFC 6376, section 5.4.1; RFC 8058 asks for the last two)."""


class CannotSign(BackstoryError):
    """The key cannot be used; says why."""


def signed(data: bytes, key: DkimKey) -> bytes:
    """The letter below its signature. Raises CannotSign."""
    try:
        private = unseal(key.private_key_sealed).encode()
        present = [name for name in HEADERS if _has(data, name)]
        # From is signed once more than it occurs, so that nobody can add a second one.
        signature = dkim.sign(
            data,
            key.selector.encode(),
            key.domain.encode(),
            private,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[*present, b"from"],
        )
    except (dkim.DKIMException, BackstoryError, ValueError) as error:
        raise CannotSign(f"The letter cannot be signed for {key.domain}: {error}") from None
    return bytes(signature) + data


def _has(data: bytes, name: bytes) -> bool:
    head = b"\r\n" + data.partition(b"\r\n\r\n")[0].lower()
    return b"\r\n" + name + b":" in head


def is_verified(data: bytes, key: DkimKey) -> bool:
    """Whether a signed letter is good by the key's own public half, without asking the DNS."""
    record = key.record.encode()
    return bool(dkim.verify(data, dnsfunc=lambda name, timeout=5: record))


def published(key: DkimKey, timeout: float = 5) -> str | None:
    """The public key that the DNS holds, None where there is no such record. Raises OSError when nothing answers."""
    from dns.exception import DNSException
    from dns.resolver import NXDOMAIN, NoAnswer, resolve

    try:
        answer = resolve(f"{key.selector}._domainkey.{key.domain}", "TXT", lifetime=timeout)
    except (NXDOMAIN, NoAnswer):
        return None
    except DNSException as error:
        raise OSError(str(error)) from None
    text = "".join(part.decode("ascii", "replace") for row in answer for part in row.strings)
    fields = dict(field.strip().split("=", 1) for field in text.split(";") if "=" in field)
    return "".join(fields.get("p", "").split()) or None
