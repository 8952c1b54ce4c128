"""Sending one letter of the desk itself, to nobody but people who work at it."""

from __future__ import annotations

import structlog
from django.conf import settings

from backstory.channels.email.submission import submit
from backstory.conversations import actions
from backstory.conversations.models import ServiceLetter
from backstory.kernel import files
from backstory.people.queries import all_log_in

log = structlog.get_logger(__name__)

State = ServiceLetter.State


def deliver(letter_id: int) -> None:
    """Send a letter if it is due and nobody else has it. No transaction is open while the network is used.

    Whoever asks for a new password may name any address. The page does the same work for all of them, so that
    neither its words nor its time tell who has a log-in; that letters to strangers end is decided here.
    """
    letter = actions.claim_service_letter(letter_id)
    if letter is None:
        return
    if not all_log_in(letter.to):
        actions.settle_service_letter(letter, State.FAILED, "No active log-in has this address, so nothing was sent.")
    elif settings.MAIL_MODE == "outbox":
        actions.keep_service_letter(letter)
    else:
        _send(letter)
    log.info("service letter handled", letter_id=letter.pk, state=letter.state)


def _send(letter: ServiceLetter) -> None:
    try:
        data = files.get(letter.path)
    except OSError:
        actions.settle_service_letter(letter, State.FAILED, "The stored letter cannot be read.")
        return
    outcome = submit(letter.sender, letter.to, data)
    actions.settle_service_letter(letter, outcome.ending.value, outcome.words)
