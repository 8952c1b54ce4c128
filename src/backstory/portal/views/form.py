"""The form for whoever has something to say: no account, no third party."""

import hashlib
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from backstory.channels.form import wire
from backstory.channels.form.actions import submit
from backstory.conversations.actions import count_scan
from backstory.conversations.models import Mailbox, Place
from backstory.conversations.queries import place_by_code
from backstory.kernel.errors import NotFound
from backstory.portal import limits, pages, proof, queries, rules, sheets, uploads
from backstory.portal.doorway import doorway, forged
from backstory.portal.rules import Problem
from backstory.portal.sheets import Sheet

TRAP = "fax_number"  # people do not see this field; machines fill it in
_signer = Signer(salt="backstory.portal.thanks")


@dataclass(frozen=True, slots=True)
class Desk:
    """Who gets the form, and among whom the visitor may choose (nobody where the address says it)."""

    mailbox: Mailbox
    offered: list[Mailbox]
    place: Place | None = None


@require_GET
def challenge(request: HttpRequest) -> HttpResponse:
    """A proof-of-work challenge for the form's script."""
    if limits.over(request, "challenge", limits.MOST_CHALLENGES):
        return JsonResponse({"error": "too many requests"}, status=429)
    return JsonResponse(proof.challenge(), headers={"Cache-Control": "no-store"})


@doorway()
def form(request: HttpRequest, mailbox_id: int | None = None) -> HttpResponse:
    """Show the form, or take it: thanks on success, else the form again with all that was typed."""
    choices = queries.mailboxes()
    if not choices:
        return pages.closed(request)
    mailbox = _mailbox(choices, mailbox_id, request.POST.get("mailbox", ""))
    return _form(request, Desk(mailbox, choices if mailbox_id is None else []))


@doorway()
def place(request: HttpRequest, code: str) -> HttpResponse:
    """The form behind a code that was scanned or typed. One that was never given leads to the form all the same."""
    choices = queries.mailboxes()
    if not choices:
        return pages.closed(request)
    found = place_by_code(code)
    if found is None:
        return _form(request, Desk(_mailbox(choices, None, request.POST.get("mailbox", "")), choices))
    if request.method == "GET" and _is_scan(request, found):
        count_scan(found.pk)
    mailbox = next((box for box in choices if box.pk == found.mailbox_id), choices[0])
    return _form(request, Desk(mailbox, [], found))


def _is_scan(request: HttpRequest, found: Place) -> bool:
    """Whether somebody seems to look at the page: not a browser that fetches ahead, nor one address without end."""
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose") == "prefetch"
    changes_language = "lang" in request.GET
    return not ahead and not changes_language and not limits.over(request, f"scan-{found.pk}", limits.MOST_SCANS)


def _form(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show or take the form of this desk."""
    typed = {name: pages.typed(request, name) for name in rules.LONGEST}
    if request.method != "POST":
        if desk.place is not None:
            typed["subject"] = desk.place.topic or desk.place.product
        return _show(request, desk, typed, sheets.new(), [])
    sheet = sheets.read(request.POST.get("sheet", ""))
    found = _problems(request, typed, sheet)
    if found or sheet is None:
        kept = sheet if sheet and sheet.age != "stale" else sheets.new()
        return _show(request, desk, typed, kept, found)
    return _take(request, desk, typed, sheet)


def _mailbox(choices: list[Mailbox], fixed: int | None, chosen: str) -> Mailbox:
    """The mailbox in the address, else the one chosen on the page, else the first."""
    by_id = {str(mailbox.pk): mailbox for mailbox in choices}
    if fixed is None:
        return by_id.get(chosen, choices[0])
    if str(fixed) not in by_id:
        raise NotFound("There is no such mailbox.")
    return by_id[str(fixed)]


def _problems(request: HttpRequest, typed: dict[str, str], sheet: Sheet | None) -> list[Problem]:
    """Why the form cannot be taken: first what only the browser can mend, then what the person typed."""
    if forged(request):
        return [Problem("", "error.cookies")]
    if sheet is None or sheet.age == "stale":
        return [Problem("", "error.stale")]
    if request.POST.get(TRAP):
        return [Problem("", "error.trap")]
    if sheet.age == "fresh":
        return [Problem("", "error.quick")]
    found = rules.problems(typed) + uploads.refused(request)
    if found:
        return found
    verdict = proof.verify(request.POST.get("altcha", ""))
    return [] if verdict == "valid" else [Problem("", f"error.proof.{verdict}")]


def _take(request: HttpRequest, desk: Desk, typed: dict[str, str], sheet: Sheet) -> HttpResponse:
    language = pages.phrases(request).language
    submission = wire.Submission(
        form_id=sheet.id,
        reference=sheet.reference,
        language=language,
        place=desk.place.code if desk.place else "",
        files=uploads.taken(request),
        **typed,
    )
    digest = hashlib.sha256(wire.encode(submission)).hexdigest()
    if not proof.spend(request.POST["altcha"], f"{desk.mailbox.pk}:{digest}"):
        return _show(request, desk, typed, sheets.new(), [Problem("", "error.proof.spent")])
    submit(desk.mailbox, submission)
    pass_on = _signer.sign_object([sheet.reference, desk.mailbox.pk])
    return HttpResponseRedirect(f"{reverse('portal:thanks', args=[pass_on])}?lang={language}")


def _show(
    request: HttpRequest, desk: Desk, typed: dict[str, str], sheet: Sheet, problems: list[Problem]
) -> HttpResponse:
    say = pages.phrases(request)
    return pages.page(
        request,
        "form.html",
        mailbox=desk.mailbox,
        status=(403 if forged(request) else 422) if problems else 200,
        mailboxes=desk.offered,
        mailbox_id=desk.mailbox.pk,
        product=desk.place.product if desk.place else "",
        typed=typed,
        sheet=sheet.signed,
        problems=pages.in_words(problems, say, desk.mailbox),
        files_lost=bool(problems and request.FILES),
        trap=TRAP,
        longest=rules.LONGEST,
        limits=pages.limits_in_words(say.language),
        largest={"file": uploads.largest_file(), "total": uploads.largest_total(), "count": uploads.MOST_FILES},
    )


@doorway(secret=True)
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """What happens next, and the reference to come back with."""
    try:
        reference, mailbox_id = _signer.unsign_object(token)
    except (BadSignature, ValueError, TypeError):
        raise NotFound("There is no such page.") from None
    mailbox = next((box for box in queries.mailboxes() if box.pk == mailbox_id), None)
    return pages.page(request, "thanks.html", mailbox=mailbox, reference=reference)
