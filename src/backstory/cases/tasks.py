"""Background work on complaints: reading messages, finding promises, watching dates."""

from datetime import timedelta
from typing import Any

import structlog
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from backstory import language
from backstory.cases import actions, queries
from backstory.kernel import clock

log = structlog.get_logger(__name__)
GRACE = timedelta(minutes=2)
"""How long a message may wait for the task its event enqueued, before the sweep takes it for lost."""


@db_task(retries=3, retry_delay=20, context=True)
def read_message(message_id: int, task: Any = None) -> None:
    """Read a customer's message and keep the reading. Reading runs here, in no transaction; done twice it is
    done once."""
    message = queries.unread_message(message_id)
    if message is None:
        return
    try:
        reading = language.read(message.text, explain=True)
    except Exception as error:
        if task is not None and task.retries > 0:
            raise
        log.exception("message could not be read", message_id=message_id)
        actions.record_unreadable(message_id, type(error).__name__)
        return
    actions.record_reading(message_id, reading)


@db_task(retries=3, retry_delay=20)
def find_promises(message_id: int) -> None:
    """Suggest the promises in a message that one of us sent."""
    actions.suggest_promises(message_id)


@db_periodic_task(crontab(minute="*"))
def read_overlooked() -> None:
    """Wake again what a lost wake-up left unread."""
    before = clock.now() - GRACE
    for message_id in queries.overlooked_readings(before):
        read_message(message_id)
    for message_id in queries.overlooked_promises(before):
        find_promises(message_id)


@db_periodic_task(crontab(minute="*"))
def watch_promises() -> None:
    """Remind of promises that come due, and count those whose time has passed as broken."""
    actions.remind_due_promises()
    actions.break_overdue_promises()
