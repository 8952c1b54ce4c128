"""Every refusal has one shape: `{"error": "in plain words", "field": "which, if one"}`."""

import math
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError

from backstory.api.schemas import Error
from backstory.conversations.recipients import UnconfirmedRecipients
from backstory.kernel.errors import BackstoryError

WORDS = {
    400: "The request body is not JSON.",
    401: "Send a valid token: Authorization: Bearer bsy_…",
    403: "The CSRF token is missing or wrong.",
    429: "Too many calls: try again in a moment.",
}

READ: dict[int, Any] = dict.fromkeys((401, 403, 404, 422, 429), Error)
"""What may be answered to a reading call instead of what was asked for."""
WRITE: dict[int, Any] = READ | dict.fromkeys((400, 409, 503), Error)


def _answer(
    api: NinjaAPI, request: HttpRequest, status: int, text: str, field: str | None = None, **more: Any
) -> HttpResponse:
    body = {"error": text} | ({"field": field} if field else {}) | more
    return api.create_response(request, body, status=status)


def _problem(errors: list[dict[str, Any]]) -> tuple[str, str]:
    """The first thing wrong with what was sent, and where: `("Field required", "text")`."""
    first = errors[0]
    named = [str(part) for part in first.get("loc", ()) if part not in ("body", "path", "query", "sent")]
    return str(first.get("msg", "not valid")), ".".join(named)


def register(api: NinjaAPI) -> None:
    """Answer errors of ours and of the framework in the one shape."""

    @api.exception_handler(BackstoryError)
    def refused(request: HttpRequest, error: BackstoryError) -> HttpResponse:
        if isinstance(error, UnconfirmedRecipients):
            return _answer(api, request, error.status, str(error), confirm=[each.key for each in error.warnings])
        return _answer(api, request, error.status, str(error), getattr(error, "field", None))

    @api.exception_handler(ValidationError)
    def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        text, field = _problem(error.errors)
        return _answer(api, request, 422, f"{field}: {text}" if field else text, field)

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return _answer(api, request, 404, "There is no such thing.")

    @api.exception_handler(HttpError)
    def by_status(request: HttpRequest, error: HttpError) -> HttpResponse:
        response = _answer(api, request, error.status_code, WORDS.get(error.status_code, str(error)))
        if error.status_code == 401:
            response["WWW-Authenticate"] = "Bearer"
        if isinstance(error, Throttled) and error.wait is not None:
            response["Retry-After"] = str(math.ceil(error.wait))
        return response
