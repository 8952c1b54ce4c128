"""How far letters have got, in words: on their message, and on the page of those that did not get through."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from backstory.conversations.models import Delivery
from backstory.kernel import clock

State = Delivery.State
LABELS: dict[str, tuple[StrPromise, str, str]] = {
    State.HELD: (_("Leaves in a moment"), "info", "clock"),
    State.WAITING: (_("Waiting to be sent"), "plain", "clock"),
    State.SENDING: (_("Being sent"), "plain", "send"),
    State.SENT: (_("Sent"), "good", "circle-check"),
    State.DEFERRED: (_("Not taken yet, will be tried again"), "warn", "clock"),
    State.BOUNCED: (_("Came back"), "bad", "arrow-back-up"),
    State.FAILED: (_("Not sent"), "bad", "alert-triangle"),
    State.UNCERTAIN: (_("Perhaps sent: somebody has to decide"), "warn", "alert-circle"),
}
"""In words, with tone and picture."""
ARRIVED = (_("Arrived"), "good", "circle-check")  # as a mail provider says
PARTLY = (_("Sent, but not to everybody"), "warn", "alert-triangle")


@dataclass(frozen=True)
class DeliveryLine:
    """How far one letter has got, and what its reader may do about it."""

    id: int
    state: str
    label: StrPromise
    tone: str
    icon: str
    last_error: str
    attempts: int
    next_attempt_at: datetime | None
    may_retry: bool = False
    may_undo: bool = False
    may_confirm: bool = False
    may_cancel: bool = False
    may_attend: bool = False


def line(delivery: Delivery, *, may_act: bool, is_author: bool = False) -> DeliveryLine:
    """For whoever `may_act` on letters of its team; only the author of a held letter can take it back."""
    refused = delivery.state == State.SENT and any(words != "sent" for words in delivery.results.values())
    arrived = delivery.state == State.SENT and delivery.arrived_at is not None
    label, tone, icon = PARTLY if refused else ARRIVED if arrived else LABELS[delivery.state]
    waits = delivery.state in (State.WAITING, State.DEFERRED)
    ended = refused or delivery.state in (State.FAILED, State.BOUNCED)
    return DeliveryLine(
        id=delivery.pk,
        state=delivery.state,
        label=label,
        tone=tone,
        icon=icon,
        last_error=delivery.last_error,
        attempts=delivery.attempts,
        next_attempt_at=delivery.next_attempt_at if waits else None,
        may_retry=may_act and (ended or delivery.state in (State.UNCERTAIN, State.DEFERRED)),
        may_undo=is_author and delivery.state == State.HELD,
        may_confirm=may_act and delivery.state == State.UNCERTAIN,
        may_cancel=may_act and waits,
        may_attend=may_act and ended,
    )


def seconds_left(delivery: Delivery) -> int:
    """For how long a held letter can still be taken back."""
    if delivery.state != State.HELD or delivery.next_attempt_at is None:
        return 0
    return max(round((delivery.next_attempt_at - clock.now()).total_seconds()), 0)
