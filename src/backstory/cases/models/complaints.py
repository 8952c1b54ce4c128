"""Complaints with their numbers and causes, and what is done about them."""

from django.db import models

from backstory.conversations.models import Conversation
from backstory.kernel.models import Row
from backstory.people.models import User


class Cause(Row):
    """A node of the company's own tree of root causes."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    definition = models.TextField(blank=True)
    examples = models.TextField(blank=True)  # what customers say who mean it, one a line
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Complaint(Row):
    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "Upheld"
        PARTLY_UPHELD = "partly_upheld", "Partly upheld"
        NOT_UPHELD = "not_upheld", "Not upheld"

    number = models.CharField(max_length=20, unique=True)  # C-2026-00001
    conversation = models.OneToOneField(Conversation, on_delete=models.PROTECT, related_name="complaint")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="complaints")
    opened_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    received_at = models.DateTimeField()  # first receipt on any channel: where every clock starts
    severity = models.PositiveSmallIntegerField(default=1)  # 0 to 4
    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints")
    cause_confirmed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    outcome_reason = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reopened_count = models.PositiveIntegerField(default=0)
    link_version = models.PositiveIntegerField(default=1)  # raising it revokes the status links sent so far

    class Meta:
        indexes = [models.Index(fields=["received_at"]), models.Index(fields=["cause", "received_at"])]

    def __str__(self) -> str:
        return self.number


class ComplaintCounter(models.Model):
    """The last complaint number given out in a year: one locked row, so that two writers never share one."""

    year = models.PositiveIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class ResolutionAction(Row):
    """One thing somebody will do by a date: for the human need, or for the cause."""

    class Serves(models.TextChoices):
        NEED = "need", "The human need"
        CAUSE = "cause", "The cause"

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="resolution_actions")
    serves = models.CharField(max_length=10, choices=Serves.choices)
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="resolution_actions")
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "id"]

    def __str__(self) -> str:
        return self.text
