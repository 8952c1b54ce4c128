"""Background work of insight."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from backstory.insight import actions


@db_periodic_task(crontab(minute="7"))
def watch_causes() -> None:
    """Once an hour, so that a lost night is made good: the days that nobody has watched yet."""
    actions.watch()
