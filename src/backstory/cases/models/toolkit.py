"""The teams' own phrases for replies, and when a phrase was sent. What the desk ships is data, not rows."""

from django.db import models

from backstory.conversations.models import Message
from backstory.kernel.models import Row
from backstory.people.models import Team, User


class Phrase(Row):
    """A phrase of one team: its own, or what it says in place of the shipped one named `replaces`.

    "" in step, emotion, style or channel means: for any. Words in [brackets] are to be filled in.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="phrases")
    replaces = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=8)
    step = models.CharField(max_length=10, blank=True)
    emotion = models.CharField(max_length=12, blank=True)
    style = models.CharField(max_length=12, blank=True)
    channel = models.CharField(max_length=12, blank=True)
    text = models.TextField(max_length=1000)
    hidden = models.BooleanField(default=False)  # the team does not want it offered
    edited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    edited_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "replaces"], condition=~models.Q(replaces=""), name="one_replacement_per_team"
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class PhraseUse(Row):
    """A phrase stood in a message that one of us sent."""

    phrase = models.CharField(max_length=60)  # the key of a shipped one, or "own-" and the number of a team's own
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="phrase_uses")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phrase", "message"], name="one_use_per_message")]
        indexes = [models.Index(fields=["team", "phrase"])]

    def __str__(self) -> str:
        return f"{self.phrase} in message {self.message_id}"
