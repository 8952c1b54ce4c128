"""Signed and encrypted parts (RFC 1847, RFC 8551, RFC 3156): what a letter says of itself, nothing checked here."""

from __future__ import annotations

from email.message import Message

from backstory.channels.email.headers import parameter

MAX_BYTES = 40_000_000
TYPES = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
ENCRYPTED = "encrypted with S/MIME: the text can be read only with the recipient's key"
SIGNED = "signed with S/MIME; the signature was not checked"


def note_on(part: Message) -> str:
    """What to say of a multipart that is signed or encrypted, or ""."""
    kind = part.get_content_type()
    protocol = parameter(part, "content-type", "protocol").lower()
    program = "OpenPGP" if "pgp" in protocol else "S/MIME" if "pkcs7" in protocol else "an unknown method"
    if kind == "multipart/encrypted":
        return f"encrypted with {program}: the text can be read only with the recipient's key"
    return f"signed with {program}; the signature was not checked" if kind == "multipart/signed" else ""


def signed_content(data: bytes) -> tuple[bytes, str]:
    """The letter inside an opaque signature ("smime.p7m") and what to say of it; no bytes where it is encrypted."""
    if len(data) > MAX_BYTES:
        return b"", "an S/MIME part is too large to be opened"
    from asn1crypto import cms  # slow to import, and few letters are signed so

    try:
        outer = cms.ContentInfo.load(data)
        kind = outer["content_type"].native
        if kind == "enveloped_data" or "enveloped" in str(kind):
            return b"", ENCRYPTED
        inner = outer["content"]["encap_content_info"]["content"].native if kind == "signed_data" else None
    except Exception:  # the decoder raises many kinds of errors for damaged data
        return b"", "an S/MIME part could not be read"
    return (inner, SIGNED) if isinstance(inner, bytes) else (b"", "an S/MIME part holds no text")
