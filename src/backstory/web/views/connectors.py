"""Settings of connectors: the list with how each one is, adding, describing and trying one, switching it on and off."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backstory.kernel.errors import InvalidInput
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.people.queries import teams
from backstory.recovery import actions, queries
from backstory.recovery.models import Connector, ConnectorTest, Remedy
from backstory.web.panes import connectors as pane
from backstory.web.views.common import back_to, page, requires, viewer
from backstory.web.views.forms import number_of, text_of, words_of

STATES: dict[str, Callable[[User, int], Connector]] = {
    "pause": actions.pause_connector,
    "resume": actions.resume_connector,
    "archive": actions.archive_connector,
}


@require_safe
@requires(Permission.ADMINISTER)
def connectors(request: HttpRequest) -> HttpResponse:
    """Every connector and how it is; the archived ones on request."""
    archived = request.GET.get("archived") == "1"
    lines = [(each, pane.state(each.connector)) for each in queries.connectors(viewer(request), archived=archived)]
    return page(request, "web/connectors.html", "connectors", {"lines": lines, "archived": archived})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def add(request: HttpRequest) -> HttpResponse:
    """The first step: what kind, and a name."""
    error: InvalidInput | None = None
    if request.method == "POST":
        try:
            row = actions.add_connector(viewer(request), text_of(request, "kind"), text_of(request, "name"))
        except InvalidInput as refused:
            error = refused
        else:
            return HttpResponseRedirect(reverse("web:connector", args=[row.pk]))
    context = {"kinds": pane.KINDS, "typed": request.POST, "error": error}
    response = page(request, "web/connector_add.html", "connectors", context)
    response.status_code = error.status if error else 200
    return response


@require_safe
@requires(Permission.ADMINISTER)
def connector(request: HttpRequest, pk: int) -> HttpResponse:
    """How one connector is, and all that is said about it."""
    return _connector_page(request, queries.get_connector(viewer(request), pk), None)


def _connector_page(request: HttpRequest, row: Connector, error: InvalidInput | None) -> HttpResponse:
    typed = {**pane.typed(row), **({name: words_of(request, name) for name in request.POST} if error else {})}
    context = {
        "row": row,
        "state": pane.state(row),
        "typed": typed,
        "error": error,
        "missing": pane.missing(row),
        "teams": [("", _("All teams")), *((team.pk, team.name) for team in teams())],
        "kinds": Remedy.Kind.choices,
        "whens": Connector.When.choices,
        "recipients": Connector.Recipient.choices,
        "example_body": pane.EXAMPLE_BODY,
        "sample_statement": pane.SAMPLE_STATEMENT,
        **_test_context(row),
    }
    response = page(request, "web/connector.html", "connectors", context)
    response.status_code = error.status if error else 200
    return response


def _test_context(row: Connector) -> dict[str, object]:
    found = queries.latest_connector_test(row)
    return {"row": row, "test": found, "busy": found is not None and found.state != ConnectorTest.State.DONE}


def _back(pk: int, request: HttpRequest, words: str) -> HttpResponse:
    back = back_to(request, "web:connectors", words)
    back["Location"] = reverse("web:connector", args=[pk])
    return back


@require_POST
@requires(Permission.ADMINISTER)
def set_up(request: HttpRequest, pk: int) -> HttpResponse:
    """How the other system is reached."""
    row = queries.get_connector(viewer(request), pk)
    given = {name: words_of(request, name) for name in request.POST}
    try:
        settings = pane.settings_of(row.kind, given)
        actions.set_up_connector(viewer(request), pk, given.get("title", ""), settings, text_of(request, "secret"))
    except InvalidInput as refused:
        return _connector_page(request, row, refused)
    return _back(pk, request, _("Saved."))


@require_POST
@requires(Permission.ADMINISTER)
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """Which remedies it carries out, and when."""
    serves = actions.Serves(
        kinds=[str(kind) for kind in request.POST.getlist("kinds")],
        currencies=text_of(request, "currencies").replace(",", " ").split(),
        team_id=number_of(request, "team"),
        when=text_of(request, "when"),
        recipient_is=text_of(request, "recipient_is") or Connector.Recipient.ASKED,
        press_above=text_of(request, "press_above"),
    )
    try:
        actions.set_service(viewer(request), pk, serves)
    except InvalidInput as refused:
        return _connector_page(request, queries.get_connector(viewer(request), pk), refused)
    return _back(pk, request, _("Saved."))


@require_POST
@requires(Permission.ADMINISTER)
def change_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause, switch on or archive."""
    change = STATES.get(text_of(request, "to"))
    if change is None:
        raise InvalidInput(_("That is not one of the choices."), "to")
    change(viewer(request), pk)
    return _back(pk, request, _("Done."))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a test, or see how far it is: a fragment that asks for itself until the test has ended."""
    if request.method == "POST":
        actions.request_connector_test(viewer(request), pk)
        return HttpResponseRedirect(reverse("web:connector", args=[pk]) + "#test")
    row = queries.get_connector(viewer(request), pk)
    return render(request, "web/_connector_test.html", _test_context(row))
