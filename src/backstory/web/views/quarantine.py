"""Originals that could not become a message: seen, downloaded, tried again."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from backstory.conversations import actions, queries
from backstory.people.policy import Permission
from backstory.web.views.common import back_to, page, requires, viewer
from backstory.web.views.forms import page_number


@require_GET
@requires(Permission.VIEW_QUARANTINE)
def quarantine(request: HttpRequest) -> HttpResponse:
    found = Paginator(queries.quarantined(viewer(request)), 50).get_page(page_number(request))
    return page(request, "web/quarantine.html", "quarantine", {"found": found})


@require_POST
@requires(Permission.VIEW_QUARANTINE)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    actions.release_original(viewer(request), pk)
    return back_to(request, "web:quarantine", _("It goes through the door again."))
