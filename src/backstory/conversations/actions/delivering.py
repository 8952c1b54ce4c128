"""The states of a letter on its way out. The worker that claims a letter is the only one to send it."""

from collections.abc import Mapping
from typing import Any

import structlog
from django.db import transaction

from backstory.conversations import queries
from backstory.conversations.actions import outgoing
from backstory.conversations.models import Delivery
from backstory.kernel import clock
from backstory.kernel.errors import Conflict
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.people.rules import normalise_email

log = structlog.get_logger(__name__)

State = Delivery.State
TRIED_AGAIN = (State.FAILED, State.BOUNCED, State.UNCERTAIN, State.DEFERRED)
"""From where a person can send a letter again."""


def claim_delivery(delivery_id: int) -> Delivery | None:
    """Take a letter for sending, or None when it is not due, somebody else has it or its domain has its fill."""
    with transaction.atomic():
        letter = Delivery.objects.filter(pk=delivery_id)
        turn = queries.turn_of_domain(delivery_id)
        if turn is not None:
            words = "Waits for its turn: so many letters a minute go to this domain and no more."
            due = letter.filter(state__in=outgoing.CLAIMABLE).exclude(next_attempt_at__gt=clock.now())
            due.update(state=State.WAITING, next_attempt_at=turn, last_error=words)
            return None
        if not outgoing.claim(letter):
            return None
    return Delivery.objects.select_related("message__conversation__mailbox", "message__author").get(pk=delivery_id)


def begin_handing_over(delivery: Delivery) -> bool:
    """Say that the letter's content goes out now; False when it must not, because its claim was taken back."""
    return outgoing.hand_over(delivery)


def mark_sent(delivery: Delivery, path: str = "", results: Mapping[str, str] | None = None) -> None:
    """The next mail server has taken the letter (or, kept on this machine, it lies under `path`).

    `results` says for each recipient "sent" or why not; whoever was refused for good is named on the message.
    """
    delivery.sent_at = delivery.sent_at or clock.now()
    delivery.path = path
    delivery.results = {**delivery.results, **(results or {})}
    refused = {address: words for address, words in delivery.results.items() if words != "sent"}
    words = " ".join(f"Not taken for {address}: {reason}." for address, reason in refused.items())
    _settle(delivery, State.SENT, words)


def mark_deferred(delivery: Delivery, error: str, results: Mapping[str, str] | None = None) -> None:
    """A passing failure: try again later with back-off and jitter, and give up after the last try.

    With `results` some recipients have it already: only the others are tried again.
    """
    delivery.results = {**delivery.results, **(results or {})}
    if "sent" in delivery.results.values():
        delivery.sent_at = delivery.sent_at or clock.now()
    _settle(delivery, *outgoing.after_failure(delivery, error))


def mark_failed(delivery: Delivery, error: str) -> None:
    """A permanent refusal: trying again would not help until somebody changes something."""
    _settle(delivery, State.FAILED, error)


def mark_uncertain(delivery: Delivery, error: str) -> None:
    """The connection broke after the letter was handed over: it may have arrived, so a person decides."""
    _settle(delivery, State.UNCERTAIN, error)


def mark_bounced(delivery: Delivery, reason: str, recipient: str = "") -> None:
    """Another mail server has sent the letter back for good; `recipient` says whose copy, where that is known."""
    with transaction.atomic():
        outgoing.settle(delivery, State.BOUNCED, f"Came back: {reason}")
        named = [one for one in delivery.results if normalise_email(one) == normalise_email(recipient)]
        delivery.results = {**delivery.results, **dict.fromkeys(named, reason[:300])}
        delivery.attended_at = None
        delivery.save(update_fields=[*outgoing.SETTLED, "attended_at", "results"])
        _tell(delivery, State.BOUNCED, error=delivery.last_error[:300])


@transaction.atomic
def _settle(delivery: Delivery, state: str, error: str) -> None:
    current = Delivery.objects.select_for_update().get(pk=delivery.pk)
    # That it was sent is the truth whoever has the letter now; anything else only its present holder may say.
    if state != State.SENT and not outgoing.is_ours(delivery, current):
        log.warning("result of a lost claim", delivery_id=delivery.pk, state=state)
        return
    outgoing.settle(delivery, state, error)
    delivery.save(update_fields=[*outgoing.SETTLED, "results"])
    _tell(delivery, state, error=error[:300])


def _tell(delivery: Delivery, state: str, actor: User | None = None, **data: Any) -> None:
    conversation = delivery.message.conversation
    record(
        f"delivery.{state}",
        actor=actor,
        conversation_id=conversation.pk,
        team_id=conversation.team_id,
        subject=("delivery", delivery.pk),
        **data,
    )


