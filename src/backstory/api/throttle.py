"""So many calls a minute for each token: one script that runs wild must not slow the desk down."""

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from backstory.api.auth import caller

WINDOW = 60


class CallsPerMinute(BaseThrottle):
    """Counts in windows of a clock minute, in the cache that all processes share. Keeps nothing in itself: ninja
    uses one object for all threads."""

    def allow_request(self, request: HttpRequest) -> bool:
        limit = settings.API_REQUESTS_PER_MINUTE
        if limit <= 0:
            return True
        key = f"api:calls:{caller(request)}:{int(time.time() // WINDOW)}"
        cache.add(key, 0, 2 * WINDOW)
        try:
            return bool(cache.incr(key) <= limit)
        except ValueError:  # the cache has just dropped it
            return True

    def wait(self) -> float:
        """Seconds until the next window."""
        return WINDOW - time.time() % WINDOW
