"""What was read in messages, what people said of it, and reading it all again."""

from django.db import models

from backstory.conversations.models import Conversation, Message
from backstory.kernel.models import Row
from backstory.people.models import User


class Verdicts(Row):
    """What an engine read in a message, with what people have said since put in its place."""

    engine = models.CharField(max_length=60)
    version = models.CharField(max_length=60, blank=True)  # of the whole engine that read it last, or tried to
    data = models.JSONField(default=dict)
    replaced = models.JSONField(default=dict)  # the engine's own verdicts on the fields that people corrected

    class Meta:
        abstract = True


class Reading(Verdicts):
    """What was understood of one customer message. `data` is `language.Reading.to_dict()` without the sensitive
    parts, with its evidence, corrections put in; the columns are what lists sort and count by."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="reading")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="readings")
    language = models.CharField(max_length=8, blank=True)
    is_complaint = models.BooleanField(default=False)
    complaint_p = models.FloatField(default=0)  # the engine's, whatever people say
    abstained = models.BooleanField(default=False)  # the engine left open whether it complains
    emotion = models.CharField(max_length=20, blank=True)  # strongest of Ekman's six, or neutral
    intensity = models.FloatField(default=0)  # 0 to 3
    strain = models.FloatField(null=True)  # 0 to 1, see `cases.trajectory`; null where the engine withholds it
    severity = models.PositiveSmallIntegerField(default=0)  # 0 to 4
    safety = models.BooleanField(default=False)
    earlier = models.JSONField(default=list)  # verdicts of earlier engines, the latest first

    class Meta:
        indexes = [models.Index(fields=["conversation", "message"]), models.Index(fields=["version"])]

    def __str__(self) -> str:
        return f"reading of message {self.message_id}"

    @property
    def corrected(self) -> list[str]:
        """Names of the fields on which people say something else than the engine."""
        return list(self.data.get("corrected", ()))


class SensitiveReading(Verdicts):
    """Signs of vulnerability in one customer message. Sensitive: own table, own permission, never in the log."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="sensitive_reading")

    def __str__(self) -> str:
        return f"sensitive reading of message {self.message_id}"


class ReplyReading(Verdicts):
    """How much empathy one message of ours shows: `data` is `{"reply": {reaction, interpretation, exploration}}`."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="reply_reading")

    def __str__(self) -> str:
        return f"reading of reply {self.message_id}"


class Correction(Row):
    """Somebody judged one field of a reading: a label. The newest that was not taken back holds."""

    field = models.CharField(max_length=20)
    was = models.JSONField(null=True)  # the engine's verdict; null where it had none
    becomes = models.JSONField(null=True)  # the same as `was` where somebody confirmed it
    engine = models.CharField(max_length=60)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


class ReadingCorrection(Correction):
    """A judgement of a field that anybody who sees the message may see."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="corrections")

    class Meta:
        indexes = [models.Index(fields=["field", "created_at"])]

    def __str__(self) -> str:
        return f"{self.field} of message {self.message_id}"


class SensitiveCorrection(Correction):
    """A judgement of a sensitive field. Sensitive: own table, own permission, never in the log."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="sensitive_corrections")

    def __str__(self) -> str:
        return f"sensitive correction of message {self.message_id}"


class Rereading(Row):
    """Somebody had all messages read again by the engine of now. Which are left is told by the readings' version;
    this row says whether to go on, and what has changed."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        DONE = "done", "Done"

    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    version = models.CharField(max_length=60)
    started_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    read = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)  # messages with at least one other verdict than before
    changed = models.JSONField(default=dict)  # field -> how many verdicts changed
    claimed_until = models.DateTimeField(null=True, blank=True)  # a worker is at it until then
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"rereading {self.pk}"
