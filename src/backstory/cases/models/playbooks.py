"""Playbooks as versioned rows: how complaints of one kind are handled, who changed it, and which holds for whom."""

from django.db import models

from backstory.cases.models.complaints import Complaint
from backstory.kernel.models import Row
from backstory.people.models import User


class Playbook(Row):
    """One playbook under its lasting id. What it says stands in its versions; one of them is in force, or none."""

    slug = models.SlugField(max_length=60, unique=True)
    in_force = models.ForeignKey("PlaybookVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug

    @property
    def last_number(self) -> int:
        """The number of the newest version."""
        newest = self.versions.first()
        return newest.number if newest else 0


class PlaybookVersion(Row):
    """One state of a playbook's YAML text. Never changed once it is saved."""

    playbook = models.ForeignKey(Playbook, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.TextField()
    note = models.CharField(max_length=500, blank=True)
    saved_by = models.ForeignKey(  # nobody: it came with the desk
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["playbook_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["playbook", "number"], name="one_playbook_version_per_number")]

    def __str__(self) -> str:
        return f"{self.playbook} {self.number}"


class ComplaintPlaybook(Row):
    """The version that a complaint is handled by, from its beginning until somebody moves it."""

    complaint = models.OneToOneField(Complaint, on_delete=models.CASCADE, related_name="playbook")
    version = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="complaints")
    chosen_by = models.ForeignKey(  # nobody: the desk found that it fits
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"playbook of {self.complaint_id}"


class PlaybookTrial(Row):
    """A version held against past complaints, by a worker: what would have matched, what would be done."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    version = models.ForeignKey(PlaybookVersion, on_delete=models.CASCADE, related_name="trials")
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    considered = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)  # a worker is at it until then
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    results = models.JSONField(default=dict)  # see `recovery.trials`

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return f"trial {self.pk}"
