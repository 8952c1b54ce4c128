"""Files and originals. What a stranger sent is never run, framed or sniffed in our origin."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from backstory.conversations import queries as conversations
from backstory.kernel import files
from backstory.kernel.errors import NotFound
from backstory.web.views.common import signed_in, viewer

SANDBOX = "sandbox; default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'"


def as_download(data: bytes, name: str) -> HttpResponse:
    """Bytes to be saved, never shown: whatever their sender called them (RFC 6266, section 5)."""
    response = HttpResponse(data, content_type="application/octet-stream")
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in name) or "file"
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@signed_in
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    found = conversations.get_attachment(viewer(request), pk)
    return as_download(files.get(found.path), found.name)


@require_GET
@signed_in
def original(request: HttpRequest, pk: int) -> HttpResponse:
    """A message in the layout it came in, sanitised, on a page of its own where nothing can run."""
    message = conversations.get_message(viewer(request), pk)
    response = render(request, "web/original.html", {"message": message})
    response["Content-Security-Policy"] = SANDBOX
    return response


@require_GET
@signed_in
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes as they arrived."""
    found = conversations.get_raw(viewer(request), pk)
    if not files.exists(found.path):
        raise NotFound(_("The bytes of this original were deleted."))
    return as_download(files.get(found.path), f"original-{found.pk}.{'eml' if found.channel == 'email' else 'bin'}")
