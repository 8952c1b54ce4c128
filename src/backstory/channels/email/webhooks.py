"""The address that a mail provider calls: what it says is kept byte for byte, and only then answered with 200."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from backstory.channels.email import provider_calls, providers
from backstory.conversations import actions
from backstory.conversations.models import Mailbox, ProviderCall
from backstory.kernel.errors import BackstoryError

GROWTH = 1.5  # how much larger a letter is inside a call
NO_SUCH = "There is no such address."


@csrf_exempt  # no browser of ours calls it; the address itself is a secret
@require_http_methods(["POST", "HEAD"])
def provider_call(request: HttpRequest, pk: int, key: str, kind: str) -> HttpResponse:
    """200 once the call is kept; 404 for an address that is none, 403 for a wrong signature, 413 for one that is too
    large, 503 while the mailbox is paused: the provider calls again."""
    mailbox, kind = Mailbox.objects.filter(pk=pk, archived_at=None).first(), kind.removesuffix(providers.RAW)
    if mailbox is None or not providers.is_webhook_key(mailbox, key) or kind not in ProviderCall.Kind.values:
        return HttpResponse(NO_SUCH, status=404, content_type="text/plain")
    if request.method == "HEAD":
        return HttpResponse()
    if not _listens(mailbox, kind):
        return HttpResponse(NO_SUCH, status=404, content_type="text/plain")
    if kind == ProviderCall.Kind.LETTERS and not mailbox.is_active:
        return HttpResponse("This mailbox is paused.", status=503, content_type="text/plain")
    return _taken(request, mailbox, kind)


def _listens(mailbox: Mailbox, kind: str) -> bool:
    """Letters only where they come in this way; what became of letters only where they leave by the provider."""
    if kind == ProviderCall.Kind.LETTERS:
        return mailbox.incoming == Mailbox.Incoming.WEBHOOK
    return mailbox.outgoing == Mailbox.Outgoing.PROVIDER


def _taken(request: HttpRequest, mailbox: Mailbox, kind: str) -> HttpResponse:
    most = int(settings.MAIL_MAX_BYTES * GROWTH)
    body = request.read(most + 1)
    if len(body) > most:
        actions.note_mailbox_error(mailbox.pk, f"A call of {mailbox.provider} was too large and was refused.")
        return HttpResponse("Too large.", status=413, content_type="text/plain")
    try:
        genuine = provider_calls.is_genuine(mailbox, kind, request, body)
    except BackstoryError as error:
        actions.note_mailbox_error(mailbox.pk, str(error))
        return HttpResponse("Not ready.", status=503, content_type="text/plain")
    if not genuine:
        words = f"A call in the name of {mailbox.provider} carried a wrong signature: check the signing key."
        actions.note_mailbox_error(mailbox.pk, words)
        return HttpResponse("The signature is wrong.", status=403, content_type="text/plain")
    actions.store_call(mailbox, kind, request.META.get("CONTENT_TYPE", ""), body)
    return HttpResponse("Kept.", content_type="text/plain")
