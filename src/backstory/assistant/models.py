"""What a large language model proposed to an agent. Nothing here is sent by itself."""

from django.db import models

from backstory.conversations.models import Conversation
from backstory.kernel.models import Row
from backstory.people.models import User


class Proposal(Row):
    """Words for one agent in one conversation: asked for, waited for, taken over or not."""

    class Kind(models.TextChoices):
        DRAFT = "draft", "A draft of the reply"
        SUMMARY = "summary", "What has happened so far"
        QUESTION = "question", "Questions worth asking"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Being written"
        DONE = "done", "Written"
        FAILED = "failed", "Failed"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="proposals")
    asked_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    model = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    reason = models.CharField(max_length=300, blank=True)  # why it failed, in words
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)  # a worker is at it until then
    finished_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["conversation", "asked_by"]), models.Index(fields=["state"])]

    def __str__(self) -> str:
        return f"proposal {self.pk}"
