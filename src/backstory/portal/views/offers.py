"""What a customer answers on the status page: yes, no, let us talk, please call, it is not settled."""

from django.http import HttpRequest, HttpResponse

from backstory.cases.actions import reopen_for_customer
from backstory.cases.models import Complaint
from backstory.kernel.errors import Conflict, NotFound
from backstory.people.queries import email_of
from backstory.portal import access, casepage, pages, queries, rules
from backstory.portal.casepage import Entered
from backstory.portal.doorway import doorway
from backstory.portal.queries import Offer
from backstory.portal.rules import Problem
from backstory.recovery.actions import record_answer

MISSING = {"discuss": "error.happened.missing", "phone": "error.phone.missing"}


@doorway(secret=True)
def offer(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Accept, decline or talk about one offer. Where money is in it, an answer needs the code."""
    complaint = casepage.opened(request, token)
    if request.method != "POST":
        return casepage.back(request, token)
    found = next((one for one in queries.offers(complaint) if one.id == pk), None)
    if found is None:
        raise NotFound("There is no such offer.")
    answer = request.POST.get("answer", "")
    if answer == "discuss":
        return _discuss(request, complaint, token, found)
    if answer not in ("accepted", "declined"):
        return casepage.show(request, complaint, token, Entered(problems=[Problem("offers", "error.answer.missing")]))
    return _answer(request, complaint, token, found, answer)


def _answer(request: HttpRequest, complaint: Complaint, token: str, found: Offer, answer: str) -> HttpResponse:
    came = casepage.entered(request, "answer", 20, "error.answer.missing")
    if not came.problems and found.needs_code and not access.is_open(request, complaint):
        came.problems.append(Problem("offers", "error.answer.code"))
    if not came.problems:
        try:
            record_answer(found.id, answer, viewer=None)
        except Conflict:
            came.problems.append(Problem("offers", "error.answer.given"))
    if came.problems:
        return casepage.show(request, complaint, token, came)
    return casepage.back(request, token, answer, "#offers")


def _discuss(request: HttpRequest, complaint: Complaint, token: str, found: Offer) -> HttpResponse:
    """Their words go into the conversation, where a person answers; the offer stays as it is."""
    say = pages.phrases(request)
    remedy = say(f"remedy.{found.kind}") + (f" {found.money.format(say.language)}" if found.money else "")
    words = say("status.discuss.message", remedy=remedy, words=pages.typed(request, "discuss").strip())
    return _into_the_thread(request, complaint, token, "discuss", words, "discussed")


@doorway(secret=True)
def call_back(request: HttpRequest, token: str) -> HttpResponse:
    """A wish to be called."""
    complaint = casepage.opened(request, token)
    if request.method != "POST":
        return casepage.back(request, token)
    say = pages.phrases(request)
    phone, when = pages.typed(request, "phone").strip(), pages.typed(request, "when").strip()
    if phone and (not rules.is_phone(phone) or len(when) > rules.LONGEST_WHEN):
        wrong = Problem("phone", "error.phone.invalid")
        return casepage.show(request, complaint, token, Entered({"phone": phone, "when": when}, [wrong]))
    words = say("status.call.message", phone=phone, when=when or say("status.call.any"))
    return _into_the_thread(request, complaint, token, "phone", words, "called")


@doorway(secret=True)
def unsettled(request: HttpRequest, token: str) -> HttpResponse:
    """It is not settled: the complaint is open again before this page says so."""
    complaint = casepage.opened(request, token)
    if request.method != "POST":
        return casepage.back(request, token)
    say = pages.phrases(request)
    words = "\n\n".join(
        part for part in (say("status.unsettled.message"), pages.typed(request, "unsettled").strip()) if part
    )
    came = casepage.entered(request, "unsettled", rules.LONGEST["happened"])
    if came.problems or came.sheet is None:
        return casepage.show(request, complaint, token, came)
    if complaint.state == Complaint.State.CLOSED:
        reopen_for_customer(complaint.pk)
        if email_of(complaint.conversation.customer):
            casepage.write(request, complaint, words, came.sheet)
    return casepage.back(request, token, "reopened")


def _into_the_thread(  # noqa: PLR0917
    request: HttpRequest, complaint: Complaint, token: str, name: str, words: str, done: str
) -> HttpResponse:
    came = casepage.entered(request, name, rules.LONGEST["happened"], MISSING[name])
    if came.problems or came.sheet is None or not email_of(complaint.conversation.customer):
        return casepage.show(request, complaint, token, came)
    casepage.write(request, complaint, words, came.sheet)
    return casepage.back(request, token, done)
