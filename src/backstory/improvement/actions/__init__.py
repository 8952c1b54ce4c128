"""Every write about problems and their fixes. Each: check, one transaction, change, record the event."""

from backstory.improvement.actions.campaigns import (
    add_addresses,
    approve_campaign,
    choose_reach,
    decline_news,
    plan_campaign,
    preview_campaign,
    step_campaign,
    write_text,
)
from backstory.improvement.actions.fixes import add_fix, decide, drop_fix, finish_fix
from backstory.improvement.actions.notes import (
    add_note,
    end_note,
)
from backstory.improvement.actions.problems import (
    change_problem,
    link_complaints,
    note_owner_told,
    open_problem,
    set_state,
    unlink_complaint,
)
from backstory.improvement.actions.proofs import (
    PlanFields,
    add_series,
    enter_exposure,
    freeze_plan,
    judge_plan,
    note_complaint_rate,
    note_reporting,
)
from backstory.improvement.actions.telling import send_due_letters
from backstory.improvement.actions.understanding import (
    add_bone,
    add_evidence,
    add_why,
    change_why,
    rate_failure,
    remove_bone,
    remove_evidence,
    remove_failure,
    remove_why,
)

__all__ = [
    "PlanFields",
    "add_addresses",
    "add_bone",
    "add_evidence",
    "add_fix",
    "add_note",
    "add_series",
    "add_why",
    "approve_campaign",
    "change_problem",
    "change_why",
    "choose_reach",
    "decide",
    "decline_news",
    "drop_fix",
    "end_note",
    "enter_exposure",
    "finish_fix",
    "freeze_plan",
    "judge_plan",
    "link_complaints",
    "note_complaint_rate",
    "note_owner_told",
    "note_reporting",
    "open_problem",
    "plan_campaign",
    "preview_campaign",
    "rate_failure",
    "remove_bone",
    "remove_evidence",
    "remove_failure",
    "remove_why",
    "send_due_letters",
    "set_state",
    "step_campaign",
    "unlink_complaint",
    "write_text",
]
