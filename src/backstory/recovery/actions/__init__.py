"""Every write about making amends. Each: check, one transaction, change, record the event."""

from backstory.recovery.actions.absences import end_absence, plan_absence
from backstory.recovery.actions.asking import escalate_due_requests
from backstory.recovery.actions.closing import close_complaint
from backstory.recovery.actions.closings import revoke_status_links, send_closing_notice
from backstory.recovery.actions.deciding import approve_remedy, decline_remedy
from backstory.recovery.actions.followups import (
    finish_followup,
    hand_over_absent,
    hand_over_followup,
    miss_followup,
    plan_after_remedy,
    plan_followups,
    remind_of_followups,
    skip_followup,
)
from backstory.recovery.actions.limits import remove_limit, seed_limits, set_limit, set_second_look
from backstory.recovery.actions.manners import set_update_manner, switch_updates
from backstory.recovery.actions.noting import note_changes, replan
from backstory.recovery.actions.offers import mark_carried_out, mark_offered, record_answer
from backstory.recovery.actions.remedies import offer_remedy
from backstory.recovery.actions.second import (
    ask_for_second_recovery,
    finish_second_recovery,
    give_second_recovery,
    settle_second_recoveries,
)
from backstory.recovery.actions.surveys import (
    add_comment,
    answer_survey,
    choose_survey,
    schedule_survey,
    send_due_surveys,
)
from backstory.recovery.actions.trials import run_trial
from backstory.recovery.actions.updates import edit_update, plan_update, send_due_updates, send_update, skip_update

__all__ = [
    "add_comment",
    "answer_survey",
    "approve_remedy",
    "ask_for_second_recovery",
    "choose_survey",
    "close_complaint",
    "decline_remedy",
    "edit_update",
    "end_absence",
    "escalate_due_requests",
    "finish_followup",
    "finish_second_recovery",
    "give_second_recovery",
    "hand_over_absent",
    "hand_over_followup",
    "mark_carried_out",
    "mark_offered",
    "miss_followup",
    "note_changes",
    "offer_remedy",
    "plan_absence",
    "plan_after_remedy",
    "plan_followups",
    "plan_update",
    "record_answer",
    "remind_of_followups",
    "remove_limit",
    "replan",
    "revoke_status_links",
    "run_trial",
    "schedule_survey",
    "seed_limits",
    "send_closing_notice",
    "send_due_surveys",
    "send_due_updates",
    "send_update",
    "set_limit",
    "set_second_look",
    "set_update_manner",
    "settle_second_recoveries",
    "skip_followup",
    "skip_update",
    "switch_updates",
]
