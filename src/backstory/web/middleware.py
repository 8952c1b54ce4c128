"""Errors raised on purpose become pages in plain words; the rest is Django's and the log's business."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from backstory.kernel.errors import BackstoryError
from backstory.web.views import errors
from backstory.web.views.common import is_fragment, page_of


class error_pages:
    """A form that was refused goes back to its page with the reason; anything else gets an error page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # No row can hold NUL, so nothing is found under it; PostgreSQL would not even take the question. The API
        # says so in its own way.
        if "%00" in request.META.get("QUERY_STRING", "") and not request.path.startswith("/api/"):
            return errors.page(request, 404, str(_("There is no such page.")))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, BackstoryError):
            return None
        status = error.status
        if _is_plain_form(request) and status in (409, 422):
            messages.error(request, str(error))
            return HttpResponseRedirect(page_of(request))
        return errors.page(request, status, str(error))


def _is_plain_form(request: HttpRequest) -> bool:
    """A form of the workspace, posted without htmx by somebody who is logged in."""
    is_form = request.method == "POST" and not is_fragment(request)
    return is_form and request.user.is_authenticated and not request.path.startswith("/api/")
