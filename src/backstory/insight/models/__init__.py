"""What insight itself remembers; everything else it counts from other rooms' rows."""

from backstory.insight.models.alarms import Alarm, WatchedDay
from backstory.insight.models.assumptions import Assumption

__all__ = ["Alarm", "Assumption", "WatchedDay"]
