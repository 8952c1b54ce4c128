"""Everything insight writes: alarms, reports by mail, and figures the desk cannot count."""

from backstory.insight.actions.alarms import decide_alarm, open_problem_from, watch
from backstory.insight.actions.assumptions import Entry, enter_figure, withdraw_figure
from backstory.insight.actions.sending import Wish, add_schedule, end_schedule, send_due_reports

__all__ = [
    "Entry",
    "Wish",
    "add_schedule",
    "decide_alarm",
    "end_schedule",
    "enter_figure",
    "open_problem_from",
    "send_due_reports",
    "watch",
    "withdraw_figure",
]
