"""What we said that we would do."""

from django.db import models

from backstory.conversations.models import Conversation, Message
from backstory.kernel.models import Row
from backstory.people.models import User


class Promise(Row):
    """A commitment found in what we sent, and whether we kept it."""

    class State(models.TextChoices):
        SUGGESTED = "suggested", "Suggested"
        OPEN = "open", "Open"
        KEPT = "kept", "Kept"
        BROKEN = "broken", "Broken"
        DISMISSED = "dismissed", "Not a promise"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="promises")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="promises")
    quote = models.CharField(max_length=500)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="promises")
    due_at = models.DateTimeField(null=True, blank=True)  # null: open-ended
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUGGESTED)
    reminded_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    kept_by = models.ForeignKey(  # the message of ours that shows that it was kept
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    evidence = models.CharField(max_length=500, blank=True)  # how somebody said that it was kept

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["state", "due_at"])]
        constraints = [models.UniqueConstraint(fields=["message", "start", "end"], name="one_promise_per_quote")]

    def __str__(self) -> str:
        return self.quote


class PromiseSearch(Row):
    """A sent message that was looked through for promises; without it the sweep looks again."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="promise_search")

    class Meta:
        verbose_name_plural = "promise searches"

    def __str__(self) -> str:
        return f"promises of message {self.message_id}"
