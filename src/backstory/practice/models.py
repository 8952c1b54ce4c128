"""What is kept of role-play: sessions and their messages, scenarios that teams wrote, and what leads assigned."""

from django.db import models

from backstory.kernel.models import Row
from backstory.people.models import Team, User


class TeamScenario(Row):
    """A scenario of a team's own, as the YAML its lead wrote; it was valid when it was kept."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="practice_scenarios")
    title = models.CharField(max_length=120)
    source = models.TextField()
    written_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class PracticeAssignment(Row):
    """A scenario that a lead asks some people of a team to play."""

    ref = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="practice_assignments")
    assigned_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    assignees = models.ManyToManyField(User, related_name="practice_assignments")
    note = models.CharField(max_length=300, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class PracticeSession(Row):
    """One role-play of one person, theirs alone unless they share it. `source` is the scenario as it was then."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="practice_sessions")
    assignment = models.ForeignKey(PracticeAssignment, on_delete=models.SET_NULL, null=True, related_name="sessions")
    ref = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    behaviour = models.CharField(max_length=20)
    style = models.CharField(max_length=12)
    language = models.CharField(max_length=2)
    source = models.TextField()
    seed = models.PositiveIntegerField()
    with_coach = models.BooleanField(default=True)
    start = models.JSONField()  # rules.Mood
    state = models.JSONField()  # customer.State
    ending = models.CharField(max_length=20, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)  # 0 to 100
    care = models.JSONField(default=dict)  # percent by step of CARE
    shared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "finished_at"])]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"


class PracticeTurn(Row):
    """One message of the agent and what the customer answered; `data` holds what `debrief.Played` does."""

    session = models.ForeignKey(PracticeSession, on_delete=models.CASCADE, related_name="turns")
    number = models.PositiveSmallIntegerField()
    said = models.TextField()
    answer = models.TextField()
    data = models.JSONField()
    voiced_by = models.DateTimeField(null=True, blank=True)  # a language model may word the answer until then

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="one_turn_per_number")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Turn {self.number} of {self.session_id}"
