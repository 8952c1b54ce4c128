"""Background work after a complaint is closed."""

from datetime import timedelta

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from backstory.cases import queries as cases
from backstory.kernel import clock
from backstory.recovery import actions, queries

GRACE = timedelta(minutes=2)
LOOK_BACK = timedelta(days=7)
"""How far back a lost wake-up is made good: nobody wants to hear of a closing weeks later."""


@db_task(retries=3, retry_delay=20)
def follow_up(complaint_id: int) -> None:
    """Tell the customer that the complaint is closed and plan the survey; done twice it is done once."""
    actions.send_closing_notice(complaint_id)
    actions.schedule_survey(complaint_id)
    actions.send_due_surveys()


@db_periodic_task(crontab(minute="*"))
def follow_up_overlooked() -> None:
    """Wake again what a lost wake-up left without its notice or survey."""
    moment = clock.now()
    for complaint_id in queries.overlooked_closings(moment - GRACE, moment - LOOK_BACK):
        follow_up(complaint_id)


@db_task()
def run_trial(trial_id: int) -> None:
    """Hold a playbook against past complaints."""
    actions.run_trial(trial_id)


@db_periodic_task(crontab(minute="*"))
def run_overlooked_trials() -> None:
    """Wake again the previews whose wake-up or worker was lost."""
    for trial_id in cases.due_trials():
        run_trial(trial_id)


@db_periodic_task(crontab(minute="*"))
def send_surveys() -> None:
    actions.send_due_surveys()
