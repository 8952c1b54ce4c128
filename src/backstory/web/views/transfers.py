"""Remedies on their way through connectors: what somebody has to look at, and what people decide about it."""

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backstory.kernel.errors import InvalidInput
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.recovery import actions, queries
from backstory.recovery.connectors.hand_over import LARGEST_ANSWER
from backstory.recovery.models import Transfer
from backstory.web.panes import transfers as pane
from backstory.web.views.answers import acted
from backstory.web.views.common import back_to, page, requires, signed_in, viewer
from backstory.web.views.forms import number_of, page_number, required_number, text_of


@require_safe
@requires(Permission.SEE_TRANSFERS)
def transfers(request: HttpRequest) -> HttpResponse:
    """What somebody has to look at; on request all of them."""
    user, everything = viewer(request), request.GET.get("all") == "1"
    rows = queries.watched_transfers(user).order_by("-id") if everything else queries.stuck_transfers(user)
    found = Paginator(rows, 50).get_page(page_number(request))
    lines = [(each, pane.line(user, each)) for each in found.object_list]
    context = {"found": found, "lines": lines, "here": "all" if everything else "stuck", **_tabs(user)}
    return page(request, "web/transfers.html", "transfers", context)


def _tabs(user: User) -> dict[str, object]:
    return {"has_files": queries.file_connectors().exists(), "open_differences": queries.open_differences(user).count()}


@require_safe
@signed_in
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """One transfer with every question that was asked and what was answered."""
    user = viewer(request)
    row = queries.get_transfer(user, pk)
    context = {"each": row, "t": pane.line(user, row), "tries": pane.tries(row), "here": "", **_tabs_for(user)}
    return page(request, "web/transfer.html", "transfers", context)


def _tabs_for(user: User) -> dict[str, object]:
    return _tabs(user) if policy.can(user, Permission.SEE_TRANSFERS) else {"has_files": False, "open_differences": 0}


@require_safe
@requires(Permission.SEE_TRANSFERS)
def differences(request: HttpRequest) -> HttpResponse:
    """Where the other systems' own record differs from ours."""
    user = viewer(request)
    found = Paginator(queries.differences(user), 50).get_page(page_number(request))
    context = {"found": found, "here": "differences", **_tabs(user)}
    return page(request, "web/transfer_differences.html", "transfers", context)


def _decided(request: HttpRequest, moved: Transfer, text: str) -> HttpResponse:
    return acted(request, moved.remedy.complaint.conversation_id, text)


@require_POST
@signed_in
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whom it is for, and let it go."""
    recipient = text_of(request, "recipient")
    moved = actions.release_transfer(viewer(request), pk, recipient)
    return _decided(request, moved, _("On its way."))


@require_POST
@signed_in
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    moved = actions.retry_transfer(viewer(request), pk, text_of(request, "recipient"))
    return _decided(request, moved, _("It is tried again; what may have moved is looked up first."))


@require_POST
@signed_in
def look(request: HttpRequest, pk: int) -> HttpResponse:
    return _decided(request, actions.look_again(viewer(request), pk), _("It is looked up now."))


@require_POST
@signed_in
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    moved = actions.confirm_transfer(viewer(request), pk, text_of(request, "evidence"))
    return _decided(request, moved, _("Noted that it is carried out."))


@require_POST
@signed_in
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    moved = actions.stop_transfer(viewer(request), pk, text_of(request, "reason"))
    return _decided(request, moved, _("It does not go through the connector any more."))


@require_POST
@signed_in
def attend(request: HttpRequest, pk: int) -> HttpResponse:
    moved = actions.attend_transfer(viewer(request), pk)
    return _decided(request, moved, _("Noted that nothing is left to do."))


@require_POST
@signed_in
def settle_difference(request: HttpRequest, pk: int) -> HttpResponse:
    actions.settle_difference(viewer(request), pk, text_of(request, "note"))
    return back_to(request, "web:transfer_differences", _("Settled."))


@require_POST
@signed_in
def mark_carried_out(request: HttpRequest, pk: int) -> HttpResponse:
    """A remedy was carried out by hand."""
    remedy = actions.mark_carried_out(pk, text_of(request, "evidence"), viewer(request))
    return acted(request, remedy.complaint.conversation_id, _("Noted that it is carried out."))


@require_POST
@signed_in
def ask_source(request: HttpRequest, pk: int) -> HttpResponse:
    """Look a case up in a database of the company."""
    given = {name: text_of(request, name) for name in ("email", "order", "customer")}
    reading = actions.ask_source(viewer(request), pk, number_of(request, "connector") or 0, given)
    return acted(request, reading.complaint.conversation_id, _("Looked up: the answer comes in a moment."))


@require_safe
@requires(Permission.SETTLE_TRANSFERS)
def files(request: HttpRequest) -> HttpResponse:
    """Files of payments for finance, made and answered."""
    user = viewer(request)
    waiting = [(each, queries.waiting_sums(user, each)) for each in queries.file_connectors()]
    found = Paginator(queries.hand_overs(user), 30).get_page(page_number(request))
    context = {"waiting": waiting, "found": found, "here": "files", **_tabs(user)}
    return page(request, "web/transfer_files.html", "transfers", context)


@require_POST
@requires(Permission.SETTLE_TRANSFERS)
def make_file(request: HttpRequest) -> HttpResponse:
    connector = required_number(request, "connector", _("Choose a connector."))
    batch = actions.make_hand_over(viewer(request), connector, text_of(request, "currency"))
    return back_to(request, "web:transfer_files", _("%(file)s is made.") % {"file": batch.number})


@require_POST
@requires(Permission.SETTLE_TRANSFERS)
def fetch_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Download a file: once, or a copy on purpose. A post, because it is on record who took it."""
    batch, data = actions.fetch_hand_over(viewer(request), pk, again=bool(text_of(request, "copy")))
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{batch.number}-{batch.currency}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _file(request: HttpRequest) -> bytes:
    given = request.FILES.get("file")
    if not isinstance(given, UploadedFile) or not given.size:
        raise InvalidInput(_("Choose the file that finance sent back."), "file")
    if given.size > LARGEST_ANSWER:
        raise InvalidInput(_("This file is larger than an answer of finance can be."), "file")
    data: bytes = given.read()
    return data


@require_POST
@requires(Permission.SETTLE_TRANSFERS)
def answer_file(request: HttpRequest) -> HttpResponse:
    """Take in what finance answered."""
    connector = required_number(request, "connector", _("Choose a connector."))
    paid, refused, odd = actions.take_answer(viewer(request), connector, _file(request))
    text = _("%(paid)d paid, %(refused)d refused.") % {"paid": paid, "refused": refused}
    if odd:
        text = " ".join([text, _("Not taken:"), *odd[:10]])
    return back_to(request, "web:transfer_files", text)
