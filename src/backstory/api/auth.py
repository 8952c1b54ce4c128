"""Who calls: the bearer of a token, or somebody who is logged in here (then with CSRF protection)."""

from typing import cast

from django.core.cache import cache
from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.security import SessionAuth as NinjaSessionAuth

from backstory.kernel.ids import digest
from backstory.people.actions import touch_token
from backstory.people.models import User
from backstory.people.queries import user_by_token

TOUCH_SECONDS = 60
LONGEST_TOKEN = 200


class TokenAuth(HttpBearer):
    """`Authorization: Bearer bsy_…` (RFC 6750). Unknown and revoked tokens are the same: 401."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        secret = token.strip()
        user = user_by_token(secret) if 0 < len(secret) <= LONGEST_TOKEN else None
        if user is None:
            return None
        request.user = user
        fingerprint = digest(secret)
        request.META["backstory.caller"] = f"token:{fingerprint}"
        if cache.add(f"api:touched:{fingerprint}", 1, TOUCH_SECONDS):  # a read must not write each time
            touch_token(secret)
        return user


class SessionAuth(NinjaSessionAuth):
    """The log-in of the workspace, for trying the API from its reference. A bad token is never rescued by it."""

    def __call__(self, request: HttpRequest) -> User | None:
        if "Authorization" in request.headers or not request.user.is_authenticated:
            return None
        request.META["backstory.caller"] = f"user:{request.user.pk}"
        return cast(User | None, super().__call__(request))


def viewer(request: HttpRequest) -> User:
    """The person on whose behalf the call is made."""
    return cast(User, request.auth)  # type: ignore[attr-defined]


def caller(request: HttpRequest) -> str:
    """What calls are counted by: the token, or the person where a log-in is used."""
    return str(request.META.get("backstory.caller", "anonymous"))
