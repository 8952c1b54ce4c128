"""The status page: what stands on it, and how what is sent from it reaches the desk."""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from backstory.cases.models import Complaint
from backstory.channels.form import wire
from backstory.channels.form.actions import submit
from backstory.people.queries import email_of
from backstory.portal import access, pages, queries, rules, sheets, uploads
from backstory.portal.doorway import forged
from backstory.portal.rules import Problem
from backstory.portal.sheets import Sheet
from backstory.recovery.queries import Status, carer_of, complaint_by_status_token, open_survey_of, status_for

DONE = ("written", "accepted", "declined", "discussed", "called", "reopened")
"""What the page can thank for after a form was taken."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What a form of the page brought: its words by field, and why it cannot be taken."""

    typed: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    sheet: Sheet | None = None


def opened(request: HttpRequest, token: str) -> Complaint:
    """The complaint behind a link, its page in its customer's language; NotFound for a link that opens nothing."""
    complaint = complaint_by_status_token(token)
    know_language(request, complaint)
    return complaint


def know_language(request: HttpRequest, complaint: Complaint) -> None:
    """The page speaks the customer's language, where it is known and nobody asks for another."""
    conversation = complaint.conversation
    pages.know_language(request, conversation.customer.language or conversation.mailbox.language)


def entered(request: HttpRequest, name: str, longest: int, missing: str = "") -> Entered:
    """What was typed into the field `name`, with what is wrong about the form that it came in; `missing` is the phrase
    for an empty one that must be filled in."""
    words = pages.typed(request, name)
    sheet = sheets.read(request.POST.get("sheet", ""))
    found: list[Problem] = []
    if forged(request):
        found = [Problem("", "error.cookies")]
    elif sheet is None or sheet.age == "stale":
        found = [Problem("", "error.stale")]
    elif len(words) > longest:
        found = [Problem(name, "error.too_long", {"longest": longest})]
    elif missing and not words.strip():
        found = [Problem(name, missing)]
    return Entered({name: words}, [*found, *uploads.refused(request)], sheet)


def write(request: HttpRequest, complaint: Complaint, words: str, sheet: Sheet) -> None:
    """Through the same door as the form, into the conversation that the link belongs to: kept before it is read."""
    conversation = complaint.conversation
    submission = wire.Submission(
        form_id=sheet.id,
        email=email_of(conversation.customer),
        name=conversation.customer.name,
        subject=conversation.subject,
        happened=words,
        language=pages.phrases(request).language,
        reply_token=conversation.reply_token,
        files=uploads.taken(request),
    )
    submit(conversation.mailbox, submission)


def back(request: HttpRequest, token: str, done: str = "", part: str = "") -> HttpResponse:
    """To the page, by GET, saying what was done."""
    language = pages.phrases(request).language
    thanks = f"&done={done}" if done else ""
    return HttpResponseRedirect(f"{reverse('portal:status', args=[token])}?lang={language}{thanks}{part}")


def show(
    request: HttpRequest, complaint: Complaint, token: str, came: Entered | None = None, *, is_preview: bool = False
) -> HttpResponse:
    """The whole page. In a preview nothing can be pressed."""
    say = pages.phrases(request)
    came = came or Entered()
    mailbox = complaint.conversation.mailbox
    case = status_for(complaint)
    carer, is_team = carer_of(complaint)
    done = request.GET.get("done", "")
    blank = dict.fromkeys(("happened", "discuss", "phone", "when", "unsettled"), "")
    return pages.page(
        request,
        "status.html",
        mailbox=mailbox,
        status=(403 if forged(request) else 422) if came.problems else 200,
        case=case,
        token=token,
        is_preview=is_preview,
        is_unlocked=is_preview or access.is_open(request, complaint),
        happened=_days(case, say.language),
        closed_at=complaint.closed_at,
        offers=queries.offers(complaint),
        survey_link="" if is_preview else _survey_link(complaint),
        carer=carer,
        carer_is_team=is_team,
        can_write=bool(email_of(complaint.conversation.customer)),
        done=done if done in DONE and not came.problems else "",
        typed={**blank, **came.typed},
        sheet=sheets.new().signed if came.sheet is None or came.sheet.age == "stale" else came.sheet.signed,
        problems=pages.in_words(came.problems, say, mailbox),
        files_lost=bool(came.problems and request.FILES),
        longest=rules.LONGEST,
        limits=pages.limits_in_words(say.language),
        largest={"file": uploads.largest_file(), "total": uploads.largest_total(), "count": uploads.MOST_FILES},
    )


def _survey_link(complaint: Complaint) -> str:
    """Where the one question waits for an answer, "" where none does."""
    waiting = open_survey_of(complaint)
    return f"/survey/{waiting.token}/" if waiting else ""


def _days(case: Status, language: str) -> list[tuple[str, str]]:
    """What happened, as (day, kind); twice the same on one day is told once."""
    return list(dict.fromkeys((pages.day(step.at, language), step.kind) for step in case.happened))
