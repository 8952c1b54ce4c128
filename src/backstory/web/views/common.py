"""What the views share: who asks, what they sent, and how an answer goes back to a page or to htmx."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks, and so wants a part of the page only."""
    return request.headers.get("HX-Request") == "true"


def viewer(request: HttpRequest) -> User:
    """Who asks; views behind `signed_in` can rely on it."""
    return cast(User, request.user)


def signed_in(view: View[P]) -> View[P]:
    """Let only people with a log-in pass; htmx is told to go to the log-in page instead of swapping it in."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_login(request)
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request", "Cookie"])
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return checked


def _to_login(request: HttpRequest) -> HttpResponse:
    if not is_fragment(request):
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    page = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
    login = redirect_to_login(page, settings.LOGIN_URL)
    return HttpResponse(status=401, headers={"HX-Redirect": login.headers["Location"]})


def requires(permission: Permission) -> Callable[[View[P]], View[P]]:
    """Let only people with this permission pass (somewhere at the desk): NotAllowed for others."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        @signed_in
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            policy.require(viewer(request), permission)
            return view(request, *args, **kwargs)

        return checked

    return decorate


def page(request: HttpRequest, template: str, nav: str, context: Mapping[str, Any]) -> HttpResponse:
    """Render a whole page with its place in the navigation."""
    return render(request, template, {"nav": nav, **context})


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Where the form wants to return to, if that is on this site."""
    wanted = str(request.POST.get("next", ""))
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and allowed else resolve_url(fallback)


def back_to(request: HttpRequest, fallback: str, message: str = "") -> HttpResponse:
    """After a plain form: say what happened and go back to the page it stood on."""
    if message:
        messages.success(request, message)
    return HttpResponseRedirect(safe_next(request, fallback))


def page_of(request: HttpRequest) -> str:
    """The page of ours that a plain form stood on."""
    referrer = request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}/"
    return referrer if referrer.startswith(own) else safe_next(request, "web:queue")


def open_conversation(request: HttpRequest) -> int | None:
    """The conversation that is open on the page htmx asks from."""
    path = urlsplit(request.headers.get("HX-Current-URL", "")).path
    try:
        match = resolve(path) if path else None
    except Resolver404:
        return None
    return match.kwargs.get("pk") if match and match.view_name == "web:conversation" else None
