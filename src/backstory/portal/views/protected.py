"""The protected part of the status page: the code that opens it, what was written, and the files."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from backstory.cases.models import Complaint
from backstory.kernel import files
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.portal import access, casepage, limits, pages, queries
from backstory.portal.doorway import doorway, forged
from backstory.portal.rules import Problem
from backstory.recovery.actions import send_code, try_code
from backstory.recovery.rules.access import CODE_LASTS, MASK

VERDICTS = {"wrong": "error.code.wrong", "spent": "error.code.spent"}
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


@doorway(secret=True)
def code(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a code, or give it. Both by POST; to look changes nothing."""
    complaint = casepage.opened(request, token)
    if request.method != "POST":
        return _ask(request, complaint, token, [])
    if forged(request):
        return _ask(request, complaint, token, [Problem("", "error.cookies")])
    if request.POST.get("do") == "send":
        return _send(request, complaint, token)
    return _take(request, complaint, token)


def _send(request: HttpRequest, complaint: Complaint, token: str) -> HttpResponse:
    if limits.over(request, "code", limits.MOST_CODES):
        return pages.too_much(request)
    try:
        sent = send_code(complaint.pk)
    except Conflict:
        return _ask(request, complaint, token, [Problem("", "error.code.many")])
    except InvalidInput:
        return _ask(request, complaint, token, [Problem("", "error.code.address")])
    access.remember_code(request, complaint, sent.pk)
    return HttpResponseRedirect(f"{reverse('portal:code', args=[token])}?lang={pages.phrases(request).language}&sent=1")


def _take(request: HttpRequest, complaint: Complaint, token: str) -> HttpResponse:
    if limits.over(request, "try", limits.MOST_SENT):
        return pages.too_much(request)
    try:
        verdict = try_code(access.asked_code(request, complaint), complaint.pk, pages.typed(request, "code"))
    except InvalidInput:
        return _ask(request, complaint, token, [Problem("code", "error.code.digits")])
    if verdict != "right":
        return _ask(request, complaint, token, [Problem("code", VERDICTS[verdict])])
    access.open_for_a_while(request, complaint)
    return casepage.back(request, token, part="#protected")


def _ask(request: HttpRequest, complaint: Complaint, token: str, problems: list[Problem]) -> HttpResponse:
    mailbox = complaint.conversation.mailbox
    say = pages.phrases(request)
    return pages.page(
        request,
        "code.html",
        mailbox=mailbox,
        status=(403 if forged(request) else 422) if problems else 200,
        number=complaint.number,
        token=token,
        asked=bool(access.asked_code(request, complaint)),
        minutes=int(CODE_LASTS.total_seconds() // 60),
        problems=pages.in_words(problems, say, mailbox),
    )


@doorway(secret=True)
def letters(request: HttpRequest, token: str) -> HttpResponse:
    """What the customer and we have written to each other, with the files; after the code."""
    complaint = casepage.opened(request, token)
    if not access.is_open(request, complaint):
        return HttpResponseRedirect(f"{reverse('portal:code', args=[token])}?lang={pages.phrases(request).language}")
    return pages.page(
        request,
        "letters.html",
        mailbox=complaint.conversation.mailbox,
        number=complaint.number,
        token=token,
        letters=[one for one in queries.letters(complaint) if MASK not in one.text],
        megabytes=lambda count: pages.size(count, pages.phrases(request).language),
    )


@doorway(secret=True)
def file(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """One file of those letters, to be saved and never shown in our origin."""
    complaint = casepage.opened(request, token)
    if not access.is_open(request, complaint):
        return HttpResponseRedirect(f"{reverse('portal:code', args=[token])}?lang={pages.phrases(request).language}")
    found = queries.file_of(complaint, pk)
    response = HttpResponse(files.get(found.path), content_type="application/octet-stream")
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in found.name) or "file"
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name)}"
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    return response