def _locked(viewer: User, delivery_id: int) -> Delivery:
    """A letter that the viewer may decide about, for the rest of the transaction theirs alone."""
    seen = queries.get_delivery(viewer, delivery_id)
    team = seen.message.conversation.team_id
    if not policy.can(viewer, Permission.SEE_DELIVERIES, team):
        policy.require(viewer, Permission.REPLY, team)
    locked = Delivery.objects.select_for_update(of=("self",)).select_related("message__conversation")
    return locked.get(pk=delivery_id)


@transaction.atomic
def retry_delivery(viewer: User, delivery_id: int) -> Delivery:
    """A person decides that a letter that did not get through is to be sent again: the same letter, with the same
    Message-ID, to those recipients that have not had it for certain."""
    delivery = _locked(viewer, delivery_id)
    refused = [address for address, words in delivery.results.items() if words != "sent"]
    if delivery.state not in TRIED_AGAIN and not (delivery.state == State.SENT and refused):
        raise Conflict("Only a letter that did not get through can be sent again.")
    had_it = {address: words for address, words in delivery.results.items() if words == "sent"}
    # A letter that came back, nobody knows from whom, goes to everybody again.
    delivery.results = had_it if refused or delivery.state != State.BOUNCED else {}
    delivery.state, delivery.attempts, delivery.next_attempt_at = State.WAITING, 0, None
    delivery.attended_at = None
    delivery.save(update_fields=["state", "attempts", "next_attempt_at", "results", "attended_at"])
    _tell(delivery, State.WAITING, viewer)
    return delivery


@transaction.atomic
def cancel_delivery(viewer: User, delivery_id: int) -> Delivery:
    """A person decides that a letter that waits for a try is not to be sent any more."""
    delivery = _locked(viewer, delivery_id)
    waiting = Delivery.objects.filter(pk=delivery_id, state__in=[State.WAITING, State.DEFERRED])
    words = f"{viewer.name} decided not to send it any more. {delivery.last_error}".strip()[:2000]
    given_up = {"state": State.FAILED, "last_error": words, "next_attempt_at": None, "attended_at": clock.now()}
    if not waiting.update(**given_up):
        raise Conflict("Only a letter that waits for a try can be cancelled.")
    delivery.refresh_from_db()
    _tell(delivery, "cancelled", viewer)
    return delivery


@transaction.atomic
def confirm_delivery(viewer: User, delivery_id: int) -> Delivery:
    """A person has found out that a letter of which it was not certain did arrive."""
    delivery = _locked(viewer, delivery_id)
    if delivery.state != State.UNCERTAIN:
        raise Conflict("Only of a letter that was perhaps sent can it be said that it was.")
    delivery.sent_at = delivery.sent_at or delivery.handed_at or clock.now()
    delivery.state, delivery.last_error = State.SENT, f"{viewer.name} found out that it was sent."
    delivery.attended_at = clock.now()
    delivery.save(update_fields=["state", "sent_at", "last_error", "attended_at"])
    _tell(delivery, "confirmed", viewer)
    return delivery


@transaction.atomic
def attend_delivery(viewer: User, delivery_id: int) -> Delivery:
    """A person says that nothing is left to do about a letter that failed or came back."""
    delivery = _locked(viewer, delivery_id)
    if delivery.state not in (State.FAILED, State.BOUNCED, State.SENT):
        raise Conflict("This letter is still on its way.")
    delivery.attended_at = clock.now()
    delivery.save(update_fields=["attended_at"])
    _tell(delivery, "attended", viewer)
    return delivery


def note_provider_id(delivery: Delivery, provider_id: str) -> None:
    """By what name a mail provider speaks of the letter."""
    Delivery.objects.filter(pk=delivery.pk).update(provider_id=provider_id[:255])


@transaction.atomic
def mark_arrived(delivery: Delivery) -> None:
    """A provider says that the recipient's own server has the letter; said twice it is said once."""
    if Delivery.objects.filter(pk=delivery.pk, arrived_at=None).update(arrived_at=clock.now()):
        _tell(delivery, "arrived")


def release_stuck() -> int:
    """Letters whose worker died: tried again where nothing of them had gone out yet, else uncertain, so that none is
    sent twice unasked."""
    stuck = list(outgoing.stuck(Delivery.objects.select_related("message__conversation")))
    for delivery in stuck:
        if delivery.handed_at is None:
            _release(delivery)
        else:
            mark_uncertain(delivery, outgoing.SENDER_DIED)
    return len(stuck)


@transaction.atomic
def _release(delivery: Delivery) -> None:
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, claimed_at=delivery.claimed_at, handed_at=None)
    if mine.update(state=State.WAITING, claimed_at=None):
        _tell(delivery, State.WAITING)
