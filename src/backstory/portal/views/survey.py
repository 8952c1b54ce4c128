"""The survey after the fix: one question and one free line, answered once.

Looking never answers: programs that scan mail open every link in it.
"""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from backstory.cases.models import Complaint
from backstory.kernel.errors import Conflict
from backstory.portal import pages
from backstory.portal.doorway import doorway, forged
from backstory.portal.rules import Problem
from backstory.recovery.actions import answer_survey
from backstory.recovery.models import Survey
from backstory.recovery.queries import survey_by_token
from backstory.recovery.rules import LONGEST_COMMENT, is_bad

SCORES = ("1", "2", "3", "4", "5")


@doorway(secret=True)
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, or keep the answer; whoever comes again sees the answer given."""
    found = survey_by_token(token)
    if found.answered_at is not None:
        return _answered(request, found)
    score = request.POST.get("score", "")
    comment = pages.typed(request, "comment")
    if request.method != "POST":
        asked = request.GET.get("score", "")  # a link in the letter may choose; the person still has to send
        return _ask(request, found, asked if asked in SCORES else "", "", [])
    if forged(request):
        return _ask(request, found, score, comment, [Problem("", "error.cookies")])
    if score not in SCORES:
        return _ask(request, found, "", comment, [Problem("score-1", "survey.missing")])
    with suppress(Conflict):  # answered in another window meanwhile: the page shows which answer counts
        answer_survey(token, int(score), comment)
    return HttpResponseRedirect(f"{request.path}?lang={pages.phrases(request).language}")


def _ask(request: HttpRequest, found: Survey, score: str, comment: str, problems: list[Problem]) -> HttpResponse:
    mailbox = found.complaint.conversation.mailbox
    return pages.page(
        request,
        "survey.html",
        mailbox=mailbox,
        status=(403 if forged(request) else 422) if problems else 200,
        number=found.complaint.number,
        scores=SCORES,
        score=score,
        comment=comment,
        longest_comment=LONGEST_COMMENT,
        problems=pages.in_words(problems, pages.phrases(request), mailbox),
        files_lost=False,
    )


def _answered(request: HttpRequest, found: Survey) -> HttpResponse:
    complaint = found.complaint
    is_open = complaint.state == Complaint.State.OPEN  # it may have been settled since the bad answer
    return pages.page(
        request,
        "survey_answered.html",
        mailbox=complaint.conversation.mailbox,
        score=found.score,
        comment=found.comment,
        reopened=is_open and found.score is not None and is_bad(found.score),
    )
