"""The last question to somebody who left: asked once, answered in their own words, and nothing sold."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from backstory.kernel.errors import Conflict
from backstory.people.queries import unsubscribe_link
from backstory.portal import pages, rules
from backstory.portal.doorway import doorway, forged
from backstory.portal.rules import Problem
from backstory.recovery.actions import answer_last_question
from backstory.recovery.models import LostCustomer
from backstory.recovery.queries import is_over, lost_by_token
from backstory.recovery.rules import LONGEST_COMMENT


@doorway(secret=True)
def goodbye(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, or keep the answer. Looking never answers."""
    found = lost_by_token(token)
    if found.answered_at is not None:
        return _show(request, found, "", [])
    if is_over(found):
        return pages.page(request, "survey_expired.html", mailbox=found.conversation.mailbox, status=410)
    words = pages.typed(request, "answer")
    if request.method != "POST":
        return _show(request, found, "", [])
    problems = [Problem("", "error.cookies")] if forged(request) else rules.message_problems(words, "answer")
    if problems:
        return _show(request, found, words, problems)
    with suppress(Conflict):
        answer_last_question(token, words)
    return HttpResponseRedirect(f"{request.path}?lang={pages.phrases(request).language}")


def _show(request: HttpRequest, found: LostCustomer, words: str, problems: list[Problem]) -> HttpResponse:
    mailbox = found.conversation.mailbox
    return pages.page(
        request,
        "goodbye.html",
        mailbox=mailbox,
        status=(403 if forged(request) else 422) if problems else 200,
        answered=found.answered_at is not None,
        typed={"answer": words},
        longest={"answer": LONGEST_COMMENT},
        unsubscribe=unsubscribe_link(found.customer),
        problems=pages.in_words(problems, pages.phrases(request), mailbox),
        files_lost=False,
    )
