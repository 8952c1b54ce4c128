"""What people change about problems: each form does one thing and returns to the page it stood on."""

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backstory.improvement import actions, queries
from backstory.kernel.errors import InvalidInput
from backstory.people.policy import Permission
from backstory.web.views.common import back_to, requires, viewer
from backstory.web.views.forms import number_of, numbers_of, text_of

allowed = requires(Permission.WORK_ON_PROBLEMS)


def _back(request: HttpRequest, pk: int, place: str, message: str) -> HttpResponse:
    """To the page of the problem the form stood on; a form on several pages names its own (`next`)."""
    return back_to(request, reverse(f"web:{place}", args=(pk,)), message)


def day_of(request: HttpRequest, name: str) -> date | None:
    """The day a date field names, None for an empty one."""
    text = text_of(request, name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(_("Choose a day."), name) from None


@require_POST
@allowed
def open_problem(request: HttpRequest) -> HttpResponse:
    problem = actions.open_problem(
        viewer(request),
        text_of(request, "title"),
        text_of(request, "description"),
        team_id=number_of(request, "team"),
        cause_ids=numbers_of(request, "cause"),
        complaint_ids=numbers_of(request, "complaint"),
    )
    return HttpResponseRedirect(reverse("web:problem", args=(problem.pk,)))


@require_POST
@allowed
def change(request: HttpRequest, pk: int) -> HttpResponse:
    actions.change_problem(
        viewer(request),
        pk,
        title=text_of(request, "title"),
        description=text_of(request, "description"),
        owner_id=number_of(request, "owner"),
        cause_ids=numbers_of(request, "cause"),
    )
    return _back(request, pk, "problem", _("Saved."))


@require_POST
@allowed
def state(request: HttpRequest, pk: int) -> HttpResponse:
    problem = actions.set_state(viewer(request), pk, text_of(request, "state"), text_of(request, "reason"))
    return _back(request, pk, "problem", _("The problem is now: %(state)s.") % {"state": problem.get_state_display()})


@require_POST
@allowed
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Link those ticked, one named by its number, or all that are proposed."""
    user = viewer(request)
    problem = queries.get_problem(user, pk)
    wanted = list(numbers_of(request, "complaint"))
    number = text_of(request, "number")
    if number:
        found = queries.linkable(user, problem).filter(number__iexact=number).values_list("pk", flat=True)
        if not found:
            raise InvalidInput(_("There is no complaint with this number."), "number")
        wanted += list(found)
    if text_of(request, "all"):
        wanted += list(queries.proposals(user, problem).values_list("pk", flat=True))
    if not wanted:
        raise InvalidInput(_("Choose the complaints first."), "complaint")
    count = actions.link_complaints(user, pk, wanted)
    return _back(request, pk, "problem", _("Linked: %(count)d.") % {"count": count})


@require_POST
@allowed
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    wanted = number_of(request, "complaint")
    if wanted is None:
        raise InvalidInput(_("Choose the complaints first."), "complaint")
    actions.unlink_complaint(viewer(request), pk, wanted)
    return _back(request, pk, "problem", _("It no longer belongs to the problem."))


@require_POST
@allowed
def add_why(request: HttpRequest, pk: int) -> HttpResponse:
    actions.add_why(viewer(request), pk, text_of(request, "text"), number_of(request, "parent"))
    return _back(request, pk, "problem_why", _("Added."))


@require_POST
@allowed
def change_why(request: HttpRequest, pk: int, why: int) -> HttpResponse:
    if text_of(request, "remove"):
        actions.remove_why(viewer(request), pk, why)
        return _back(request, pk, "problem_why", _("Taken back, with what stood below it."))
    actions.change_why(viewer(request), pk, why, text_of(request, "text"))
    return _back(request, pk, "problem_why", _("Saved."))


@require_POST
@allowed
def add_evidence(request: HttpRequest, pk: int, why: int) -> HttpResponse:
    given = {name: text_of(request, name) for name in ("kind", "text", "number")}
    actions.add_evidence(viewer(request), pk, why, **given, message_id=number_of(request, "message"))
    return _back(request, pk, "problem_why", _("Evidence added."))


@require_POST
@allowed
def remove_evidence(request: HttpRequest, pk: int, evidence: int) -> HttpResponse:
    actions.remove_evidence(viewer(request), pk, evidence)
    return _back(request, pk, "problem_why", _("Removed."))


@require_POST
@allowed
def add_bone(request: HttpRequest, pk: int) -> HttpResponse:
    actions.add_bone(viewer(request), pk, text_of(request, "branch"), text_of(request, "text"))
    return _back(request, pk, "problem_why", _("Added."))


@require_POST
@allowed
def remove_bone(request: HttpRequest, pk: int, bone: int) -> HttpResponse:
    actions.remove_bone(viewer(request), pk, bone)
    return _back(request, pk, "problem_why", _("Removed."))


@require_POST
@allowed
def rate_failure(request: HttpRequest, pk: int) -> HttpResponse:
    actions.rate_failure(
        viewer(request),
        pk,
        mode=text_of(request, "mode"),
        effect=text_of(request, "effect"),
        control=text_of(request, "control"),
        severity=number_of(request, "severity"),
        occurrence=number_of(request, "occurrence"),
        detection=number_of(request, "detection"),
    )
    return _back(request, pk, "problem_why", _("Added."))


@require_POST
@allowed
def remove_failure(request: HttpRequest, pk: int, failure: int) -> HttpResponse:
    actions.remove_failure(viewer(request), pk, failure)
    return _back(request, pk, "problem_why", _("Removed."))


@require_POST
@allowed
def add_fix(request: HttpRequest, pk: int) -> HttpResponse:
    due = day_of(request, "due")
    actions.add_fix(viewer(request), pk, text_of(request, "text"), number_of(request, "owner"), due)
    return _back(request, pk, "problem_fixes", _("Planned."))


@require_POST
@allowed
def change_fix(request: HttpRequest, pk: int, fix: int) -> HttpResponse:
    """Done since a day, or dropped."""
    if text_of(request, "drop"):
        actions.drop_fix(viewer(request), pk, fix)
        return _back(request, pk, "problem_fixes", _("Dropped."))
    actions.finish_fix(viewer(request), pk, fix, day_of(request, "done") or queries.today())
    return _back(request, pk, "problem_fixes", _("Noted: the fix is in place."))


@require_POST
@allowed
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    words = (text_of(request, name) for name in ("text", "reason", "alternatives"))
    actions.decide(viewer(request), pk, *words)
    return _back(request, pk, "problem_fixes", _("Written into the decision log."))
