"""The tree of root causes, edited by leads."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from backstory.cases import actions, queries
from backstory.people.policy import Permission
from backstory.web.views.common import back_to, page, requires, viewer
from backstory.web.views.forms import number_of, text_of


@require_GET
@requires(Permission.EDIT_CAUSES)
def causes(request: HttpRequest) -> HttpResponse:
    return page(request, "web/causes.html", "causes", {"nodes": queries.cause_tree()})


@require_POST
@requires(Permission.EDIT_CAUSES)
def add(request: HttpRequest) -> HttpResponse:
    name, definition, examples = (text_of(request, field) for field in ("name", "definition", "examples"))
    actions.add_cause(viewer(request), name, definition, number_of(request, "parent"), examples)
    return back_to(request, "web:causes", _("Cause added."))


@require_POST
@requires(Permission.EDIT_CAUSES)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, describe and move one cause."""
    user = viewer(request)
    before = {node.id: node for node in queries.cause_tree()}.get(pk)
    given = (text_of(request, field) for field in ("name", "definition", "examples"))
    actions.rename_cause(user, pk, *given)
    parent = number_of(request, "parent")
    if before is not None and parent != before.parent_id:
        actions.move_cause(user, pk, parent)
    return back_to(request, "web:causes", _("Cause changed."))


@require_POST
@requires(Permission.EDIT_CAUSES)
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    actions.retire_cause(viewer(request), pk)
    return back_to(request, "web:causes", _("Retired: complaints that have it keep it."))
