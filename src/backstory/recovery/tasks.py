"""Background work after a complaint is closed."""

from datetime import timedelta

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from backstory.cases import queries as cases
from backstory.kernel import clock
from backstory.recovery import actions, carrying, queries

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


@db_periodic_task(crontab(minute="*/10"))
def ask_lost_customers() -> None:
    """Ask those who left why, once."""
    actions.ask_lost_customers()


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


@db_task()
def begin_transfer(remedy_id: int) -> None:
    """Put a remedy on its way through its connector, and carry it out."""
    transfer = actions.begin_transfer(remedy_id)
    if transfer is not None:
        carrying.carry(transfer.pk)


@db_task()
def carry(transfer_id: int) -> None:
    """Take a transfer one step further, if it is due."""
    carrying.carry(transfer_id)


@db_task()
def stop_declined(remedy_id: int) -> None:
    """The customer does not want it: nothing goes out any more."""
    actions.stop_for_hand(remedy_id)


@db_periodic_task(crontab(minute="*"))
def carry_due() -> None:
    """Everything about transfers whose time has come or whose wake-up or worker was lost."""
    actions.release_stuck_transfers()
    for remedy_id in queries.remedies_without_transfer(clock.now() - LOOK_BACK):
        begin_transfer(remedy_id)
    for transfer_id in queries.due_transfers(clock.now()):
        carry(transfer_id)


@db_task()
def reconcile(transfer_id: int) -> None:
    carrying.reconcile(transfer_id)


@db_periodic_task(crontab(minute="*/5"))
def reconcile_due() -> None:
    """Compare what we believe with what the other systems have on record."""
    for transfer_id in queries.due_reconciling(clock.now()):
        reconcile(transfer_id)


@db_task()
def try_connector(test_id: int) -> None:
    """Try a connector without carrying anything out."""
    carrying.try_connector(test_id)


@db_task()
def read_source(reading_id: int) -> None:
    """Ask a database of the company about a case."""
    carrying.read_source(reading_id)


@db_periodic_task(crontab(minute="*"))
def try_and_read_overlooked() -> None:
    """Trials and readings whose wake-up was lost; old readings are forgotten."""
    for test_id in queries.lost_connector_tests(clock.now() - GRACE):
        try_connector(test_id)
    for reading_id in queries.lost_readings(clock.now() - GRACE):
        read_source(reading_id)
    actions.forget_old_readings()


@db_task()
def send_fresh_link(old: str) -> None:
    """Send a fresh status link in place of an old one, if there is anything to send."""
    actions.send_fresh_link(old)
