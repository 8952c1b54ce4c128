"""Background work of the channels."""

from datetime import timedelta

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from backstory.channels import ingest
from backstory.conversations.actions import begin_try
from backstory.conversations.queries import due_raw
from backstory.kernel import clock, files


@db_task()
def ingest_raw(raw_id: int) -> None:
    """Understand a stored original; woken when it is stored."""
    ingest.ingest(raw_id)


@db_periodic_task(crontab(minute="*"))
def ingest_waiting() -> None:
    """Find again what a lost wake-up left, and what waits for another try.

    Each try is counted before it is made, so that a letter that ends the process is not read for ever.
    """
    for raw_id in due_raw(clock.now()):
        if begin_try(raw_id):
            ingest.ingest(raw_id, counted=True)


@db_periodic_task(crontab(minute="25", hour="3"))
def clear_partial_files() -> None:
    """Remove what crashes cut off while it was written: its senders still have it, and send it again."""
    files.clear_partial(timedelta(days=1))
