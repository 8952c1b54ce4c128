"""The promise ledger."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from django_stubs_ext import StrPromise

from backstory.cases import queries as cases
from backstory.cases.models import Promise
from backstory.kernel import clock
from backstory.web.views.common import page, signed_in, viewer
from backstory.web.views.forms import page_number

TABS: dict[str, StrPromise] = {
    "open": _("Open"),
    "overdue": _("Overdue"),
    "suggested": _("Found, not decided"),
    "kept": _("Kept"),
    "broken": _("Broken"),
}


@require_GET
@signed_in
def promises(request: HttpRequest) -> HttpResponse:
    """What we promised, to whom, by when."""
    tab = request.GET.get("show", "open")
    tab = tab if tab in TABS else "open"
    rows = cases.promises(viewer(request), Promise.State.OPEN if tab == "overdue" else tab)
    if tab == "overdue":
        rows = rows.filter(due_at__lt=clock.now())
    found = Paginator(rows, 50).get_page(page_number(request))
    return page(request, "web/promises.html", "promises", {"tabs": TABS, "tab": tab, "found": found})
