"""What insight itself remembers; everything else it counts from other rooms' rows."""

from backstory.insight.models.alarms import Alarm, WatchedDay
from backstory.insight.models.assumptions import Assumption
from backstory.insight.models.schedules import ReportLetter, ReportSchedule

__all__ = ["Alarm", "Assumption", "ReportLetter", "ReportSchedule", "WatchedDay"]
