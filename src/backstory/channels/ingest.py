"""One entry for every original, whatever channel it came by: understand it, or say why not, but never lose it."""

from collections.abc import Callable
from typing import Any

import structlog

from backstory.channels.form.actions import accept as accept_form
from backstory.conversations.actions import postpone, quarantine
from backstory.conversations.models import Channel, RawMessage
from backstory.conversations.rules import next_try
from backstory.kernel.errors import InvalidInput

log = structlog.get_logger(__name__)


def accept_email(raw: RawMessage) -> None:
    """Put a letter into a conversation; the parser, slow to import, is for the process that reads letters alone."""
    from backstory.channels.email.ingest import accept

    accept(raw)


DOORS: dict[str, Callable[[RawMessage], Any]] = {Channel.EMAIL: accept_email, Channel.FORM: accept_form}
"""Channel -> what puts a stored original of it into a conversation; raises InvalidInput when it holds no letter."""


def ingest(raw_id: int, *, counted: bool = False) -> None:
    """Understand one stored original; done twice it is done once. What cannot be read goes to quarantine.

    `counted`: the try is counted already.
    """
    raw = RawMessage.objects.select_related("mailbox").filter(pk=raw_id).first()
    if raw is None or raw.state != RawMessage.State.RECEIVED or raw.channel not in DOORS:
        return
    try:
        DOORS[raw.channel](raw)
    except InvalidInput as error:
        quarantine(raw.pk, str(error), error.field or "unreadable")
    except Exception as error:  # whatever a letter or this machine makes of it, the letter waits and is tried again
        _try_later(raw.pk, raw.attempts + (not counted), f"{type(error).__name__}: {error}")
        log.exception("ingest", raw_id=raw.pk, channel=raw.channel)


def _try_later(raw_id: int, attempts: int, reason: str) -> None:
    """A fault of ours or of the machine: the bytes wait, and an administrator sees them when it does not pass."""
    minutes = next_try(attempts)
    if minutes is None:
        quarantine(raw_id, f"Could not be read in {attempts} tries. {reason}", "fault")
    else:
        postpone(raw_id, reason, minutes, attempts)
