"""Identifiers that cannot be guessed."""

import hashlib
import secrets

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # lower case without look-alikes: safe in mail addresses


def token(length: int = 16) -> str:
    """A random identifier of `length` characters (about 4.9 bits each)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def digest(secret: str) -> str:
    """SHA-256 in hexadecimal of a high-entropy secret, for storing it without keeping it."""
    return hashlib.sha256(secret.encode()).hexdigest()
