"""Making amends in the case: what is proposed, an offer held against policy and precedent, and what became of it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from backstory.cases.policy import may_handle
from backstory.cases.queries import get_complaint
from backstory.kernel import money
from backstory.kernel.errors import InvalidInput
from backstory.kernel.text import storable
from backstory.recovery import actions, queries
from backstory.recovery.models import Remedy
from backstory.web.views.answers import acted
from backstory.web.views.common import signed_in, viewer
from backstory.web.views.forms import text_of


def _asked(request: HttpRequest, name: str) -> str:
    return storable(request.GET.get(name, "")).strip()


@require_GET
@signed_in
def options(request: HttpRequest, pk: int) -> HttpResponse:
    """What may be offered here, side by side; one that is chosen fills the form."""
    user = viewer(request)
    complaint = get_complaint(user, pk)
    currency = settings.CURRENCY
    context = {
        "proposed": queries.options(user, complaint, currency),
        "k": complaint,
        "kinds": Remedy.Kind.choices,
        "kind": _asked(request, "kind"),
        "amount": _asked(request, "amount"),
        "currency": currency,
        "may_edit": may_handle(user, complaint),
    }
    return render(request, "web/_remedy_options.html", context)


@require_GET
@signed_in
def weigh(request: HttpRequest, pk: int) -> HttpResponse:
    """The offer as it is being typed, held against policy and precedent; silent while it is no offer yet."""
    user = viewer(request)
    complaint = get_complaint(user, pk)
    try:
        wanted = money.parse(_asked(request, "amount") or "0", _asked(request, "currency"))
        if _asked(request, "kind") not in Remedy.Kind.values:
            raise InvalidInput(_("Choose one of the kinds of remedy."), "kind")
    except InvalidInput as error:
        return render(request, "web/_remedy_weighed.html", {"weighed": None, "problem": str(error)})
    weighed = queries.weigh(user, complaint, _asked(request, "kind"), wanted)
    worth = queries.break_even(queries.recovery_value(wanted.currency), wanted.currency)
    return render(request, "web/_remedy_weighed.html", {"weighed": weighed, "worth": worth, "problem": ""})


@require_POST
@signed_in
def offered(request: HttpRequest, pk: int) -> HttpResponse:
    remedy = actions.mark_offered(viewer(request), pk)
    return acted(request, remedy.complaint.conversation_id, _("Kept: the customer was told."))


@require_POST
@signed_in
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What the customer said to an offer."""
    remedy = actions.record_answer(pk, text_of(request, "answer"), text_of(request, "note"), viewer=viewer(request))
    return acted(request, remedy.complaint.conversation_id, _("Their answer is kept."))
