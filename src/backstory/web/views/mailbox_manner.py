"""How a mailbox's letters look: for leads of its team and administrators."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from backstory.channels.email.letter_html import fragment
from backstory.conversations import actions, signatures
from backstory.conversations.models import Mailbox
from backstory.kernel.errors import InvalidInput
from backstory.people.policy import Permission
from backstory.web.panes import mailboxes as pane
from backstory.web.views.common import back_to, requires, viewer
from backstory.web.views.forms import text_of, words_of
from backstory.web.views.mailboxes import is_guided, page_or_refusal

LANGUAGES = (
    ("", _("English, unless more is known")),
    ("en", "English"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fr", "Français"),
)
DAYS = tuple(
    enumerate((_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")))
)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_MAILBOX_MANNER)
def manner(request: HttpRequest, pk: int) -> HttpResponse:
    """Sender, signature, language, hours and brand."""
    line = pane.line(viewer(request), pk)
    error: InvalidInput | None = None
    if request.method == "POST":
        try:
            actions.set_manner(viewer(request), pk, _manner(request))
        except InvalidInput as refused:
            error = refused
        else:
            return _onward(request, pk)
    context = {
        "line": line,
        "mailbox": line.mailbox,
        "here": "manner",
        "guide": is_guided(request),
        "error": error,
        "form": _shown(request, line.mailbox, error),
        "languages": LANGUAGES,
        "days": DAYS,
        "placeholders": signatures.PLACEHOLDERS,
        "preview": _preview(request, line.mailbox),
    }
    return page_or_refusal(request, "web/mailbox_manner.html", context, error)


def _onward(request: HttpRequest, pk: int) -> HttpResponse:
    back = back_to(request, "web:mailboxes", now_("Saved."))
    back["Location"] = (
        reverse("web:mailbox_settings", args=[pk]) + "?guide=1"
        if is_guided(request)
        else reverse("web:mailbox_manner", args=[pk])
    )
    return back


def _manner(request: HttpRequest) -> actions.Manner:
    upload = request.FILES.get("logo")
    logo = upload.read(2_000_000) if upload is not None else b"" if text_of(request, "no_logo") else None
    return actions.Manner(
        sender_name=text_of(request, "sender_name"),
        signature=words_of(request, "signature"),
        language=text_of(request, "language"),
        hours=_hours(request),
        quote_replies=bool(text_of(request, "quote_replies")),
        brand_name=text_of(request, "brand_name"),
        brand_color=text_of(request, "brand_color") if text_of(request, "own_color") else "",
        logo=logo,
    )


def _hours(request: HttpRequest) -> dict[str, Any]:
    if not text_of(request, "own_hours"):
        return {}
    days = sorted({int(day) for day in request.POST.getlist("day") if day in "0123456" and day})
    hours: dict[str, Any] = {
        "tz": text_of(request, "tz"),
        "days": days,
        "open": text_of(request, "open"),
        "close": text_of(request, "close"),
    }
    country = text_of(request, "country").upper()
    return {**hours, "country": country} if country else hours


def _shown(request: HttpRequest, mailbox: Mailbox, error: InvalidInput | None) -> dict[str, Any]:
    """What stands in the form: what was typed when it was refused, else what is stored, else the desk's own hours."""
    if error is not None:
        typed = _manner(request)
        return {**vars_of(typed), "hours": {**_desk_hours(), **typed.hours}, "own_hours": bool(typed.hours)}
    return {
        "sender_name": mailbox.sender_name,
        "signature": mailbox.signature,
        "language": mailbox.language,
        "quote_replies": mailbox.quote_replies,
        "brand_name": mailbox.brand_name,
        "brand_color": mailbox.brand_color,
        "hours": {**_desk_hours(), **mailbox.hours},
        "own_hours": bool(mailbox.hours),
    }


def vars_of(typed: actions.Manner) -> dict[str, Any]:
    return {name: getattr(typed, name) for name in actions.Manner.__slots__}


def _desk_hours() -> dict[str, Any]:
    return {
        "tz": settings.DESK_TIME_ZONE,
        "days": [0, 1, 2, 3, 4],
        "open": settings.BUSINESS_OPEN,
        "close": settings.BUSINESS_CLOSE,
        "country": "",
    }


def _preview(request: HttpRequest, mailbox: Mailbox) -> str:
    """The stored signature as it would stand below the viewer's own reply; the sanitiser has seen it."""
    user = viewer(request)
    text = signatures.signature(
        mailbox.signature,
        user.signature,
        agent=user.name,
        team=mailbox.team.name,
        mailbox=mailbox.sender_name,
        address=mailbox.address,
    )
    return mark_safe(fragment(text)) if text else ""  # noqa: S308 - `fragment` ends in nh3
