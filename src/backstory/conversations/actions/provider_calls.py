"""What mail providers tell the desk by HTTP: kept first, understood later, forgotten when nobody needs it any more."""

import hashlib
from datetime import timedelta

from django.db import IntegrityError
from django.db.models import F

from backstory.conversations.actions.mailboxes import note_mailbox_error
from backstory.conversations.models import Mailbox, ProviderCall
from backstory.conversations.rules import next_try
from backstory.kernel import clock, files
from backstory.kernel.durable import durable
from backstory.live.actions import record

KEPT = timedelta(days=30)
State = ProviderCall.State


def store_call(mailbox: Mailbox, kind: str, content_type: str, body: bytes) -> ProviderCall:
    """Keep a call before anybody answers it. The same call twice is one row."""
    same = {"mailbox": mailbox, "kind": kind, "sha256": hashlib.sha256(body).hexdigest()}
    known = ProviderCall.objects.filter(**same).first()
    if known is not None:
        return known
    path, _ = files.put("calls", body)
    fields = {"provider": mailbox.provider, "content_type": content_type[:300], "path": path}
    try:
        with durable():
            call = ProviderCall.objects.create(**same, **fields)
            record("provider_call.stored", team_id=mailbox.team_id, subject=("provider_call", call.pk))
    except IntegrityError:  # the same one, at the same moment
        call = ProviderCall.objects.get(**same)
    return call


def begin_call(call_id: int) -> ProviderCall | None:
    """Count a try before it is made; None when it is not due any more."""
    due = ProviderCall.objects.filter(pk=call_id, state=State.RECEIVED).exclude(next_attempt_at__gt=clock.now())
    if not due.update(attempts=F("attempts") + 1, next_attempt_at=clock.ahead(minutes=2)):
        return None
    return ProviderCall.objects.select_related("mailbox").get(pk=call_id)


def finish_call(call: ProviderCall) -> None:
    """All that it said is kept elsewhere by now, so its bytes can go."""
    if ProviderCall.objects.filter(pk=call.pk).update(state=State.DONE, error="", next_attempt_at=None):
        if not ProviderCall.objects.filter(path=call.path).exclude(pk=call.pk).exclude(state=State.DONE).exists():
            files.remove(call.path)
        note_mailbox_error(call.mailbox_id, "")


def postpone_call(call: ProviderCall, words: str) -> None:
    """It was not understood: tried again with back-off, then left for an administrator, its bytes kept."""
    minutes = next_try(call.attempts)
    late = None if minutes is None else clock.ahead(minutes=minutes)
    state = State.FAILED if minutes is None else State.RECEIVED
    ProviderCall.objects.filter(pk=call.pk).update(state=state, error=words[:2000], next_attempt_at=late)
    note_mailbox_error(call.mailbox_id, f"A call of {call.provider} could not be understood: {words}")


def forget_calls() -> int:
    """Rows of calls that were understood long ago."""
    gone, _ = ProviderCall.objects.filter(state=State.DONE, created_at__lt=clock.now() - KEPT).delete()
    return gone
