"""Complaints and what belongs to handling one: reading, cause, backstory, next steps, promises."""

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


class Cause(Row):
    """A node of the company's own tree of root causes."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    definition = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Complaint(Row):
    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "Upheld"
        PARTLY_UPHELD = "partly_upheld", "Partly upheld"
        NOT_UPHELD = "not_upheld", "Not upheld"

    number = models.CharField(max_length=20, unique=True)  # C-2026-00001
    conversation = models.OneToOneField(Conversation, on_delete=models.PROTECT, related_name="complaint")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="complaints")
    opened_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    received_at = models.DateTimeField()  # first receipt on any channel: where every clock starts
    severity = models.PositiveSmallIntegerField(default=1)  # 0 to 4
    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints")
    cause_confirmed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    outcome_reason = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reopened_count = models.PositiveIntegerField(default=0)
    link_version = models.PositiveIntegerField(default=1)  # raising it revokes the status links sent so far

    class Meta:
        indexes = [models.Index(fields=["received_at"]), models.Index(fields=["cause", "received_at"])]

    def __str__(self) -> str:
        return self.number


class ComplaintCounter(models.Model):
    """The last complaint number given out in a year: one locked row, so that two writers never share one."""

    year = models.PositiveIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Backstory(Row):
    """What is at stake in this person's life. Sensitive: own table, own permission, never in the log."""

    complaint = models.OneToOneField(Complaint, on_delete=models.CASCADE, related_name="backstory")
    stated_problem = models.TextField(blank=True)
    demand = models.TextField(blank=True)
    backstory = models.TextField(blank=True)
    need = models.TextField(blank=True)
    updated_at = models.DateTimeField()
    summary_message = models.ForeignKey(  # the latest "this is what I heard" that went out
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)  # when the customer said: yes, that is it
    confirmation = models.TextField(blank=True)  # the customer's words, or how they confirmed

    class Meta:
        verbose_name_plural = "backstories"

    def __str__(self) -> str:
        return f"backstory of {self.complaint_id}"


class ResolutionAction(Row):
    """One thing somebody will do by a date: for the human need, or for the cause."""

    class Serves(models.TextChoices):
        NEED = "need", "The human need"
        CAUSE = "cause", "The cause"

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="resolution_actions")
    serves = models.CharField(max_length=10, choices=Serves.choices)
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="resolution_actions")
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "id"]

    def __str__(self) -> str:
        return self.text


class Promise(Row):
    """A commitment found in what we sent, and whether we kept it."""

    class State(models.TextChoices):
        SUGGESTED = "suggested", "Suggested"
        OPEN = "open", "Open"
        KEPT = "kept", "Kept"
        BROKEN = "broken", "Broken"
        DISMISSED = "dismissed", "Not a promise"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="promises")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="promises")
    quote = models.CharField(max_length=500)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="promises")
    due_at = models.DateTimeField(null=True, blank=True)  # null: open-ended
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUGGESTED)
    reminded_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["state", "due_at"])]
        constraints = [models.UniqueConstraint(fields=["message", "start", "end"], name="one_promise_per_quote")]

    def __str__(self) -> str:
        return self.quote


class PromiseSearch(Row):
    """A sent message that was looked through for promises; without it the sweep looks again."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="promise_search")

    class Meta:
        verbose_name_plural = "promise searches"

    def __str__(self) -> str:
        return f"promises of message {self.message_id}"


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
