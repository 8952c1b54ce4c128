"""Every write about making amends. Each: check, one transaction, change, record the event."""

from backstory.recovery.actions.closing import close_complaint
from backstory.recovery.actions.closings import revoke_status_links, send_closing_notice
from backstory.recovery.actions.followups import (
    answer_survey,
    schedule_survey,
    send_due_surveys,
)
from backstory.recovery.actions.offers import mark_carried_out, mark_offered, record_answer
from backstory.recovery.actions.remedies import (
    approve_remedy,
    decline_remedy,
    offer_remedy,
    seed_limits,
    set_limit,
)
from backstory.recovery.actions.trials import run_trial

__all__ = [
    "answer_survey",
    "approve_remedy",
    "close_complaint",
    "decline_remedy",
    "mark_carried_out",
    "mark_offered",
    "offer_remedy",
    "record_answer",
    "revoke_status_links",
    "run_trial",
    "schedule_survey",
    "seed_limits",
    "send_closing_notice",
    "send_due_surveys",
    "set_limit",
]
