"""Causes that rise against their own history."""

from django.db import models
from django.db.models import Q

from backstory.cases.models import Cause
from backstory.improvement.models import Problem
from backstory.kernel.models import Row
from backstory.people.models import Team, User


class WatchedDay(Row):
    """A day of the desk that was held against its history, so that each is looked at once."""

    day = models.DateField(unique=True)
    series = models.PositiveIntegerField()  # how many causes, per team and channel, were watched
    level = models.FloatField()  # the p below which one of them raised an alarm

    def __str__(self) -> str:
        return f"{self.day}: {self.series} series"


class Alarm(Row):
    """A rise that chance hardly gives. The figures stay those of the day on which it was raised."""

    class State(models.TextChoices):
        NEW = "new", "New"
        SEEN = "seen", "Being looked at"
        FALSE = "false", "False alarm"
        PROBLEM = "problem", "Problem opened"

    OPEN = (State.NEW, State.SEEN)

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="alarms")
    cause = models.ForeignKey(  # None: complaints that nobody has named a cause for
        Cause, on_delete=models.CASCADE, null=True, related_name="alarms"
    )
    channel = models.CharField(max_length=20, blank=True)  # empty: all of them
    raised_on = models.DateField()  # the last day that was counted
    since = models.DateField()
    days = models.PositiveSmallIntegerField()  # the window that told most
    observed = models.PositiveIntegerField()
    expected = models.FloatField()
    p = models.FloatField()
    dispersion = models.FloatField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    problem = models.ForeignKey(Problem, on_delete=models.SET_NULL, null=True, blank=True, related_name="alarms")

    class Meta:
        ordering = ["-raised_on", "p"]
        indexes = [models.Index(fields=["team", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "cause", "channel"],
                condition=Q(state__in=["new", "seen"]),
                name="one_open_alarm_per_series",
            ),
            models.UniqueConstraint(  # SQLite takes two unknown causes for different ones
                fields=["team", "channel"],
                condition=Q(state__in=["new", "seen"], cause__isnull=True),
                name="one_open_alarm_without_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cause or 'no cause'}: {self.observed} for {self.expected:.1f}"
