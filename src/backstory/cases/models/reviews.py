"""Scorecards: one agent's answers in one conversation, seen by themselves and by their lead."""

from django.db import models

from backstory.conversations.models import Conversation
from backstory.kernel.models import Row
from backstory.people.models import User


class Review(Row):
    """Somebody asked to look at an agent's answers in a conversation together."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="reviews")
    agent = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reviews")
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    filled = models.JSONField(default=dict)  # criterion -> {met, quote, message_id}: what the engine says

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["conversation", "agent"], name="one_review_for_each_agent")]

    def __str__(self) -> str:
        return f"review of conversation {self.conversation_id}"


class Card(Row):
    """One person's view in a review: the agent's own, a lead's, or another lead's to calibrate."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="cards")
    reviewer = models.ForeignKey(User, on_delete=models.CASCADE, related_name="cards")
    judged = models.JSONField(default=dict)  # criterion -> true, false or null for "does not apply"
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["review", "reviewer"], name="one_card_for_each_reviewer")]

    def __str__(self) -> str:
        return f"card of review {self.review_id}"
