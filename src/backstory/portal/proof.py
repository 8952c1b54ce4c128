"""Proof of work against spam (ALTCHA, version 2): the browser does a small sum, nobody else is involved.

The solver in the browser is vendored in `static/vendor`; checking is the `altcha` package's.
"""

import hashlib
from random import SystemRandom
from typing import Any, Literal

import altcha
from django.conf import settings
from django.core.cache import cache

from backstory.kernel import clock

ALGORITHM = "PBKDF2/SHA-256"
COST = 2_000  # PBKDF2 iterations for each try
TRIES = (150, 450)  # how many tries a challenge takes: bounded, so that an old phone never waits for bad luck
LIFETIME_MINUTES = 20
LONGEST_PAYLOAD = 4_000
KEPT_SECONDS = (LIFETIME_MINUTES + 5) * 60

Verdict = Literal["valid", "missing", "expired"]


def _secret(purpose: str) -> str:
    return hashlib.sha256(f"backstory.portal.proof.{purpose}:{settings.SECRET_KEY}".encode()).hexdigest()


def challenge() -> dict[str, Any]:
    """A fresh, signed challenge as the browser's solver reads it."""
    made = altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=SystemRandom().randint(*TRIES),
        expires_at=clock.ahead(minutes=LIFETIME_MINUTES),
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("key"),
    )
    answer: dict[str, Any] = made.to_dict()
    return answer


def verify(payload: str) -> Verdict:
    """Whether the payload (base64 JSON) solves a challenge of ours that is still fresh."""
    if not payload or len(payload) > LONGEST_PAYLOAD:
        return "missing"
    try:
        result = altcha.verify_solution(payload, _secret("challenge"), hmac_key_secret=_secret("key"))
    except (AttributeError, TypeError, ValueError):  # nested junk where an object should be
        return "missing"
    if result.verified:
        return "valid"
    return "expired" if result.expired else "missing"


def spend(payload: str, digest: str) -> bool:
    """Use up a valid solution for the content with this digest; False when it already served other content.

    A double click sends the same content twice: that is no replay.
    """
    nonce = altcha.Payload.from_base64(payload).challenge.parameters.nonce
    key = f"portal:proof:{nonce}"
    if cache.add(key, digest, KEPT_SECONDS):
        return True
    return bool(cache.get(key) == digest)
