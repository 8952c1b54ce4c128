"""Settings of mailboxes: the list with how each one is, adding one, switching it on and off, trying it."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backstory.conversations import actions, queries
from backstory.conversations.models import Mailbox, MailboxTest
from backstory.kernel.errors import InvalidInput
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.people.queries import teams
from backstory.web.panes import mailboxes as pane
from backstory.web.views.common import back_to, page, requires, viewer
from backstory.web.views.forms import number_of, text_of

STATES: dict[str, Callable[[User, int], Mailbox]] = {
    "pause": actions.pause_mailbox,
    "resume": actions.resume_mailbox,
    "archive": actions.archive_mailbox,
}


@require_safe
@requires(Permission.SEE_MAILBOXES)
def mailboxes(request: HttpRequest) -> HttpResponse:
    """All that the viewer may see; the archived ones on request."""
    archived = request.GET.get("archived") == "1"
    context = {"lines": pane.lines(viewer(request), archived=archived), "archived": archived}
    return page(request, "web/mailboxes.html", "mailboxes", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_MAILBOXES)
def add(request: HttpRequest) -> HttpResponse:
    """The first step: address, name and team. The next ones follow on the mailbox's own pages."""
    error: InvalidInput | None = None
    if request.method == "POST":
        try:
            team = number_of(request, "team") or 0
            name, address = text_of(request, "name"), text_of(request, "address")
            mailbox = actions.create_mailbox(viewer(request), name, address, team)
        except InvalidInput as refused:
            error = refused
        else:
            return HttpResponseRedirect(f"{reverse('web:mailbox_incoming', args=[mailbox.pk])}?guide=1")
    context = {
        "teams": team_choices(),
        "typed": request.POST,
        "error": error,
        "guide": True,
        "here": "add",
        "line": None,
    }
    return page_or_refusal(request, "web/mailbox_add.html", context, error)


def team_choices() -> list[tuple[int, str]]:
    return [(team.pk, team.name) for team in teams()]


def page_or_refusal(
    request: HttpRequest, template: str, context: Mapping[str, object], error: InvalidInput | None
) -> HttpResponse:
    """The form's page: with the words of what was refused, its status says so too."""
    response = page(request, template, "mailboxes", context)
    response.status_code = error.status if error else 200
    return response


@require_safe
@requires(Permission.SEE_MAILBOXES)
def settings_of(request: HttpRequest, pk: int) -> HttpResponse:
    """How one mailbox is, and what can be done with it."""
    line = pane.line(viewer(request), pk)
    test = queries.latest_test(line.mailbox)
    context = {
        "line": line,
        "here": "state",
        "guide": is_guided(request),
        "missing": actions.missing_to_start(line.mailbox),
        "teams": team_choices(),
        **_test_context(line, test),
    }
    return page(request, "web/mailbox_settings.html", "mailboxes", context)


def _test_context(line: pane.Line, found: MailboxTest | None) -> dict[str, object]:
    busy = found is not None and found.state != MailboxTest.State.DONE
    return {"line": line, "test": found, "steps": pane.steps(found), "busy": busy}


def is_guided(request: HttpRequest) -> bool:
    """Whether the page is a step of setting a mailbox up."""
    return request.GET.get("guide") == "1"


@require_POST
@requires(Permission.MANAGE_MAILBOXES)
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    actions.rename_mailbox(viewer(request), pk, text_of(request, "name"), number_of(request, "team") or 0)
    return to_settings(request, pk, _("Saved."))


@require_POST
@requires(Permission.MANAGE_MAILBOXES)
def change_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause, switch on or archive."""
    change = STATES.get(text_of(request, "to"))
    if change is None:
        raise InvalidInput(_("That is not one of the choices."), "to")
    change(viewer(request), pk)
    return to_settings(request, pk, _("Done."))


def to_settings(request: HttpRequest, pk: int, words: str) -> HttpResponse:
    """Back to the mailbox's page."""
    back = back_to(request, "web:mailboxes", words)
    back["Location"] = reverse("web:mailbox_settings", args=[pk])
    return back


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_MAILBOXES)
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a test, or see how far it is: a fragment that asks for itself until the test has ended."""
    if request.method == "POST":
        actions.request_mailbox_test(viewer(request), pk, sends_letter=bool(text_of(request, "letter")))
        return HttpResponseRedirect(reverse("web:mailbox_settings", args=[pk]) + "#test")
    line = pane.line(viewer(request), pk)
    return render(request, "web/_mailbox_test.html", _test_context(line, queries.latest_test(line.mailbox)))
