"""Files that go with what is being written."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backstory.channels.email.filenames import safe_name
from backstory.conversations import actions, queries
from backstory.conversations.models import Attachment
from backstory.kernel.errors import InvalidInput
from backstory.kernel.text import storable
from backstory.people import policy
from backstory.people.policy import Permission
from backstory.web.views.common import is_fragment, signed_in, viewer
from backstory.web.views.forms import required_number


def taken(request: HttpRequest, pk: int) -> list[Attachment]:
    """Keep every file of the request with the viewer's draft."""
    return [_kept(request, pk, file) for file in request.FILES.getlist("upload") if isinstance(file, UploadedFile)]


def _kept(request: HttpRequest, pk: int, file: "UploadedFile") -> Attachment:  # type: ignore[type-arg]
    name, _problem = safe_name(storable(file.name or ""), file.content_type or "", 1)
    return actions.attach(viewer(request), pk, name, file.read())


def _require(request: HttpRequest, pk: int) -> None:
    conversation = queries.get_conversation(viewer(request), pk)
    policy.require(viewer(request), Permission.REPLY, conversation.team_id)


@require_POST
@signed_in
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep files; the answer is the list of all that the draft has now."""
    _require(request, pk)
    kept = taken(request, pk)
    if not kept:
        raise InvalidInput(_("Choose a file."), "upload")
    return _files(request, pk, kept[-1].pk)


@require_POST
@signed_in
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    _require(request, pk)
    actions.detach(viewer(request), pk, required_number(request, "remove", _("Choose a file.")))
    return _files(request, pk)


def _files(request: HttpRequest, pk: int, added: int | None = None) -> HttpResponse:
    if not is_fragment(request):
        return redirect("web:conversation", pk)
    draft = queries.draft_of(viewer(request), queries.get_conversation(viewer(request), pk))
    context = {"files": list(draft.attachments.all()) if draft else [], "conversation_id": pk, "added": added}
    return render(request, "web/_files.html", context)
