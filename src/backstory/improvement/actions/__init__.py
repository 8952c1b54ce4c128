"""Every write about problems and their fixes. Each: check, one transaction, change, record the event."""

from backstory.improvement.actions.fixes import add_fix, decide, drop_fix, finish_fix
from backstory.improvement.actions.problems import (
    change_problem,
    link_complaints,
    open_problem,
    set_state,
    unlink_complaint,
)
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
    "add_bone",
    "add_evidence",
    "add_fix",
    "add_why",
    "change_problem",
    "change_why",
    "decide",
    "drop_fix",
    "finish_fix",
    "link_complaints",
    "open_problem",
    "rate_failure",
    "remove_bone",
    "remove_evidence",
    "remove_failure",
    "remove_why",
    "set_state",
    "unlink_complaint",
]
