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
    """Tell the customer that the complaint is closed, plan the survey and the follow-ups; done twice it is done
    once."""
    actions.send_closing_notice(complaint_id)
    actions.settle_second_recoveries(complaint_id)
    actions.schedule_survey(complaint_id)
    actions.plan_followups(complaint_id)
    actions.send_due_surveys()


@db_task(retries=3, retry_delay=20)
def put_aside(complaint_id: int) -> None:
    """A complaint is open again: what was planned after its closing is planned anew at the next one."""
    actions.plan_followups(complaint_id)


@db_task(retries=3, retry_delay=20)
def follow_up_remedy(remedy_id: int) -> None:
    """Plan what comes after a remedy was carried out."""
    actions.plan_after_remedy(remedy_id)


@db_periodic_task(crontab(minute="*"))
def follow_up_overlooked() -> None:
    """Wake again what a lost wake-up left without its notice, survey or follow-ups."""
    moment = clock.now()
    for complaint_id in queries.overlooked_closings(moment - GRACE, moment - LOOK_BACK):
        follow_up(complaint_id)
    for remedy_id in queries.overlooked_remedies(moment - GRACE, moment - LOOK_BACK):
        follow_up_remedy(remedy_id)
    for complaint_id in queries.outlived_followups():
        put_aside(complaint_id)


@db_periodic_task(crontab(minute="*"))
def watch_followups() -> None:
    """Hand over what nobody is there to do, and remind of what comes due."""
    actions.hand_over_absent()
    actions.remind_of_followups()


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


@db_task()
def note_changes(_subject_id: int) -> None:
    """Note what customers have to be told of; whatever woke this, it looks at what happened just now."""
    actions.note_changes(clock.now() - GRACE)


@db_task()
def replan_updates(complaint_id: int) -> None:
    """The severity changed: so do the times of the letters."""
    actions.replan(complaint_id)


@db_task()
def replan_after_message(message_id: int) -> None:
    """One of us wrote: the next letter at its time is counted from there."""
    complaint_id = queries.complaint_written_in(message_id)
    if complaint_id is not None:
        actions.replan(complaint_id)


@db_periodic_task(crontab(minute="*"))
def tell_customers() -> None:
    """Note what a lost wake-up left, and send the updates whose time has come."""
    actions.note_changes()
    actions.send_due_updates()


@db_periodic_task(crontab(minute="*"))
def escalate_requests() -> None:
    """Requests for approval that nobody has answered in time go to the next."""
    actions.escalate_due_requests()
