"""Customers who left, and the one question that they are asked."""

from django.db import models

from backstory.cases.models import Cause, Complaint
from backstory.conversations.models import Conversation, Message
from backstory.kernel.models import Row, TokenField
from backstory.people.models import Customer, Team, User


class LostCustomer(Row):
    """Somebody who left us: one row and one question for ever, whatever they are told to be lost by."""

    class Source(models.TextChoices):
        AGENT = "agent", "An agent says so"
        STATED = "stated", "The customer said so"
        SILENT = "silent", "No answer to a follow-up"
        IMPORTED = "imported", "An imported list"

    class State(models.TextChoices):
        WAITING = "waiting", "To be asked"
        ASKED = "asked", "Asked"
        ANSWERED = "answered", "Answered"
        NOT_ASKED = "not_asked", "Not asked"

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="lost")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="lost_customers")
    conversation = models.ForeignKey(  # in which the question is asked
        Conversation, on_delete=models.PROTECT, related_name="+"
    )
    complaint = models.ForeignKey(Complaint, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, null=True, blank=True, related_name="lost_customers")
    source = models.CharField(max_length=8, choices=Source.choices)
    left_on = models.DateField(null=True, blank=True)
    marked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    why_not = models.CharField(max_length=300, blank=True)  # why the question is not asked
    token = TokenField()
    ask_at = models.DateTimeField()
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "ask_at"])]

    def __str__(self) -> str:
        return f"lost: {self.customer_id}"
