"""Everything insight writes: alarms, and figures the desk cannot count."""

from backstory.insight.actions.alarms import decide_alarm, open_problem_from, watch

__all__ = ["decide_alarm", "open_problem_from", "watch"]
