"""Everything insight writes: alarms, and figures the desk cannot count."""

from backstory.insight.actions.alarms import decide_alarm, open_problem_from, watch
from backstory.insight.actions.assumptions import Entry, enter_figure, withdraw_figure

__all__ = ["Entry", "decide_alarm", "enter_figure", "open_problem_from", "watch", "withdraw_figure"]
