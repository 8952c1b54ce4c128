"""Background work of e-mail: sending letters, and finding those whose wake-up was lost."""

from __future__ import annotations

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from backstory.channels.email import oauth, provider_calls, send, service_letters, trying
from backstory.conversations import actions, queries
from backstory.kernel import clock


@db_task()
def deliver(delivery_id: int) -> None:
    """Send a letter and what is due beside it; woken when it is written."""
    send.deliver_batch(delivery_id)


@db_task()
def deliver_held(delivery_id: int) -> None:
    """Have a letter sent once it can no longer be taken back; woken when it is written."""
    due = queries.due_at(delivery_id)
    if due is not None:
        deliver.schedule(args=(delivery_id,), delay=max((due - clock.now()).total_seconds(), 0))


@db_periodic_task(crontab(minute="*"))
def deliver_waiting() -> None:
    """Send what is due for another try or was overlooked, each letter in a task of its own."""
    actions.release_stuck()
    for delivery_id in queries.due_deliveries(clock.now()):
        deliver(delivery_id)


@db_task()
def deliver_service_letter(letter_id: int) -> None:
    """Send a letter of the desk itself; woken when it is stored."""
    service_letters.deliver(letter_id)


@db_periodic_task(crontab(minute="*"))
def deliver_service_letters() -> None:
    """Send what is due for another try or was overlooked, and forget what nobody needs any more."""
    actions.release_stuck_service_letters()
    actions.forget_service_letters()
    for letter_id in queries.due_service_letters(clock.now()):
        deliver_service_letter(letter_id)


@db_task()
def redeem_consent(grant_id: int) -> None:
    """Fetch tokens for a consent; woken when a person comes back with it."""
    oauth.redeem(grant_id)


@db_task()
def test_mailbox(test_id: int) -> None:
    """Try a mailbox; woken when a person asks."""
    trying.run(test_id)


@db_task()
def understand_provider_call(call_id: int) -> None:
    """Read what a mail provider said; woken when that is kept."""
    provider_calls.understand(call_id)


@db_periodic_task(crontab(minute="*"))
def find_overlooked_mailbox_work() -> None:
    """Find again what a lost wake-up or worker left: consents, tests and calls."""
    before = clock.ahead(minutes=-3)
    for grant_id in queries.unredeemed_grants(before):
        redeem_consent(grant_id)
    for test_id in queries.lost_tests(before):
        test_mailbox(test_id)
    for call_id in queries.due_calls(clock.now()):
        understand_provider_call(call_id)
    actions.forget_calls()
