"""Coming back to a customer afterwards, and the second attempt where the first was not enough."""

from django.db import models
from django.db.models import Q

from backstory.cases.models import Complaint
from backstory.kernel.models import Row
from backstory.people.models import User
from backstory.recovery.models.surveys import Survey


class FollowUp(Row):
    """One thing that a playbook asks somebody to do some days after the closing, or after a remedy was carried out."""

    class Kind(models.TextChoices):
        CALL = "call", "Call"
        LETTER = "letter", "Letter"
        CHECK = "check", "Check that the fix held"

    class State(models.TextChoices):
        OPEN = "open", "To do"
        DONE = "done", "Done"
        NOT_REACHED = "not_reached", "Not reached"
        SKIPPED = "skipped", "Skipped"

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="followups")
    key = models.CharField(max_length=60)  # of the playbook's entry
    kind = models.CharField(max_length=6, choices=Kind.choices)
    words = models.JSONField(default=dict)  # what to do, by language, as the playbook said when it was planned
    counted_from = models.CharField(max_length=10, choices=[("closing", "Closing"), ("remedy", "Remedy")])
    begun_at = models.DateTimeField()  # the closing, or the remedy carried out, that it is counted from
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="followups")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=11, choices=State.choices, default=State.OPEN)
    tries = models.PositiveSmallIntegerField(default=0)  # how often nobody was reached
    reminded_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    held = models.BooleanField(null=True, blank=True)  # of a check: whether the fix holds
    note = models.TextField(blank=True)  # what came of it; may be sensitive, so in no event, list or export
    reason = models.CharField(max_length=300, blank=True)  # why it was skipped

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["state", "due_at"])]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "key", "begun_at"], name="one_follow_up_per_occasion")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.complaint_id}"


class SecondRecovery(Row):
    """The second attempt to put something right, with the reason, an owner and a date of its own."""

    class Why(models.TextChoices):
        LOW_SCORE = "low_score", "A low score"
        CHECK_FAILED = "check_failed", "The fix did not hold"
        ASKED = "asked", "Somebody saw that it was not enough"

    class State(models.TextChoices):
        OPEN = "open", "Under way"
        DONE = "done", "Done"

    class Outcome(models.TextChoices):
        UNKNOWN = "unknown", "Not known"
        RECOVERED = "recovered", "Recovered at the second attempt"
        NOT_RECOVERED = "not_recovered", "Not recovered"

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="second_recoveries")
    why = models.CharField(max_length=12, choices=Why.choices)
    survey = models.ForeignKey(Survey, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    followup = models.ForeignKey(FollowUp, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    before = models.ForeignKey(  # who cared for the complaint when it turned out not to be enough
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="second_recoveries")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=5, choices=State.choices, default=State.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=13, choices=Outcome.choices, default=Outcome.UNKNOWN)
    outcome_by = models.CharField(max_length=8, blank=True, choices=[("customer", "Customer"), ("desk", "The desk")])

    class Meta:
        verbose_name_plural = "second recoveries"
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["state", "due_at"])]
        constraints = [
            models.UniqueConstraint(fields=["complaint"], condition=Q(state="open"), name="one_open_second_recovery")
        ]

    def __str__(self) -> str:
        return f"second recovery of {self.complaint_id}"


class Aftercare(Row):
    """What comes after a closing or a remedy carried out is arranged; without this row the sweep looks again."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="aftercare")
    begun_at = models.DateTimeField()  # the closing, or the remedy carried out

    class Meta:
        verbose_name_plural = "aftercare"
        constraints = [models.UniqueConstraint(fields=["complaint", "begun_at"], name="aftercare_once")]

    def __str__(self) -> str:
        return f"after {self.begun_at:%Y-%m-%d} of {self.complaint_id}"
