"""Pages for what went wrong, in plain words; JSON for the API, a short notice for htmx."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _

from backstory.web.views.common import is_fragment


def page(request: HttpRequest, status: int, text: str) -> HttpResponse:
    """What a refusal looks like to whoever asked."""
    if request.path.startswith("/api/"):
        return JsonResponse({"error": text}, status=status)
    if is_fragment(request):
        return render(request, "web/_notice.html", {"text": text, "is_error": True}, status=status)
    return render(request, "web/refusal.html", {"status": status, "text": text}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return page(request, 413, _("That is more than the desk takes at once. Nothing was kept."))
    return page(request, 400, _("Your browser sent something we could not understand."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403, str(exception or "") or _("Your role does not allow you to do this here."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404, _("There is no such page, or none that you may see."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old: nothing was changed."""
    text = _("This page had been open for too long. Nothing was changed: go back, reload and try again.")
    return page(request, 403, text)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    return page(request, 429, _("That was asked too often. Nothing was changed: wait a few minutes and try again."))


def signup_closed(request: HttpRequest) -> HttpResponse:
    """Nobody signs up at a complaint desk; whoever tries is told whom to ask."""
    return render(request, "account/signup_closed.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours. Rendered without session and database, which may be the very thing that fails."""
    if request.path.startswith("/api/"):
        return JsonResponse({"error": _("The fault has been logged.")}, status=500)
    return HttpResponse(get_template("web/fault.html").render({}), status=500)
