"""Every write about making amends. Each: check, one transaction, change, record the event."""

from backstory.recovery.actions.absences import end_absence, plan_absence
from backstory.recovery.actions.access import count_opening, send_code, send_fresh_link, try_code
from backstory.recovery.actions.asking import escalate_due_requests
from backstory.recovery.actions.by_hand import (
    stop_for_hand,
)
from backstory.recovery.actions.closing import close_complaint
from backstory.recovery.actions.closings import revoke_status_links, send_closing_notice
from backstory.recovery.actions.connectors import (
    Serves,
    add_connector,
    archive_connector,
    claim_connector_test,
    finish_connector_test,
    missing_to_serve,
    pause_connector,
    request_connector_test,
    resume_connector,
    set_service,
    set_up_connector,
)
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
from backstory.recovery.actions.hand_overs import (
    fetch_hand_over,
    make_hand_over,
    take_answer,
)
from backstory.recovery.actions.leaving import (
    answer_last_question,
    ask_lost_customers,
    import_lost,
    mark_lost,
    set_lost_cause,
    unmark_lost,
)
from backstory.recovery.actions.limits import remove_limit, seed_limits, set_limit, set_second_look
from backstory.recovery.actions.manners import set_update_manner, switch_updates
from backstory.recovery.actions.noting import note_changes, replan
from backstory.recovery.actions.offers import mark_carried_out, mark_offered, record_answer
from backstory.recovery.actions.policies import retire_rule, save_rule, save_value, seed_policy
from backstory.recovery.actions.reconciling import (
    claim_reconciling,
    note_comparison,
)
from backstory.recovery.actions.remedies import offer_remedy
from backstory.recovery.actions.second import (
    ask_for_second_recovery,
    finish_second_recovery,
    give_second_recovery,
    settle_second_recoveries,
)
from backstory.recovery.actions.sources import (
    ask_source,
    finish_reading,
    forget_old_readings,
)
from backstory.recovery.actions.surveys import (
    add_comment,
    answer_for_chat,
    answer_survey,
    choose_survey,
    schedule_survey,
    send_due_surveys,
)
from backstory.recovery.actions.transfer_decisions import (
    attend_transfer,
    confirm_transfer,
    look_again,
    release_transfer,
    retry_transfer,
    settle_difference,
    stop_transfer,
)
from backstory.recovery.actions.transfers import (
    Found,
    begin_attempt,
    begin_look_up,
    begin_transfer,
    claim_transfer,
    end_attempt,
    release_stuck_transfers,
    settle_transfer,
)
from backstory.recovery.actions.trials import run_trial
from backstory.recovery.actions.updates import edit_update, plan_update, send_due_updates, send_update, skip_update

__all__ = [
    "Found",
    "Serves",
    "add_comment",
    "add_connector",
    "answer_for_chat",
    "answer_last_question",
    "answer_survey",
    "approve_remedy",
    "archive_connector",
    "ask_for_second_recovery",
    "ask_lost_customers",
    "ask_source",
    "attend_transfer",
    "begin_attempt",
    "begin_look_up",
    "begin_transfer",
    "choose_survey",
    "claim_connector_test",
    "claim_reconciling",
    "claim_transfer",
    "close_complaint",
    "confirm_transfer",
    "count_opening",
    "decline_remedy",
    "edit_update",
    "end_absence",
    "end_attempt",
    "escalate_due_requests",
    "fetch_hand_over",
    "finish_connector_test",
    "finish_followup",
    "finish_reading",
    "finish_second_recovery",
    "forget_old_readings",
    "give_second_recovery",
    "hand_over_absent",
    "hand_over_followup",
    "import_lost",
    "look_again",
    "make_hand_over",
    "mark_carried_out",
    "mark_lost",
    "mark_offered",
    "miss_followup",
    "missing_to_serve",
    "note_changes",
    "note_comparison",
    "offer_remedy",
    "pause_connector",
    "plan_absence",
    "plan_after_remedy",
    "plan_followups",
    "plan_update",
    "record_answer",
    "release_stuck_transfers",
    "release_transfer",
    "remind_of_followups",
    "remove_limit",
    "replan",
    "request_connector_test",
    "resume_connector",
    "retire_rule",
    "retry_transfer",
    "revoke_status_links",
    "run_trial",
    "save_rule",
    "save_value",
    "schedule_survey",
    "seed_limits",
    "seed_policy",
    "send_closing_notice",
    "send_code",
    "send_due_surveys",
    "send_due_updates",
    "send_fresh_link",
    "send_update",
    "set_limit",
    "set_lost_cause",
    "set_second_look",
    "set_service",
    "set_up_connector",
    "set_update_manner",
    "settle_difference",
    "settle_second_recoveries",
    "settle_transfer",
    "skip_followup",
    "skip_update",
    "stop_for_hand",
    "stop_transfer",
    "switch_updates",
    "take_answer",
    "try_code",
    "unmark_lost",
]
