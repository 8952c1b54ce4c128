"""One's own name, signature, API tokens and theme."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from backstory.people import actions, queries
from backstory.web.shell import THEME_COOKIE, THEMES
from backstory.web.views.common import back_to, page, page_of, signed_in, viewer
from backstory.web.views.forms import text_of

YEAR = 365 * 24 * 3600


def _profile(request: HttpRequest, secret: str = "") -> HttpResponse:
    context = {"tokens": list(queries.tokens(viewer(request))), "secret": secret}
    return page(request, "web/profile.html", "profile", context)


@require_GET
@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    return _profile(request)


@require_POST
@signed_in
def save(request: HttpRequest) -> HttpResponse:
    name, signature = text_of(request, "name"), text_of(request, "signature")
    quote = text_of(request, "quote_replies")
    actions.update_profile(viewer(request), name=name, signature=signature, quote_replies=quote)
    return back_to(request, "web:profile", _("Saved."))


@require_POST
@signed_in
@sensitive_variables("secret")
def issue_token(request: HttpRequest) -> HttpResponse:
    """A new token, shown this once and never again."""
    secret = actions.issue_token(viewer(request), text_of(request, "name"))
    response = _profile(request, secret)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@signed_in
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    actions.revoke_token(viewer(request), pk)
    return back_to(request, "web:profile", _("Token revoked."))


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme in a cookie; the script does the same without a round trip."""
    response = back_to(request, page_of(request))
    chosen = text_of(request, "theme")
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response
