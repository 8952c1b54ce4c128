"""The survey after the fix: one question, answered once, and then a free line.

Looking never answers: programs that scan mail open every link in it. A link in the letter chooses a score; a press
of the button sends it.
"""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from backstory.cases.models import Complaint
from backstory.kernel.errors import Conflict
from backstory.portal import pages
from backstory.portal.doorway import doorway, forged
from backstory.portal.rules import Problem
from backstory.recovery.actions import add_comment, answer_survey
from backstory.recovery.models import Survey
from backstory.recovery.queries import is_expired, survey_by_token
from backstory.recovery.rules import LONGEST_COMMENT, SCALES, Question, question


@doorway(secret=True)
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, or keep the answer; whoever comes again sees the answer given."""
    found = survey_by_token(token)
    if found.answered_at is not None:
        return _line(request, found) if request.method == "POST" else _answered(request, found)
    if is_expired(found):
        return pages.page(request, "survey_expired.html", mailbox=found.complaint.conversation.mailbox, status=410)
    score = request.POST.get("score", "")
    if request.method != "POST":
        asked = request.GET.get("score", "")  # a link in the letter may choose; the person still has to send
        return _ask(request, found, asked if _fits(found, asked) else "", [])
    if forged(request):
        return _ask(request, found, score, [Problem("", "error.cookies")])
    if not _fits(found, score):
        first = SCALES[found.kind].lowest
        return _ask(request, found, "", [Problem(f"score-{first}", "survey.missing")])
    with suppress(Conflict):  # answered in another window meanwhile: the page shows which answer counts
        answer_survey(token, int(score), pages.typed(request, "comment"), request.POST.get("via", ""))
    return _back(request)


def _fits(found: Survey, score: str) -> bool:
    return score in {str(each) for each in SCALES[found.kind].scores}


def _back(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{request.path}?lang={pages.phrases(request).language}")


def _question(request: HttpRequest, found: Survey) -> Question:
    return question(found.kind, pages.phrases(request).language)


def _ask(request: HttpRequest, found: Survey, score: str, problems: list[Problem]) -> HttpResponse:
    mailbox = found.complaint.conversation.mailbox
    return pages.page(
        request,
        "survey.html",
        mailbox=mailbox,
        status=(403 if forged(request) else 422) if problems else 200,
        number=found.complaint.number,
        question=_question(request, found),
        score=score,
        via="page" if request.GET.get("from") == "status" else "letter",
        problems=pages.in_words(problems, pages.phrases(request), mailbox),
        files_lost=False,
    )


def _line(request: HttpRequest, found: Survey) -> HttpResponse:
    """The free line after the score."""
    words = pages.typed(request, "comment")
    if forged(request):
        return _answered(request, found, words, [Problem("", "error.cookies")])
    if words.strip():
        with suppress(Conflict):
            add_comment(found.token, words)
    return _back(request)


def _answered(
    request: HttpRequest, found: Survey, words: str = "", problems: list[Problem] | None = None
) -> HttpResponse:
    complaint = found.complaint
    is_open = complaint.state == Complaint.State.OPEN  # it may have been settled since the bad answer
    mailbox = complaint.conversation.mailbox
    return pages.page(
        request,
        "survey_answered.html",
        mailbox=mailbox,
        status=403 if problems else 200,
        score=found.score,
        question=_question(request, found),
        comment=found.comment,
        words=words,
        may_add=not found.comment and not is_expired(found),
        longest_comment=LONGEST_COMMENT,
        reopened=is_open and found.is_low,
        problems=pages.in_words(problems or [], pages.phrases(request), mailbox),
        files_lost=False,
    )
