"""The states of a letter on its way out. The worker that claims a letter is the only one to send it."""

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

State = Delivery.State


def claim_delivery(delivery_id: int) -> Delivery | None:
    """Take a letter for sending, or None when it is not due or somebody else has it (compare and set)."""
    if not outgoing.claim(Delivery.objects.filter(pk=delivery_id)):
        return None
    return Delivery.objects.select_related("message__conversation__mailbox", "message__author").get(pk=delivery_id)


def mark_sent(delivery: Delivery, path: str = "") -> None:
    """The next mail server has taken the letter (or, kept on this machine, it lies under `path`)."""
    delivery.sent_at = clock.now()
    delivery.path = path
    _settle(delivery, State.SENT, "")


def mark_deferred(delivery: Delivery, error: str) -> None:
    """A passing failure: try again later with back-off and jitter, and give up after the last try."""
    _settle(delivery, *outgoing.after_failure(delivery, error))


def mark_failed(delivery: Delivery, error: str) -> None:
    """A permanent refusal: trying again would not help until somebody changes something."""
    _settle(delivery, State.FAILED, error)


def mark_uncertain(delivery: Delivery, error: str) -> None:
    """The connection broke after the letter was handed over: it may have arrived, so a person decides."""
    _settle(delivery, State.UNCERTAIN, error)


def mark_bounced(delivery: Delivery, reason: str) -> None:
    """Another mail server has sent the letter back for good."""
    _settle(delivery, State.FAILED, f"Came back: {reason}")


@transaction.atomic
def _settle(delivery: Delivery, state: str, error: str) -> None:
    outgoing.settle(delivery, state, error)
    delivery.save(update_fields=outgoing.SETTLED)
    conversation = delivery.message.conversation
    record(
        f"delivery.{state}",
        conversation_id=conversation.pk,
        team_id=conversation.team_id,
        subject=("delivery", delivery.pk),
        error=error[:300],
    )


def retry_delivery(viewer: User, delivery_id: int) -> Delivery:
    """A person decides that a failed or uncertain letter is to be sent again."""
    seen = queries.get_delivery(viewer, delivery_id)
    policy.require(viewer, Permission.REPLY, seen.message.conversation.team_id)
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
        if delivery.state not in (State.FAILED, State.UNCERTAIN, State.DEFERRED):
            raise Conflict("Only a letter that did not get through can be sent again.")
        delivery.state, delivery.attempts, delivery.next_attempt_at = State.WAITING, 0, None
        delivery.save(update_fields=["state", "attempts", "next_attempt_at"])
        record(
            "delivery.waiting",
            actor=viewer,
            conversation_id=seen.message.conversation_id,
            team_id=seen.message.conversation.team_id,
            subject=("delivery", delivery.pk),
        )
    return delivery


def release_stuck() -> int:
    """Letters whose worker died while sending become uncertain, so that none is sent twice unasked."""
    stuck = outgoing.stuck(Delivery.objects.select_related("message__conversation"))
    for delivery in stuck:
        mark_uncertain(delivery, outgoing.SENDER_DIED)
    return len(stuck)
