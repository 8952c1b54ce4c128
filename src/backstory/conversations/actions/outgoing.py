"""What every letter on its way out shares: one worker claims it, and failures are tried again with back-off."""

from datetime import timedelta
from random import SystemRandom
from typing import TypeVar

from django.db.models import F, QuerySet

from backstory.conversations.models import Outgoing
from backstory.conversations.rules import next_try
from backstory.kernel import clock
from backstory.kernel.durable import durable

State = Outgoing.State
CLAIM_LASTS = timedelta(minutes=10)
CLAIMABLE = (State.HELD, State.WAITING, State.DEFERRED)
SENDER_DIED = "The process that was sending this letter ended before it could tell the result."
Letter = TypeVar("Letter", bound=Outgoing)
_random = SystemRandom()


def claim(letter: QuerySet[Letter]) -> bool:
    """Take a letter (a query for one) for sending; False when it is not due or somebody else has it."""
    moment = clock.now()
    due = letter.filter(state__in=CLAIMABLE).exclude(next_attempt_at__gt=moment)
    return bool(due.update(state=State.SENDING, claimed_at=moment, handed_at=None, attempts=F("attempts") + 1))


def hand_over(letter: Outgoing) -> bool:
    """Note, just before its content goes out, that from now on the next server may have the letter.

    False when the claim has been taken back meanwhile: then it must not go out.
    """
    moment = clock.now()
    claimed = type(letter)._default_manager.filter(pk=letter.pk, state=State.SENDING, claimed_at=letter.claimed_at)
    with durable():  # what a power cut takes back would be sent a second time
        return bool(claimed.update(handed_at=moment))


def is_ours(letter: Outgoing, current: Outgoing) -> bool:
    """Whether `current`, the row as it is now, is still as whoever tried `letter` left it: their claim stands."""
    return (current.state, current.claimed_at) == (letter.state, letter.claimed_at)


def stuck(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """Letters whose worker died while sending."""
    return letters.filter(state=State.SENDING, claimed_at__lt=clock.now() - CLAIM_LASTS)


def after_failure(letter: Outgoing, error: str) -> tuple[str, str]:
    """The state and words after a passing failure; sets the time of the next try, with back-off and jitter."""
    minutes = next_try(letter.attempts)
    if minutes is None:
        return State.FAILED, f"Given up after {letter.attempts} tries. {error}"
    letter.next_attempt_at = clock.ahead(minutes=minutes * _random.uniform(0.8, 1.2))
    return State.DEFERRED, error


def settle(letter: Outgoing, state: str, error: str) -> None:
    """Set how the try ended, without saving; only a deferred letter keeps the time of its next try."""
    letter.state, letter.last_error, letter.claimed_at = state, error[:2000], None
    if state != State.DEFERRED:
        letter.next_attempt_at = None


SETTLED = ("state", "last_error", "claimed_at", "next_attempt_at", "sent_at", "path")
"""The fields to save after `settle`."""
