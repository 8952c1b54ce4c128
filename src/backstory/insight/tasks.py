"""Background work of insight."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from backstory.insight import actions


@db_periodic_task(crontab(minute="7"))
def watch_causes() -> None:
    """Once an hour, so that a lost night is made good: the days that nobody has watched yet."""
    actions.watch()


@db_periodic_task(crontab(minute="*"))
def send_reports() -> None:
    """Store the letters of reports whose time has come."""
    actions.send_due_reports()
