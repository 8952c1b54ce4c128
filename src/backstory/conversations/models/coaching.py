"""How a team weighs the coach's checks, and which of its findings agents set aside."""

from django.db import models

from backstory.conversations.models.threads import Conversation
from backstory.kernel.models import Row
from backstory.people.models import Team, User


class Coaching(Row):
    """A team's own setting of the coach; a team without one has every check at its own weight."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="coaching")
    adjusted = models.JSONField(default=dict)  # id of the check -> -1 quieter, 1 louder, None off
    regime = models.CharField(max_length=40, blank=True)  # id of the complaint regime that applies

    def __str__(self) -> str:
        return f"coaching of {self.team}"


class Dismissal(Row):
    """A finding that an agent set aside while answering. Leads see numbers of a team only, never whose they are."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="dismissals")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="dismissals")
    check_id = models.CharField(max_length=60)
    key = models.CharField(max_length=700)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "conversation", "key"], name="a_finding_is_set_aside_once")
        ]
        indexes = [models.Index(fields=["check_id", "created_at"])]

    def __str__(self) -> str:
        return f"{self.check_id} set aside"
