"""Reading what a provider told the desk: letters that arrived, and what became of letters of ours."""

from __future__ import annotations

import hashlib
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import HTTP, SMTP
from io import BytesIO
from typing import Any

import structlog
from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailInboundEvent, EventType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from backstory.channels.email import providers
from backstory.conversations import actions, queries
from backstory.conversations.models import Channel, Delivery, Mailbox, ProviderCall
from backstory.kernel import files
from backstory.kernel.errors import BackstoryError
from backstory.people.models import AddressTrouble
from backstory.people.rules import normalise_email

log = structlog.get_logger(__name__)

_AS_IT_CAME = SMTP.clone(refold_source="none")
_CAME_BACK = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
_FOR_GOOD = {"bounced", "invalid"}
"""Reasons of anymail after which the address itself is in doubt."""


def is_genuine(mailbox: Mailbox, kind: str, request: HttpRequest, body: bytes) -> bool:
    """Whether a call's signature holds; True where the provider signs none and the secret address is the proof."""
    if kind not in providers.provider_of(mailbox).signed:
        return True
    view = providers.view_for(mailbox, kind)
    if mailbox.provider == "sendgrid" and not view.webhook_verification_key:
        return True
    try:
        view.run_validators(_request(request.META.get("CONTENT_TYPE", ""), body, request.META))
    except (AnymailWebhookValidationFailure, ValueError, KeyError, TypeError):
        return False
    return True


def understand(call_id: int) -> None:
    """Read one stored call; done twice, each letter and event is still one. What cannot be read is tried again."""
    call = actions.begin_call(call_id)
    if call is None:
        return
    try:
        view = providers.view_for(call.mailbox, call.kind)
        for number, event in enumerate(view.parse_events(_request(call.content_type, files.get(call.path)))):
            if isinstance(event, AnymailInboundEvent):
                _keep_letter(call, number, event)
            else:
                _note_fate(call.mailbox, event)
    except Exception as error:
        words = str(error) if isinstance(error, BackstoryError) else f"{type(error).__name__}: {error}"
        actions.postpone_call(call, words[:500])
        log.warning("a provider's call was not understood", call_id=call.pk, error=type(error).__name__)
    else:
        actions.finish_call(call)


def _keep_letter(call: ProviderCall, number: int, event: Any) -> None:
    message = event.message
    recipient = str(message.envelope_recipient or "")
    origin = {"protocol": "webhook", "provider": call.provider, "sender": str(message.envelope_sender or "")}
    envelope = {**origin, **({"recipients": [recipient]} if recipient else {})}
    actions.store_raw(Channel.EMAIL, call.mailbox, letter_bytes(message, f"{call.sha256}:{number}"), envelope)


def letter_bytes(message: EmailMessage, name: str) -> bytes:
    """The letter as a file. One that the provider took apart gets boundaries made from `name`, so that the same call
    gives the same bytes."""
    for index, part in enumerate(message.walk()):
        if part.is_multipart() and part.get_content_maintype() == "multipart" and part.get_boundary() is None:
            part.set_boundary("=_" + hashlib.sha256(f"{name}:{index}".encode()).hexdigest()[:32])
    return message.as_bytes(policy=_AS_IT_CAME)


def _note_fate(mailbox: Mailbox, event: Any) -> None:
    """Mark the letter of ours that an event is about; one about a letter of somebody else's is nobody's business."""
    number = str((event.metadata or {}).get("delivery", ""))
    delivery = queries.delivery_of_provider(mailbox, number, str(event.message_id or ""))
    if delivery is None:
        return
    address = _written_to(delivery, str(event.recipient or ""))
    reason = " ".join(str(event.description or event.mta_response or event.reject_reason or event.event_type).split())
    if event.event_type == EventType.DELIVERED:
        actions.mark_arrived(delivery)
    elif event.event_type in _CAME_BACK:
        actions.mark_bounced(delivery, reason[:300], address)
        if address and event.reject_reason in _FOR_GOOD:
            actions.mark_address(delivery, address, AddressTrouble.Kind.UNDELIVERABLE, reason[:300])
    elif event.event_type == EventType.COMPLAINED and address:
        actions.mark_address(delivery, address, AddressTrouble.Kind.UNWANTED, "An abuse report")


def _written_to(delivery: Delivery, recipient: str) -> str:
    """The address of ours that an event speaks of, "" where it is none that we wrote to."""
    written = {normalise_email(str(one.get("email", ""))) for one in (*delivery.message.to, *delivery.message.cc)}
    named = normalise_email(recipient)
    return named if named in written else ""


def _request(content_type: str, body: bytes, meta: dict[str, Any] | None = None) -> WSGIRequest:
    """The call as Django would hand it to a view, whatever its size: the door has looked at that."""
    environ = {name: value for name, value in (meta or {}).items() if name.startswith("HTTP_")}
    environ |= {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "https",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "443",
    }
    request = WSGIRequest(environ)
    request._body = body
    fields, uploads = _form(content_type, body)
    request.__dict__ |= {"_post": fields, "_files": uploads}  # what `POST` and `FILES` answer from
    return request


def _form(content_type: str, body: bytes) -> tuple[QueryDict, MultiValueDict[str, SimpleUploadedFile]]:
    """The fields and files of a form (RFC 7578). Django's own reader refuses letters above a few megabytes."""
    fields, uploads = QueryDict(mutable=True), MultiValueDict[str, SimpleUploadedFile]()
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return QueryDict(body.decode("ascii", "replace"), encoding="utf-8"), uploads
    if kind == "multipart/form-data":
        whole = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body, policy=HTTP)
        for part in whole.iter_parts():
            _sort(part, fields, uploads)
    return fields, uploads


def _sort(part: Any, fields: QueryDict, uploads: MultiValueDict[str, SimpleUploadedFile]) -> None:
    name = part.get_param("name", header="Content-Disposition")
    content = part.get_payload(decode=True)
    if not isinstance(name, str) or not isinstance(content, bytes):
        return
    if part.get_filename() is not None:
        uploads.appendlist(name, SimpleUploadedFile(part.get_filename(), content, part.get_content_type()))
    else:
        fields.appendlist(name, content.decode("utf-8", "replace"))
