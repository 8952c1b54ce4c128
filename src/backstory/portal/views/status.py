"""The status page: what happened, what was promised, what comes next, and a way to write back."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from backstory.cases.queries import get_complaint
from backstory.kernel.errors import NotFound
from backstory.people.models import User
from backstory.people.queries import email_of
from backstory.portal import casepage, limits, pages, rules
from backstory.portal.doorway import doorway, forged
from backstory.recovery import tasks
from backstory.recovery.actions import count_opening

LONGEST_LINK = 500


@doorway(secret=True)
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Show where a complaint stands, or take a message about it."""
    try:
        complaint = casepage.opened(request, token)
    except NotFound:
        return _outdated(request, token)
    if request.method != "POST":
        if request.method == "GET" and "done" not in request.GET:
            count_opening(complaint)
        return casepage.show(request, complaint, token)
    came = casepage.entered(request, "happened", rules.LONGEST["happened"], "error.happened.missing")
    if came.problems or came.sheet is None or not email_of(complaint.conversation.customer):
        return casepage.show(request, complaint, token, came)
    casepage.write(request, complaint, came.typed["happened"], came.sheet)
    return casepage.back(request, token, "written")


def _outdated(request: HttpRequest, token: str) -> HttpResponse:
    """A link that opens nothing, whyever, can be exchanged for a fresh one that goes to the address on record."""
    fresh = reverse("portal:fresh_link", args=[token]) if len(token) <= LONGEST_LINK else ""
    return pages.gone(request, fresh=fresh)


@doorway(secret=True)
def fresh_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a fresh link. The answer is the same for every text, and a worker does what there is to do."""
    if request.method != "POST" or forged(request) or len(token) > LONGEST_LINK:
        return _outdated(request, token)
    if limits.over(request, "fresh", limits.MOST_LINKS):
        return pages.too_much(request)
    tasks.send_fresh_link(token)
    return pages.page(request, "fresh.html")


@require_safe
@doorway(secret=True)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The page as its customer sees it, for who may see the complaint: nothing is counted, nothing can be pressed."""
    if not isinstance(request.user, User):
        raise NotFound("There is no such page.")
    complaint = get_complaint(request.user, pk)
    casepage.know_language(request, complaint)
    return casepage.show(request, complaint, "preview", is_preview=True)
