"""Background work on problems: letters to many, a few each minute."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from backstory.improvement import actions


@db_periodic_task(crontab(minute="*"))
def send_campaign_letters() -> None:
    """The next letters of every campaign that is being sent; what a lost minute left goes in the next one."""
    actions.send_due_letters()
