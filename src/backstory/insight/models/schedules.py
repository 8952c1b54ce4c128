"""Reports that are sent by mail again and again."""

from django.db import models

from backstory.kernel.models import Row
from backstory.people.models import Team, User


class ReportSchedule(Row):
    """One report, when it is sent, and to whom. Each recipient gets what they may see themself."""

    class Every(models.TextChoices):
        DAY = "day", "Every day"
        WEEK = "week", "Every week"
        MONTH = "month", "Every month, on its first day"

    class Form(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel"
        CSV = "csv", "CSV"

    report = models.CharField(max_length=40)
    form = models.CharField(max_length=4, choices=Form.choices, default=Form.PDF)
    period = models.CharField(max_length=4)  # as in `rules.PRESET_WEEKS`
    against = models.CharField(max_length=6, blank=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    every = models.CharField(max_length=5, choices=Every.choices, default=Every.WEEK)
    weekday = models.PositiveSmallIntegerField(default=0)  # Monday is 0; of weekly ones
    hour = models.PositiveSmallIntegerField(default=7)  # on the desk's clock
    recipients = models.ManyToManyField(User, related_name="report_schedules")
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    next_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["ended_at", "next_at"])]

    def __str__(self) -> str:
        return f"{self.report} {self.every}"


class ReportLetter(Row):
    """A report that went to one recipient at one time: so that a worker that died in between sends nothing twice."""

    schedule = models.ForeignKey(ReportSchedule, on_delete=models.CASCADE, related_name="letters")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "user", "due_at"], name="one_report_letter_per_occasion")
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} to {self.user_id}"
