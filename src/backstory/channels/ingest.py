"""One entry for every original, whatever channel it came by: understand it, or say why not, but never lose it."""

from collections.abc import Callable
from typing import Any

import structlog

from backstory.channels.email.ingest import accept as accept_email
from backstory.channels.form.actions import accept as accept_form
from backstory.conversations.actions import postpone, quarantine
from backstory.conversations.models import Channel, RawMessage
from backstory.conversations.rules import next_try
from backstory.kernel.errors import InvalidInput

log = structlog.get_logger(__name__)

DOORS: dict[str, Callable[[RawMessage], Any]] = {Channel.EMAIL: accept_email, Channel.FORM: accept_form}
"""Channel -> what puts a stored original of it into a conversation; raises InvalidInput when it holds no letter."""


def ingest(raw_id: int) -> None:
    """Understand one stored original; done twice it is done once. What cannot be read goes to quarantine."""
    raw = RawMessage.objects.select_related("mailbox").filter(pk=raw_id).first()
    if raw is None or raw.state != RawMessage.State.RECEIVED or raw.channel not in DOORS:
        return
    try:
        DOORS[raw.channel](raw)
    except InvalidInput as error:
        quarantine(raw.pk, str(error))
    except Exception as error:
        _try_later(raw, f"{type(error).__name__}: {error}")
        log.exception("ingest", raw_id=raw.pk, channel=raw.channel)


def _try_later(raw: RawMessage, reason: str) -> None:
    """A fault of ours or of the machine: the bytes wait, and an administrator sees them when it does not pass."""
    minutes = next_try(raw.attempts + 1)
    if minutes is None:
        quarantine(raw.pk, f"Could not be read after {raw.attempts + 1} tries. {reason}")
    else:
        postpone(raw.pk, reason, minutes)
