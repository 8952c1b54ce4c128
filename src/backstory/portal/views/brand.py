"""A mailbox's colour and logo, as files of their own: pages carry no inline style."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from backstory.conversations.models import Mailbox
from backstory.kernel import files
from backstory.portal import pages, rules

KEPT = "public, max-age=300"


def _mailbox(pk: int) -> Mailbox | None:
    return Mailbox.objects.filter(pk=pk).first()


@require_safe
def colors(request: HttpRequest, pk: int) -> HttpResponse:
    """The style sheet with the mailbox's colour; an empty one where it has none."""
    mailbox = _mailbox(pk)
    sheet = rules.brand_sheet(mailbox.brand_color) if mailbox is not None else ""
    return HttpResponse(sheet, content_type="text/css", headers={"Cache-Control": KEPT})


@require_safe
def logo(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture that an administrator or lead has chosen."""
    mailbox = _mailbox(pk)
    if mailbox is None or not files.exists(mailbox.brand_logo):
        return pages.gone(request)
    headers = {"Cache-Control": KEPT, "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    return HttpResponse(files.get(mailbox.brand_logo), content_type=mailbox.brand_logo_type, headers=headers)
