"""Every write about complaints. Each: check, one transaction, change, record the event."""

from backstory.cases.actions.arranging import merge_conversations, split_message, undo_move
from backstory.cases.actions.backstories import (
    confirm_backstory,
    erase_old_backstories,
    read_backstory,
    save_backstory,
    send_summary,
)
from backstory.cases.actions.causes import add_cause, move_cause, rename_cause, retire_cause, seed_causes
from backstory.cases.actions.common import lock, lock_for, lock_open, tell
from backstory.cases.actions.complaints import (
    close_complaint,
    open_complaint,
    reopen_complaint,
    reopen_for_customer,
    set_cause,
    set_severity,
)
from backstory.cases.actions.correcting import LANGUAGES, correct_reading, undo_correction
from backstory.cases.actions.hearing import deny_retelling, learn_from_answer, note_questions
from backstory.cases.actions.learning import lost_trainings, put_in_force, request_training, train
from backstory.cases.actions.promises import (
    accept_promise,
    amend_promise,
    break_overdue_promises,
    break_promise,
    dismiss_promise,
    keep_promise,
    remind_due_promises,
    suggest_promises,
)
from backstory.cases.actions.readings import (
    open_sensitive,
    record_reading,
    record_reply_reading,
    record_unreadable,
    replace_reading,
)
from backstory.cases.actions.rereading import (
    claim_rereading,
    pass_over,
    pause_rereading,
    release_rereading,
    rereading_is_due,
    resume_rereading,
    start_rereading,
)
from backstory.cases.actions.resolution import add_resolution_action, finish_resolution_action

__all__ = [
    "LANGUAGES",
    "accept_promise",
    "add_cause",
    "add_resolution_action",
    "amend_promise",
    "break_overdue_promises",
    "break_promise",
    "claim_rereading",
    "close_complaint",
    "confirm_backstory",
    "correct_reading",
    "deny_retelling",
    "dismiss_promise",
    "erase_old_backstories",
    "finish_resolution_action",
    "keep_promise",
    "learn_from_answer",
    "lock",
    "lock_for",
    "lock_open",
    "lost_trainings",
    "merge_conversations",
    "move_cause",
    "note_questions",
    "open_complaint",
    "open_sensitive",
    "pass_over",
    "pause_rereading",
    "put_in_force",
    "read_backstory",
    "record_reading",
    "record_reply_reading",
    "record_unreadable",
    "release_rereading",
    "remind_due_promises",
    "rename_cause",
    "reopen_complaint",
    "reopen_for_customer",
    "replace_reading",
    "request_training",
    "rereading_is_due",
    "resume_rereading",
    "retire_cause",
    "save_backstory",
    "seed_causes",
    "send_summary",
    "set_cause",
    "set_severity",
    "split_message",
    "start_rereading",
    "suggest_promises",
    "tell",
    "train",
    "undo_correction",
    "undo_move",
]
