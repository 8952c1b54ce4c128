"""How much one address may send. Counted in the cache, under a keyed digest: no IP address is kept."""

import ipaddress

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from backstory.kernel import clock

WINDOW_MINUTES = 10
MOST_SENT = 20
"""Forms per window: enough for a household or an office behind one address."""
MOST_CHALLENGES = 100
MOST_CODES = 6
MOST_LINKS = 6
MOST_SCANS = 30
"""Scans of one code per window that count: more from one address are a machine, or somebody who reloads."""


def over(request: HttpRequest, kind: str, most: int) -> bool:
    """Count this request; whether its sender has now made more than `most` of the kind in this window.

    Read and write are two steps, so a burst may slip past by a few: a brake, not a lock.
    """
    window = int(clock.now().timestamp()) // (WINDOW_MINUTES * 60)
    sender = salted_hmac("backstory.portal.limits", _network(request)).hexdigest()[:32]
    key = f"portal:{kind}:{window}:{sender}"
    count = int(cache.get(key, 0)) + 1
    cache.set(key, count, WINDOW_MINUTES * 60)
    return count > most


def _network(request: HttpRequest) -> str:
    """The sender's address; of IPv6 the /64, because one household owns all of it."""
    raw = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return str(raw)
    if address.version == 6:
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address)
