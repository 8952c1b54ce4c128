"""Asking the language model, away from any page."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from backstory.assistant import actions, queries


@db_task()
def propose(proposal_id: int) -> None:
    """Have one proposal written."""
    actions.run_proposal(proposal_id)


@db_periodic_task(crontab(minute="*"))
def propose_overlooked() -> None:
    """Wake again what a lost wake-up or a dead worker left."""
    for proposal_id in queries.due_proposals():
        propose(proposal_id)
