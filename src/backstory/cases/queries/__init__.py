"""Reading complaints. What takes a viewer returns only what they may see; what takes conversation ids trusts its
caller to have asked `conversations.queries` for them."""

from backstory.cases.queries.causes import CauseNode, cause_tree
from backstory.cases.queries.complaints import (
    Signal,
    backstory,
    backstory_suggestions,
    care_facts,
    complaint_for,
    complaints,
    get_complaint,
    signals,
    was_just_read,
)
from backstory.cases.queries.promises import (
    desk_hours,
    due_reminders,
    overdue_promises,
    overlooked_promises,
    promises,
    reminders,
    unsearched_message,
)
from backstory.cases.queries.readings import latest_readings, overlooked_readings, readings_for, unread_message

__all__ = [
    "CauseNode",
    "Signal",
    "backstory",
    "backstory_suggestions",
    "care_facts",
    "cause_tree",
    "complaint_for",
    "complaints",
    "desk_hours",
    "due_reminders",
    "get_complaint",
    "latest_readings",
    "overdue_promises",
    "overlooked_promises",
    "overlooked_readings",
    "promises",
    "readings_for",
    "reminders",
    "signals",
    "unread_message",
    "unsearched_message",
    "was_just_read",
]
