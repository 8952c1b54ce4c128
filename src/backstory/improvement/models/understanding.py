"""How a problem is understood: why after why with evidence, a fishbone, and what may fail how badly."""

from django.db import models

from backstory.cases.models import Complaint
from backstory.improvement.models.problems import Problem
from backstory.kernel.models import Row


class Why(Row):
    """One answer to “why?”: to the problem itself (no parent), or to another answer. Branches are allowed."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="whys")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="children")
    text = models.CharField(max_length=400)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text


class Evidence(Row):
    """What an answer rests on: words, a figure, or something a customer said."""

    class Kind(models.TextChoices):
        TEXT = "text", "Observation"
        FIGURE = "figure", "Figure"
        COMPLAINT = "complaint", "Complaint"

    why = models.ForeignKey(Why, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TEXT)
    text = models.CharField(max_length=500, blank=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    message_id = models.BigIntegerField(null=True, blank=True)  # of a message in that complaint's conversation

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return self.text or f"complaint {self.complaint_id}"


class FishboneBone(Row):
    """One possible contribution on a branch of the Ishikawa diagram."""

    class Branch(models.TextChoices):
        PEOPLE = "people", "People"
        PROCESS = "process", "Process"
        POLICY = "policy", "Policy"
        PRODUCT = "product", "Product"
        PLATFORM = "platform", "Platform"
        PARTNER = "partner", "Partner"
        PLACE = "place", "Place"
        COMMUNICATION = "communication", "Communication"

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="bones")
    branch = models.CharField(max_length=15, choices=Branch.choices)
    text = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.branch}: {self.text}"


class FailureMode(Row):
    """A row of the FMEA: what may fail, with what effect, how bad, how often, how hard to notice (1 to 10 each)."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="failure_modes")
    mode = models.CharField(max_length=200)
    effect = models.CharField(max_length=300)
    control = models.CharField(max_length=300, blank=True)  # what prevents or notices it today
    severity = models.PositiveSmallIntegerField()
    occurrence = models.PositiveSmallIntegerField()
    detection = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(severity__range=(1, 10), occurrence__range=(1, 10), detection__range=(1, 10)),
                name="failure_mode_scales_from_1_to_10",
            )
        ]

    def __str__(self) -> str:
        return self.mode
