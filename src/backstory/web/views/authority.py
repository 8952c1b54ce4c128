"""Who may grant how much, who stands in for whom, and what is given for what."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backstory.cases.queries import cause_tree
from backstory.kernel.errors import InvalidInput
from backstory.live.models import Event
from backstory.live.phrases import sentence
from backstory.people import policy as people
from backstory.people import queries as people_queries
from backstory.people.models import Role, User
from backstory.people.policy import Permission
from backstory.recovery import actions, queries
from backstory.recovery.models import AuthorityLimit, RecoveryValue, Remedy
from backstory.recovery.policy import require_seeing_approvals
from backstory.web.panes.amends import tabs
from backstory.web.panes.verdict_words import SEVERITIES
from backstory.web.views.common import back_to, page, requires, signed_in, viewer
from backstory.web.views.forms import moment_of, number_of, required_number, text_of

HISTORY = 30


def _history(*subjects: str) -> list[tuple[Event, str]]:
    """The latest changes, as sentences."""
    rows = Event.objects.filter(subject__in=subjects).order_by("-id")[:HISTORY]
    return [(row, sentence(row)) for row in rows]


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_REMEDY_POLICY)
def limits(request: HttpRequest) -> HttpResponse:
    """Every limit with its history; administrators set them."""
    user = viewer(request)
    if request.method == "POST":
        actions.set_limit(
            user,
            text_of(request, "role"),
            text_of(request, "currency"),
            text_of(request, "amount"),
            team_id=number_of(request, "team"),
            kind=text_of(request, "kind"),
            period=text_of(request, "period"),
        )
        return back_to(request, "web:limits", _("The limit is set."))
    context = {
        "rows": queries.limit_rows(user),
        "seconds": sorted(queries.second_looks().items()),
        "may_edit": people.can(user, Permission.ADMINISTER),
        "roles": Role.choices,
        "teams": people_queries.teams(),
        "kinds": Remedy.Kind.choices,
        "periods": AuthorityLimit.Period.choices,
        "currency": settings.CURRENCY,
        "history": _history("limit", "second_look"),
        **tabs(user, "limits"),
    }
    return page(request, "web/approval_limits.html", "approvals", context)


@require_POST
@signed_in
def remove_limit(request: HttpRequest, pk: int) -> HttpResponse:
    actions.remove_limit(viewer(request), pk)
    return back_to(request, "web:limits", _("The limit is gone: the next less specific one counts."))


@require_POST
@signed_in
def second_look(request: HttpRequest) -> HttpResponse:
    """From which amount on two people decide."""
    actions.set_second_look(viewer(request), text_of(request, "currency"), text_of(request, "amount"))
    return back_to(request, "web:limits", _("Saved."))


@require_http_methods(["GET", "POST"])
@signed_in
def absences(request: HttpRequest) -> HttpResponse:
    """Who is away and who decides meanwhile; one's own to plan, an administrator's to plan for anybody."""
    user = viewer(request)
    require_seeing_approvals(user, queries.stood_in_for(user))
    if request.method == "POST":
        _plan(request, user)
        return back_to(request, "web:absences", _("The absence is planned."))
    everybody = people.can(user, Permission.ADMINISTER)
    colleagues = User.objects.filter(is_active=True, memberships__team_id__in=people.team_ids(user)).distinct()
    context = {
        "rows": queries.absences(user),
        "people": list(User.objects.filter(is_active=True).order_by("name")) if everybody else [user],
        "deputies": list((User.objects.filter(is_active=True) if everybody else colleagues).order_by("name")),
        "everybody": everybody,
        "history": _history("absence") if everybody else [],
        **tabs(user, "absences"),
    }
    return page(request, "web/approval_absences.html", "approvals", context)


def _plan(request: HttpRequest, user: User) -> None:
    from_at, until_at = moment_of(request, "from"), moment_of(request, "until")
    if from_at is None or until_at is None:
        raise InvalidInput(_("Choose a day and a time."), "from" if from_at is None else "until")
    who = number_of(request, "user") or user.pk
    actions.plan_absence(user, who, from_at, until_at, number_of(request, "deputy"))


@require_POST
@signed_in
def end_absence(request: HttpRequest, pk: int) -> HttpResponse:
    actions.end_absence(viewer(request), pk)
    return back_to(request, "web:absences", _("Welcome back."))


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_REMEDY_POLICY)
def policy(request: HttpRequest) -> HttpResponse:
    """What is given for what, how often that was departed from, and what keeping a customer is worth."""
    user = viewer(request)
    if request.method == "POST":
        actions.save_rule(user, number_of(request, "rule"), **_rule(request))
        return back_to(request, "web:remedy_policy", _("The rule is saved."))
    uses = queries.rule_uses(user)
    context = {
        "uses": uses,
        "doubted": [each for each in uses if each.is_doubtful],
        "causes": cause_tree(active_only=True),
        "kinds": Remedy.Kind.choices,
        "severities": [(level, _(name)) for level, name in enumerate(SEVERITIES)],
        "currency": settings.CURRENCY,
        "value": queries.recovery_value(settings.CURRENCY) or RecoveryValue(currency=settings.CURRENCY),
        "worth": queries.break_even(queries.recovery_value(settings.CURRENCY), settings.CURRENCY),
        "history": _history("policy", "value"),
        **tabs(user, "policy"),
    }
    return page(request, "web/approval_policy.html", "approvals", context)


def _rule(request: HttpRequest) -> dict[str, Any]:
    missing = _("Choose a severity.")
    return {
        "cause_id": number_of(request, "cause"),
        "least_severity": required_number(request, "least_severity", missing),
        "most_severity": required_number(request, "most_severity", missing),
        "rank": number_of(request, "rank") or 50,
        **{name: text_of(request, name) for name in ("kind", "currency", "minimum", "usual", "maximum", "why")},
    }


@require_POST
@signed_in
def retire_rule(request: HttpRequest, pk: int) -> HttpResponse:
    actions.retire_rule(viewer(request), pk)
    return back_to(request, "web:remedy_policy", _("The rule is retired."))


@require_POST
@signed_in
def value(request: HttpRequest) -> HttpResponse:
    """What a lead knows of a customer's worth; an empty field is not known."""
    names = ("margin", "retention", "discount", "stay_gain", "word_of_mouth", "handling_cost")
    given = {name: text_of(request, name) for name in names}
    actions.save_value(viewer(request), text_of(request, "currency"), **given)
    return back_to(request, "web:remedy_policy", _("Saved."))
