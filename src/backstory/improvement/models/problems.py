"""A problem that complaints have in common, who cares for it, and what is done about it."""

from django.db import models

from backstory.cases.models import Cause, Complaint
from backstory.kernel.models import Row
from backstory.people.models import Team, User


class Problem(Row):
    """What several complaints have in common and somebody is to mend."""

    class State(models.TextChoices):
        SUSPECTED = "suspected", "Suspected"
        CONFIRMED = "confirmed", "Confirmed"
        FIXING = "fixing", "Being fixed"
        WATCHING = "watching", "Watching"
        PROVEN = "proven", "Proven fixed"
        REOPENED = "reopened", "Reopened"
        ACCEPTED = "accepted", "Accepted"

    title = models.CharField(max_length=150)
    description = models.TextField(blank=True)
    team = models.ForeignKey(  # None: of the whole desk
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="problems"
    )
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="problems")
    opened_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUSPECTED)
    state_reason = models.TextField(blank=True)
    state_since = models.DateTimeField()
    return_to_tell = models.BooleanField(default=False)  # it came back by itself, and its owner has not been told
    causes: "models.ManyToManyField[Cause, ProblemCause]" = models.ManyToManyField(
        Cause, through="ProblemCause", related_name="problems"
    )
    complaints: "models.ManyToManyField[Complaint, ProblemComplaint]" = models.ManyToManyField(
        Complaint, through="ProblemComplaint", related_name="problems"
    )

    class Meta:
        indexes = [models.Index(fields=["team", "state"])]

    def __str__(self) -> str:
        return self.title


class ProblemCause(Row):
    """A cause that the problem shows itself in; complaints of it are proposed to be linked."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="cause_links")
    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["problem", "cause"], name="a_cause_once_per_problem")]

    def __str__(self) -> str:
        return f"{self.problem_id}: {self.cause_id}"


class ProblemComplaint(Row):
    """A complaint that belongs to the problem, or one of which somebody said that it does not."""

    class State(models.TextChoices):
        LINKED = "linked", "Belongs to it"
        UNLINKED = "unlinked", "Does not belong to it"

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="complaint_links")
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="problem_links")
    state = models.CharField(max_length=10, choices=State.choices, default=State.LINKED)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["problem", "complaint"], name="a_complaint_once_per_problem")]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.state}"


class Fix(Row):
    """Something that is to make the problem go away: what, who, by when."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="fixes")
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="fixes")
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "fixes"

    def __str__(self) -> str:
        return self.text


class Decision(Row):
    """What was decided about a problem, by whom and why. Never changed: another decision follows it."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="decisions")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    reason = models.TextField()
    alternatives = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:80]
