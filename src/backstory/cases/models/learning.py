"""Models of the desk's own causes."""

from django.db import models

from backstory.kernel.models import Row
from backstory.people.models import User


class CauseModel(Row):
    """A model of the desk's own causes: asked for by a person, trained by a worker. Its number is its primary key.

    Figures hold no words of customers but the telling ones; texts are named by their message's id.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        TRAINING = "training", "Training"
        TRAINED = "trained", "Trained"
        FAILED = "failed", "Failed"

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    requested_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    stage = models.CharField(max_length=100, blank=True)
    done = models.PositiveIntegerField(default=0)  # of `total` steps
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)  # when the worker last said that it is at it
    finished_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # why it failed, in words
    path = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    figures = models.JSONField(default=dict)  # see `language.learn`, and `comparison` and `next` beside
    trained_on = models.JSONField(default=list)  # ids of the messages it learned from

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return f"model {self.pk}"


class CauseModelChoice(Row):
    """Somebody put a model in force. The newest row holds; without a model it is the one that the desk comes with."""

    model = models.ForeignKey(CauseModel, on_delete=models.PROTECT, null=True, blank=True, related_name="choices")
    chosen_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.model or 'the shipped model'} in force"
