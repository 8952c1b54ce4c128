"""What is at stake for the person: kept apart from everything else."""

from django.db import models

from backstory.cases.models.complaints import Complaint
from backstory.conversations.models import Message
from backstory.kernel.models import Row


class Backstory(Row):
    """What is at stake in this person's life. Sensitive: own table, own permission, never in the log."""

    complaint = models.OneToOneField(Complaint, on_delete=models.CASCADE, related_name="backstory")
    stated_problem = models.TextField(blank=True)
    demand = models.TextField(blank=True)
    backstory = models.TextField(blank=True)
    need = models.TextField(blank=True)
    make_right = models.TextField(blank=True)  # what would make it right for them
    constraints = models.TextField(blank=True)  # what binds them: when, how, what they cannot do
    affected = models.TextField(blank=True)  # who else it concerns
    cost = models.TextField(blank=True)  # what it cost them so far: money, time, anything
    matters_by = models.TextField(blank=True)  # until when a solution helps, and why
    quotes = models.JSONField(default=dict)  # field -> [{message_id, text, start, end}]: words it was filled from
    erased_at = models.DateTimeField(null=True, blank=True)  # when its time was over and the words were deleted
    updated_at = models.DateTimeField()
    summary_message = models.ForeignKey(  # the latest "this is what I heard" that went out
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)  # when the customer said: yes, that is it
    confirmation = models.TextField(blank=True)  # the customer's words, or how they confirmed

    class Meta:
        verbose_name_plural = "backstories"

    def __str__(self) -> str:
        return f"backstory of {self.complaint_id}"
