"""What else a complaint is about: a letter may hold several issues, each with its own cause and outcome."""

from django.db import models

from backstory.cases.models.complaints import Cause, Complaint
from backstory.kernel.models import Row
from backstory.people.models import User


class Issue(Row):
    """A further issue of a complaint. The first one is the complaint itself: its cause and outcome stand there."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="issues")
    text = models.CharField(max_length=500)
    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, null=True, blank=True, related_name="issues")
    cause_confirmed_by = models.ForeignKey(  # nobody: the reading proposes it
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    read_at = models.DateTimeField(null=True, blank=True)  # when a cause was looked for
    outcome = models.CharField(max_length=20, choices=Complaint.Outcome.choices, blank=True)
    outcome_reason = models.TextField(blank=True)
    added_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
