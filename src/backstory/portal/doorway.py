"""What every page of the portal goes through: how often, how large, and whether the form was really ours."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from backstory.kernel.errors import NotFound
from backstory.portal import limits, pages, uploads

View = Callable[..., HttpResponse]
FORGED = "backstory.portal.forged"


class _FormCheck(CsrfViewMiddleware):
    """Leaves the answer to the view, so that it can give back what was typed."""

    def _reject(self, request: HttpRequest, reason: str) -> None:
        request.META[FORGED] = reason


class _SecretFormCheck(_FormCheck):
    """For pages with `Referrer-Policy: no-referrer`: there browsers send their own forms with `Origin: null`
    (Fetch Standard, “append a request Origin header”). The token and the cookie are checked all the same."""

    def _origin_verified(self, request: HttpRequest) -> bool:
        return request.META["HTTP_ORIGIN"] == "null" or bool(super()._origin_verified(request))  # type: ignore[misc]


def forged(request: HttpRequest) -> bool:
    """Whether a form came without the token of this browser's own page (cross-site request forgery)."""
    return FORGED in request.META


def doorway(*, secret: bool = False) -> Callable[[View], View]:
    """Wrap a view of the portal; `secret` for one whose address is its key. NotFound becomes a kind page."""

    def decorate(view: View) -> View:
        checked = cast(View, decorator_from_middleware(_SecretFormCheck if secret else _FormCheck)(view))

        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.META.pop(FORGED, None)
            try:
                response = _refusal(request) or checked(request, *args, **kwargs)
            except NotFound:
                response = pages.gone(request)
            return pages.secret(response) if secret else response

        # Exempt outside and checked inside: the upload limits must stand before anything reads the form.
        return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(wrapped))

    return decorate


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """The page for a form that is not even looked at: too many, too large, or broken on its way."""
    if request.method != "POST":
        return None
    if limits.over(request, "sent", limits.MOST_SENT):
        return pages.too_much(request)
    if _announced(request) > uploads.largest_request():
        return pages.too_large(request)
    request.upload_handlers.insert(0, uploads.LimitedUploads(request))
    try:
        _ = request.POST, request.FILES
    except RequestDataTooBig:
        return pages.too_large(request)
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return pages.garbled(request)
    return None


def _announced(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
