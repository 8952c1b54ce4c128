"""Themes among the complaints that fit no cause: found by a worker, judged by leads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backstory.cases import actions, queries
from backstory.people.policy import Permission
from backstory.web.views.common import back_to, is_fragment, page, requires, viewer
from backstory.web.views.forms import number_of, required_number, text_of


@require_safe
@requires(Permission.TEACH_CAUSES)
def themes(request: HttpRequest) -> HttpResponse:
    """The page; for htmx, when a search has ended, all of it below the tabs."""
    context = {
        "themes": queries.themes(viewer(request)),
        "decided": queries.decided_themes(),
        "search": queries.latest_search(),
        "busy": queries.searching(),
        "causes": queries.cause_tree(active_only=True),
    }
    if is_fragment(request):
        return render(request, "web/_themes.html", context)
    return page(request, "web/themes.html", "causes", context)


@require_safe
@requires(Permission.TEACH_CAUSES)
def progress(request: HttpRequest) -> HttpResponse:
    """How far the search is: asked for each second, so it looks at one row only."""
    return render(request, "web/_themes_progress.html", {"busy": queries.searching()})


@require_POST
@requires(Permission.TEACH_CAUSES)
def search(request: HttpRequest) -> HttpResponse:
    actions.request_themes(viewer(request))
    return back_to(request, "web:themes", _("Looking for themes. You can leave this page; it goes on."))


@require_POST
@requires(Permission.TEACH_CAUSES)
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    actions.rename_theme(viewer(request), pk, text_of(request, "name"))
    return back_to(request, "web:themes", _("Named."))


@require_POST
@requires(Permission.TEACH_CAUSES)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    into = required_number(request, "into", _("Choose the theme to merge it into."))
    actions.merge_themes(viewer(request), pk, into)
    return back_to(request, "web:themes", _("Merged."))


@require_POST
@requires(Permission.TEACH_CAUSES)
def promote(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a theme a cause; its complaints are proposed for it."""
    name, definition = text_of(request, "name"), text_of(request, "definition")
    cause = actions.promote_theme(viewer(request), pk, name, definition, number_of(request, "parent"))
    text = _("“%(cause)s” is a cause now, and proposed for these complaints: whoever handles one confirms it.")
    return back_to(request, "web:themes", text % {"cause": cause.name})


@require_POST
@requires(Permission.TEACH_CAUSES)
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    actions.dismiss_theme(viewer(request), pk)
    return back_to(request, "web:themes", _("Not shown again."))
