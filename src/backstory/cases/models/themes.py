"""Themes that nobody has named as a cause yet: found by clustering, judged by leads."""

from django.db import models

from backstory.cases.models.complaints import Cause, Complaint
from backstory.kernel.models import Row
from backstory.people.models import User


class ThemeSearch(Row):
    """A search for themes among the complaints that fit no cause: asked for by a person or the week, done by a
    worker."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey(  # nobody: a week had passed
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    stage = models.CharField(max_length=100, blank=True)
    done = models.PositiveIntegerField(default=0)  # of `total` steps
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)  # a worker is at it until then
    considered = models.PositiveIntegerField(default=0)  # complaints that were looked at
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return f"search {self.pk} for themes"


class Theme(Row):
    """Complaints that speak of the same thing. `words` are said by several of them, so they name no one."""

    class State(models.TextChoices):
        OPEN = "open", "To be judged"
        PROMOTED = "promoted", "A cause now"
        MERGED = "merged", "Part of another theme"
        DISMISSED = "dismissed", "No theme"

    name = models.CharField(max_length=100)
    words = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    found_by = models.ForeignKey(ThemeSearch, on_delete=models.PROTECT, related_name="themes")  # the latest that did
    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, null=True, blank=True, related_name="themes")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return self.name


class ThemeMember(Row):
    """A complaint of a theme, and how typical it is of it (cosine to the mean, -1 to 1)."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="members")
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="themes")
    typical = models.FloatField(default=0)

    class Meta:
        ordering = ["-typical", "id"]
        constraints = [models.UniqueConstraint(fields=["theme", "complaint"], name="one_membership_per_theme")]

    def __str__(self) -> str:
        return f"{self.complaint_id} in {self.theme_id}"
