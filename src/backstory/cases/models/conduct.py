"""Abuse of those who answer: who bore it, what was decided about it, and who has a rest from it."""

from django.db import models

from backstory.conversations.models import Conversation, Message
from backstory.kernel.models import Row
from backstory.people.models import User


class AbusiveContact(Row):
    """Somebody of us had a conversation when an abusive message came in, or answered one."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="abusive_contacts")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="abusive_contacts")
    level = models.SmallIntegerField()  # -1 to -3, as in language.Abuse

    class Meta:
        indexes = [models.Index(fields=["user", "created_at"])]
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="one_abusive_contact_each")]

    def __str__(self) -> str:
        return f"abusive contact {self.message_id} of {self.user_id}"


class ConductDecision(Row):
    """Something decided about abusive contact: recorded with its reason, dated, and looked at again."""

    class Kind(models.TextChoices):
        HANDOVER = "handover", "Handed over"
        PAUSE = "pause", "Answering paused"
        WARNING = "warning", "Warning in writing"
        ENDING = "ending", "Contact ended"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waits for a second person"
        STANDING = "standing", "Stands"
        LIFTED = "lifted", "Lifted"
        DECLINED = "declined", "Declined"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.STANDING)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="conduct_decisions")
    reason = models.TextField()
    letter = models.TextField(blank=True)  # what is sent to the customer once it stands
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    until = models.DateTimeField(null=True, blank=True)  # of a pause
    review_at = models.DateTimeField(null=True, blank=True)  # when it is looked at again
    seconded_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reviewed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "review_at"])]

    def __str__(self) -> str:
        return f"{self.kind} in {self.conversation_id}"


class Respite(Row):
    """Until then somebody is given no abusive contact by others: a break after a heavy one."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="respites")
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "until"])]

    def __str__(self) -> str:
        return f"respite of {self.user_id}"
