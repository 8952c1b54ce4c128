"""Codes and short links that lead to the form: made here, printed, counted."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backstory.cases.queries import cause_tree, complaints_by_place
from backstory.channels.form import printed
from backstory.conversations import actions, queries
from backstory.conversations.models import Place
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.web.views.common import back_to, page, requires, viewer
from backstory.web.views.forms import number_of, text_of

PERIODS = (30, 90, 365)
LANGUAGES = (("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("fr", "Français"))
FIELDS = ("label", "kind", "topic", "product", "cause_hint", "language")


@require_safe
@requires(Permission.MANAGE_PLACES)
def places(request: HttpRequest) -> HttpResponse:
    """Every code with what came of it, and a form for another one."""
    return _places_page(request, None)


def _places_page(request: HttpRequest, error: InvalidInput | None) -> HttpResponse:
    user, asked = viewer(request), request.GET.get("days", "")
    days = int(asked) if asked in {str(each) for each in PERIODS} else 90
    end = clock.now()
    counts = {each.place_id: each for each in complaints_by_place(end - timedelta(days=days), end, viewer=user)}
    lines = [(each, counts[each.pk]) for each in queries.places(user) if each.pk in counts]
    context = {
        "lines": [pair for pair in lines if pair[0].is_active],
        "retired": [pair for pair in lines if not pair[0].is_active],
        "without": counts[None].complaints,
        "days": days,
        "periods": PERIODS,
        **_choices(user, error, request),
    }
    response = page(request, "web/places.html", "insight", context)
    response.status_code = error.status if error else 200
    return response


def _choices(user: User, error: InvalidInput | None, request: HttpRequest) -> dict[str, object]:
    boxes = queries.manageable_mailboxes(user).filter(archived_at=None)
    return {
        "error": error,
        "typed": {name: text_of(request, name) for name in (*FIELDS, "mailbox")} if error else {},
        "kinds": Place.Kind.choices,
        "mailboxes": [(box.pk, box.name) for box in boxes if policy.can(user, Permission.MANAGE_PLACES, box.team_id)],
        "languages": LANGUAGES,
        "causes": [("", _("None")), *((node.slug, node.name) for node in cause_tree(active_only=True))],
    }


def _given(request: HttpRequest) -> dict[str, str]:
    return {name: text_of(request, name) for name in FIELDS}


@require_POST
@requires(Permission.MANAGE_PLACES)
def add(request: HttpRequest) -> HttpResponse:
    try:
        place = actions.add_place(viewer(request), _given(request), number_of(request, "mailbox") or 0)
    except InvalidInput as refused:
        return _places_page(request, refused)
    return HttpResponseRedirect(reverse("web:place", args=[place.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_PLACES)
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """One code: its picture, its link, its sheet, and what it says; a post changes it."""
    user, error = viewer(request), None
    row = queries.get_place(user, pk)
    if request.method == "POST":
        try:
            actions.change_place(user, pk, _given(request), number_of(request, "mailbox") or 0)
        except InvalidInput as refused:
            error = refused
        else:
            return _back(request, pk, _("Saved."))
    choices = _choices(user, error, request)
    if not error:
        choices["typed"] = {name: getattr(row, name) for name in FIELDS} | {"mailbox": row.mailbox_id}
    context = {"row": row, "link": queries.place_link(row), **choices}
    response = page(request, "web/place.html", "insight", context)
    response.status_code = error.status if error else 200
    return response


def _back(request: HttpRequest, pk: int, words: str) -> HttpResponse:
    back = back_to(request, "web:places", words)
    back["Location"] = reverse("web:place", args=[pk])
    return back


@require_POST
@requires(Permission.MANAGE_PLACES)
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire a code, or take it back into use."""
    active = text_of(request, "to") == "resume"
    actions.retire_place(viewer(request), pk, active=active)
    return _back(request, pk, _("In use again.") if active else _("Retired; it still leads to the form."))


@require_safe
@requires(Permission.MANAGE_PLACES)
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """The code as a picture."""
    row = queries.get_place(viewer(request), pk)
    return HttpResponse(printed.svg(queries.place_link(row)), content_type="image/svg+xml")


@require_safe
@requires(Permission.MANAGE_PLACES)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """A page to hang up."""
    row = queries.get_place(viewer(request), pk)
    box = row.mailbox
    brand = box.brand_name or box.sender_name or box.name
    data = printed.pdf(queries.place_link(row), row.label, row.language, brand)
    name = f"code-{row.code}.pdf"
    return HttpResponse(
        data, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
