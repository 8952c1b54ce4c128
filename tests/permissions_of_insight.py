"""One of everything that insight itself keeps, for the permission table."""

from datetime import date
from typing import Any

from backstory.insight.models import Alarm


def world_of_insight(cast: Any) -> dict[str, str]:
    """Values for the patterns' parameters; all of Customer care."""
    figures = {"observed": 12, "expected": 3.4, "p": 1e-5, "dispersion": 1.0, "days": 7}
    days = {"raised_on": date(2026, 3, 17), "since": date(2026, 3, 12)}
    return {"figures/": "complaint_rate", "rising/": str(Alarm.objects.create(team=cast.care, **figures, **days).pk)}
