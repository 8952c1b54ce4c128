"""How the portal's pages are made: language, brand, headers, and the pages for what went wrong."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale, dates
from babel.units import format_unit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from backstory.channels.email.charsets import clean
from backstory.conversations.models import Mailbox
from backstory.portal import limits, queries, uploads
from backstory.portal.phrases import LANGUAGES, Phrases, choose, table
from backstory.portal.rules import Problem

MEGABYTE = 1024 * 1024
KNOWN = "backstory.portal.language"


def phrases(request: HttpRequest) -> Phrases:
    """Words in the language asked for by `?lang=`, else in the customer's where the page knows them, else in the best
    one that the browser accepts."""
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500].lower())
    known = str(request.META.get(KNOWN, ""))
    return Phrases(choose(request.GET.get("lang", ""), [known, *(code for code, _ in accepted)]))


def know_language(request: HttpRequest, language: str) -> None:
    """Whose page it is writes in this language (ISO 639-1)."""
    request.META[KNOWN] = language


def typed(request: HttpRequest, name: str) -> str:
    """What somebody typed into a field, without control characters; a line break counts as one character."""
    return clean(request.POST.get(name, "").replace("\r\n", "\n"))


def day(at: datetime, language: str) -> str:
    """The day of a moment on the desk's calendar, as people of that language write it."""
    local = at.astimezone(ZoneInfo(settings.DESK_TIME_ZONE))
    return dates.format_date(local, "long", locale="en_GB" if language == "en" else language)


def size(count: int, language: str) -> str:
    """An amount of bytes in megabytes, as people of that language write it."""
    return format_unit(round(count / MEGABYTE, 1), "megabyte", "short", locale=language)


def limits_in_words(language: str) -> dict[str, str | int]:
    """What fills the phrases about files."""
    return {
        "count": uploads.MOST_FILES,
        "size": size(settings.UPLOAD_MAX_BYTES, language),
        "total": size(uploads.largest_total(), language),
    }


def in_words(problems: list[Problem], say: Phrases, mailbox: Mailbox | None) -> list[tuple[str, str]]:
    """Each problem as (field, sentence)."""
    known: dict[str, object] = dict(limits_in_words(say.language))
    known["address"] = mailbox.address if mailbox else ""
    return [(problem.field, say(problem.phrase, **{**known, **problem.values})) for problem in problems]


def page(
    request: HttpRequest, template: str, *, mailbox: Mailbox | None = None, status: int = 200, **context: object
) -> HttpResponse:
    """A page of the portal in the reader's language, under the name of the mailbox it speaks for."""
    say = phrases(request)
    desk = mailbox or next(iter(queries.mailboxes()), None)
    words: dict[str, object] = {
        "say": say,
        "language": say.language,
        "is_rtl": Locale.parse(say.language).text_direction == "rtl",
        "languages": [(code, table(code)["language.name"]) for code in LANGUAGES],
        "brand": (desk.brand_name or desk.sender_name or desk.name) if desk else "",
        "desk": desk,
        "address": desk.address if desk else "",
        "day": lambda at: day(at, say.language),
        **context,
    }
    response = render(request, f"portal/{template}", words, status=status, using="jinja2")
    patch_vary_headers(response, ["Accept-Language"])
    response["Cache-Control"] = "private, no-cache"  # not no-store: a browser's “back” keeps what was typed
    return response


def secret(response: HttpResponse) -> HttpResponse:
    """Headers of a page whose address is its key: kept nowhere, told nobody, found by no search engine."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log the address, which is the key
    return response


def gone(request: HttpRequest, fresh: str = "") -> HttpResponse:
    """For a link that is forged, revoked, too old or mistyped; it does not say which. `fresh` is where to ask for a
    fresh one."""
    return secret(page(request, "gone.html", status=404, fresh=fresh))


def too_much(request: HttpRequest) -> HttpResponse:
    response = page(request, "slow.html", status=429, minutes=limits.WINDOW_MINUTES)
    response["Retry-After"] = str(limits.WINDOW_MINUTES * 60)
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    language = phrases(request).language
    return page(request, "large.html", status=413, total=size(uploads.largest_total(), language))


def garbled(request: HttpRequest) -> HttpResponse:
    return page(request, "garbled.html", status=400)


def closed(request: HttpRequest) -> HttpResponse:
    return page(request, "closed.html", status=503)
