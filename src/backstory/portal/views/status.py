"""The status page: what happened, what was promised, what comes next, and a way to write back."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from backstory.cases.models import Complaint
from backstory.channels.form import wire
from backstory.channels.form.actions import submit
from backstory.people.queries import email_of
from backstory.portal import pages, queries, rules, sheets, uploads
from backstory.portal.doorway import doorway, forged
from backstory.portal.rules import Problem
from backstory.portal.sheets import Sheet
from backstory.recovery.queries import Status, complaint_by_status_token, status_for


@doorway(secret=True)
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Show where a complaint stands, or take a message about it."""
    complaint = complaint_by_status_token(token)
    if request.method != "POST":
        return _show(request, complaint, "", sheets.new(), [])
    words = pages.typed(request, "happened")
    sheet = sheets.read(request.POST.get("sheet", ""))
    found = _problems(request, words, sheet)
    address = email_of(complaint.conversation.customer)
    if found or sheet is None or not address:
        return _show(request, complaint, words, sheet or sheets.new(), found)
    _write(request, complaint, address, words, sheet)
    language = pages.phrases(request).language
    return HttpResponseRedirect(f"{request.path}?lang={language}&written=1")


def _problems(request: HttpRequest, words: str, sheet: Sheet | None) -> list[Problem]:
    if forged(request):
        return [Problem("", "error.cookies")]
    if sheet is None:
        return [Problem("", "error.stale")]
    longest = rules.LONGEST["happened"]
    if len(words) > longest:
        return [Problem("happened", "error.too_long", {"longest": longest})]
    return rules.message_problems(words, "happened") + uploads.refused(request)


def _write(request: HttpRequest, complaint: Complaint, address: str, words: str, sheet: Sheet) -> None:
    """Through the same door as the form, into the conversation that the link belongs to."""
    conversation = complaint.conversation
    submission = wire.Submission(
        form_id=sheet.id,
        email=address,
        name=conversation.customer.name,
        subject=conversation.subject,
        happened=words,
        language=pages.phrases(request).language,
        reply_token=conversation.reply_token,
        files=uploads.taken(request),
    )
    submit(conversation.mailbox, submission)


def _days(case: Status, language: str) -> list[tuple[str, str]]:
    """What happened, as (day, kind); twice the same on one day is told once."""
    return list(dict.fromkeys((pages.day(step.at, language), step.kind) for step in case.happened))


def _show(
    request: HttpRequest, complaint: Complaint, words: str, sheet: Sheet, problems: list[Problem]
) -> HttpResponse:
    say = pages.phrases(request)
    mailbox = complaint.conversation.mailbox
    case = status_for(complaint)
    return pages.page(
        request,
        "status.html",
        mailbox=mailbox,
        status=(403 if forged(request) else 422) if problems else 200,
        case=case,
        happened=_days(case, say.language),
        closed_at=complaint.closed_at,
        remedies=queries.granted(complaint),
        carer=queries.carer(complaint),
        can_write=bool(email_of(complaint.conversation.customer)),
        written=request.GET.get("written") == "1" and not problems,
        typed={"happened": words},
        sheet=sheet.signed,
        problems=pages.in_words(problems, say, mailbox),
        files_lost=bool(problems and request.FILES),
        longest=rules.LONGEST,
        limits=pages.limits_in_words(say.language),
        largest={"file": uploads.largest_file(), "total": uploads.largest_total(), "count": uploads.MOST_FILES},
    )
