"""Encryption at rest for the few secrets the desk must be able to use again, such as mailbox passwords."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from backstory.kernel.errors import BackstoryError


def _cipher() -> Fernet:
    key = hashlib.sha256(b"backstory.secret:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(plain: str) -> str:
    """Encrypt with a key derived from SECRET_KEY; the empty string stays empty."""
    return _cipher().encrypt(plain.encode()).decode() if plain else ""


def unseal(sealed: str) -> str:
    """The text that was sealed; raises BackstoryError when SECRET_KEY has changed since."""
    if not sealed:
        return ""
    try:
        return _cipher().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise BackstoryError("A stored password cannot be read: SECRET_KEY has changed. Enter it again.") from None
