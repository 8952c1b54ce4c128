"""Keys with which letters are signed (DKIM, RFC 6376)."""

import base64
import re

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import transaction

from backstory.conversations.models import DkimKey
from backstory.kernel.errors import InvalidInput
from backstory.kernel.secret import seal
from backstory.live.actions import record

BITS = 2048  # RFC 8301, section 3.2
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9](-?[a-z0-9])*\.)+[a-z0-9](-?[a-z0-9])*", re.IGNORECASE)
_SELECTOR = re.compile(r"[a-z0-9](-?[a-z0-9])*", re.IGNORECASE)


def make_dkim_key(domain: str, selector: str = "backstory") -> DkimKey:
    """A new key for the letters of a domain, in place of the one it had. It signs when it is switched on, after its
    record stands in the DNS.

    Raises InvalidInput for what is no domain or selector.
    """
    if not _DOMAIN.fullmatch(domain):
        raise InvalidInput(f"“{domain[:100]}” is not a domain.", "domain")
    if not _SELECTOR.fullmatch(selector) or len(selector) > 63:
        raise InvalidInput(f"“{selector[:100]}” cannot be a selector: letters, digits and hyphens.", "selector")
    private, public = _made()
    fields = {
        "selector": selector.lower(),
        "private_key_sealed": seal(private),
        "public_key": public,
        "is_active": False,
    }
    with transaction.atomic():
        key, _ = DkimKey.objects.update_or_create(domain=domain.lower(), defaults=fields)
        record("dkim_key.made", subject=("dkim_key", key.pk), domain=key.domain)
    return key


def _made() -> tuple[str, str]:
    """(private key in PEM, public key in Base64)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), base64.b64encode(public).decode()
