"""Asking afterwards whether it was enough."""

from django.db import models

from backstory.cases.models import Complaint
from backstory.conversations.models import Message
from backstory.kernel.models import Row, TokenField


class Survey(Row):
    """One short question after the fix, and one free line."""

    complaint = models.OneToOneField(Complaint, on_delete=models.CASCADE, related_name="survey")
    token = TokenField()
    due_at = models.DateTimeField()
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 (bad) to 5 (good)
    comment = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["sent_at", "due_at"])]

    def __str__(self) -> str:
        return f"survey of {self.complaint_id}"
