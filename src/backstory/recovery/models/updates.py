"""What customers are told while their complaint is open: when, about what, and how each desk wants it done."""

from django.db import models
from django.db.models import Q

from backstory.cases.models import Complaint
from backstory.conversations.models import Mailbox, Message
from backstory.kernel.models import Row
from backstory.people.models import Team, User


class StageUpdate(Row):
    """One letter that tells a customer how their complaint stands: planned, sent or skipped.

    `text` is empty until a person has written their own words; then those go out, with what {link} stands for.
    """

    class Kind(models.TextChoices):
        SCHEDULED = "scheduled", "At the promised time"
        CHANGED = "changed", "Something changed"

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        SENT = "sent", "Sent"
        SKIPPED = "skipped", "Skipped"
        FAILED = "failed", "Could not be sent"

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="updates")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    stage = models.CharField(max_length=20)  # the weightiest of its changes, else "still"
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    due_at = models.DateTimeField()  # when it goes out by itself
    promised_by = models.DateTimeField(null=True, blank=True)  # what the customer was told; later than this is late
    held = models.CharField(max_length=20, blank=True)  # why it did not go out by itself: a key of rules.updates.HELD
    text = models.TextField(blank=True)
    planned_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    edited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)  # why it was skipped, or could not be sent
    sent_at = models.DateTimeField(null=True, blank=True)
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["state", "next_attempt_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "kind"],
                condition=Q(state="planned", planned_by=None, edited_by=None),
                name="one_update_of_a_kind_is_being_planned",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} update of {self.complaint_id}: {self.state}"


class StageChange(Row):
    """Something that happened and that the customer is, or was, to be told of; each event is noted once."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="stage_changes")
    event_id = models.BigIntegerField(unique=True)
    stage = models.CharField(max_length=20)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)  # ids of what it is about, and dates; never words
    update = models.ForeignKey(StageUpdate, on_delete=models.SET_NULL, null=True, blank=True, related_name="changes")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.stage} of {self.complaint_id}"


class UpdateManner(Row):
    """How a complaint's customer is kept informed: said for one complaint, a mailbox, a team, or the whole desk
    (all three empty). What one does not say, the next says."""

    complaint = models.OneToOneField(
        Complaint, on_delete=models.CASCADE, null=True, blank=True, related_name="update_manner"
    )
    mailbox = models.OneToOneField(
        Mailbox, on_delete=models.CASCADE, null=True, blank=True, related_name="update_manner"
    )
    team = models.OneToOneField(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="update_manner")
    automatic = models.BooleanField(null=True, blank=True)
    every = models.JSONField(default=dict, blank=True)  # severity "0" to "4" -> working days, 0 for never
    carer = models.CharField(max_length=10, blank=True, choices=[("name", "First name"), ("team", "Team")])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(complaint=None, mailbox=None) | Q(complaint=None, team=None) | Q(mailbox=None, team=None),
                name="update_manner_of_one_place",
            )
        ]

    def __str__(self) -> str:
        return f"manner of updates #{self.pk}"


class StatusOpenings(Row):
    """How often a complaint's status page was opened: a count, and nothing of who."""

    complaint = models.OneToOneField(Complaint, on_delete=models.CASCADE, related_name="status_openings")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "status openings"

    def __str__(self) -> str:
        return f"{self.count} openings of {self.complaint_id}"


class AccessCode(Row):
    """Six digits that were sent to the customer's address, for the browser session that asked for them.

    The digits are nowhere: they are derived from `salt` under the desk's secret key when the letter leaves.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="access_codes")
    salt = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["complaint", "created_at"])]

    def __str__(self) -> str:
        return f"code for {self.complaint_id}"
