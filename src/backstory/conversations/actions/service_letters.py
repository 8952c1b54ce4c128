"""Letters of the desk itself: stored where a page asks for them, sent by a worker, forgotten when done with."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from backstory.conversations.actions import outgoing
from backstory.conversations.models import ServiceLetter
from backstory.kernel import clock, files
from backstory.live.actions import record

State = ServiceLetter.State
REMEMBERED = timedelta(days=30)


def store_service_letter(sender: str, to: Sequence[str], subject: str, data: bytes) -> ServiceLetter:
    """Keep a letter for a worker to send. `data` must be unlike any other letter's: its Message-ID sees to that."""
    path, _ = files.put("service", data)
    try:
        return _stored(sender=sender, to=list(to), subject=subject[:500], path=path)
    except Exception:
        files.remove(path)  # no row knows of the secret in there, so nothing would ever remove it
        raise


@transaction.atomic
def _stored(**fields: Any) -> ServiceLetter:
    letter = ServiceLetter.objects.create(**fields)
    record("service_letter.waiting", subject=("service_letter", letter.pk))
    return letter


def claim_service_letter(letter_id: int) -> ServiceLetter | None:
    """Take a letter for sending, or None when it is not due or somebody else has it (compare and set)."""
    if not outgoing.claim(ServiceLetter.objects.filter(pk=letter_id)):
        return None
    return ServiceLetter.objects.get(pk=letter_id)


def keep_service_letter(letter: ServiceLetter) -> None:
    """The letter stays on this machine instead of being sent, for as long as its link works."""
    letter.sent_at = clock.now()
    _settle(letter, State.SENT, "")


def settle_service_letter(letter: ServiceLetter, state: str, error: str = "") -> None:
    """Write down how a try ended. A deferred letter is tried again; of any other only the row stays."""
    if state == State.DEFERRED:
        state, error = outgoing.after_failure(letter, error)
    if state == State.SENT:
        letter.sent_at = clock.now()
    if state != State.DEFERRED:
        files.remove(letter.path)
        letter.path = ""
    _settle(letter, state, error)


@transaction.atomic
def _settle(letter: ServiceLetter, state: str, error: str) -> None:
    outgoing.settle(letter, state, error)
    letter.save(update_fields=outgoing.SETTLED)
    record(f"service_letter.{state}", subject=("service_letter", letter.pk), error=error[:300])


def release_stuck_service_letters() -> int:
    """Letters whose worker died while sending become uncertain: whoever asked for one can ask again."""
    letters = outgoing.stuck(ServiceLetter.objects.all())
    for letter in letters:
        settle_service_letter(letter, State.UNCERTAIN, outgoing.SENDER_DIED)
    return len(letters)


def forget_service_letters() -> int:
    """Remove kept bytes whose links work no more, and rows that are a month old. Returns how many letters."""
    moment = clock.now()
    links_dead = moment - timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    kept = ServiceLetter.objects.filter(state=State.SENT, created_at__lt=links_dead).exclude(path="")
    for letter in kept:
        files.remove(letter.path)
        letter.path = ""
        letter.save(update_fields=["path"])
    done = ServiceLetter.objects.filter(path="", created_at__lt=moment - REMEMBERED)
    return len(kept) + done.delete()[0]
