"""Remedies carried out in other systems: who carries them out, what became of each, and every attempt."""

from django.db import models

from backstory.cases.models import Complaint
from backstory.kernel.models import Row, TokenField
from backstory.kernel.money import Money
from backstory.people.models import Team, User
from backstory.recovery.models.remedies import Remedy


class Connector(Row):
    """Another system that carries remedies out, or is read from."""

    class Kind(models.TextChoices):
        HTTP = "http", "Any service by HTTP"
        STRIPE = "stripe", "Stripe refunds"
        CSV = "csv", "File to finance"
        SQL = "sql", "Read from a database"

    class When(models.TextChoices):
        GRANTED = "granted", "As soon as it is granted"
        ACCEPTED = "accepted", "When the customer has accepted"

    class Recipient(models.TextChoices):
        ASKED = "asked", "Somebody enters a reference"
        EMAIL = "email", "The customer's e-mail address"

    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    settings = models.JSONField(default=dict)  # as recovery.connectors reads them; never a secret
    secret_sealed = models.TextField(blank=True)
    remedy_kinds = models.JSONField(default=list)  # values of Remedy.Kind
    currencies = models.JSONField(default=list)  # ISO 4217
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+")  # None: all
    carry_out_when = models.CharField(max_length=10, choices=When.choices, default=When.GRANTED)
    recipient_is = models.CharField(max_length=10, choices=Recipient.choices, default=Recipient.ASKED)
    press_above = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    is_active = models.BooleanField(default=False)
    serves_since = models.DateTimeField(null=True, blank=True)  # remedies decided before are none of its business
    archived_at = models.DateTimeField(null=True, blank=True)
    last_good_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class ConnectorTest(Row):
    """One trial of a connector, asked for by a person and made by a worker. Nothing is carried out by it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a worker"
        RUNNING = "running", "Running"
        DONE = "done", "Done"

    connector = models.ForeignKey(Connector, on_delete=models.CASCADE, related_name="tests")
    requested_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    steps = models.JSONField(default=list)  # [{"step", "good", "words"}]
    claimed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"test of {self.connector_id}: {self.state}"


class HandOver(Row):
    """One file of payments for finance: its bytes never change once it is made."""

    connector = models.ForeignKey(Connector, on_delete=models.PROTECT, related_name="hand_overs")
    currency = models.CharField(max_length=3)
    count = models.PositiveIntegerField()
    total = models.DecimalField(max_digits=14, decimal_places=2)
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    handed_at = models.DateTimeField(null=True, blank=True)  # when it was downloaded first
    handed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """By what name finance speaks of it."""
        return f"B-{self.pk:05d}"


class Transfer(Row):
    """One remedy on its way through a connector. There is one for a remedy, ever: money never moves twice."""

    class State(models.TextChoices):
        HELD = "held", "Waits for somebody"
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Being carried out"
        PENDING = "pending", "Taken on"
        DONE = "done", "Carried out"
        REFUSED = "refused", "Refused"
        UNCERTAIN = "uncertain", "Uncertain"
        FAILED = "failed", "Not carried out"

    remedy = models.OneToOneField(Remedy, on_delete=models.PROTECT, related_name="transfer")
    connector = models.ForeignKey(Connector, on_delete=models.PROTECT, related_name="transfers")
    key = TokenField()  # idempotency key: stored before the first attempt, the same for every one
    former = models.JSONField(default=list)  # [[key, recipient]] under which it was refused before it was corrected
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    recipient = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    resumes = models.CharField(max_length=10, choices=State.choices, blank=True)  # the state before RUNNING
    claim = models.CharField(max_length=40, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    look_ups = models.PositiveIntegerField(default=0)  # since the last attempt
    next_try_at = models.DateTimeField(null=True, blank=True)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    perhaps_since = models.DateTimeField(null=True, blank=True)  # since when money may have moved
    refused_last = models.BooleanField(default=False)
    cleared_at = models.DateTimeField(null=True, blank=True)  # when a person said that nothing had moved
    reference = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)  # how the last try ended, for people
    ended_at = models.DateTimeField(null=True, blank=True)
    by_hand = models.BooleanField(default=False)
    attended_at = models.DateTimeField(null=True, blank=True)  # when somebody said that nothing is left to do
    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, null=True, blank=True, related_name="transfers")
    reconcile_at = models.DateTimeField(null=True, blank=True)
    reconciled = models.PositiveSmallIntegerField(default=0)
    reconciled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "next_try_at"]),
            models.Index(fields=["reconcile_at"]),
        ]

    def __str__(self) -> str:
        return f"transfer #{self.pk}: {self.state}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class TransferAttempt(Row):
    """One question to the other side and its answer: the audit trail. Secrets are taken out before it is kept."""

    class Kind(models.TextChoices):
        CARRY_OUT = "carry_out", "Asked to carry out"
        LOOK_UP = "look_up", "Looked up"
        RECONCILE = "reconcile", "Compared"

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="tries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    outcome = models.CharField(max_length=10, blank=True)  # a connectors.State; empty: its end is not known
    request_digest = models.CharField(max_length=64, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.TextField(blank=True)
    words = models.TextField(blank=True)
    reference = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["transfer", "id"])]

    def __str__(self) -> str:
        return f"{self.kind} of {self.transfer_id}: {self.outcome}"


class Difference(Row):
    """Where the other side's record differs from ours; stays until somebody has settled it."""

    class Kind(models.TextChoices):
        MISSING = "missing", "Not there"
        UNDONE = "undone", "Undone later"
        MOVED = "moved", "Moved after all"
        CONTRADICTS = "contradicts", "Says something else"

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    words = models.TextField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["transfer", "kind"],
                condition=models.Q(settled_at=None),
                name="one_open_difference_per_transfer_and_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.transfer_id}"


class SourceReading(Row):
    """What a database of the company said about a case, asked for by a person; forgotten after some days."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a worker"
        DONE = "done", "Read"
        FAILED = "failed", "Not read"

    connector = models.ForeignKey(Connector, on_delete=models.CASCADE, related_name="readings")
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="source_readings")
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    result = models.JSONField(default=dict)  # {"columns", "rows", "cut"}
    error = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"reading of {self.connector_id} for {self.complaint_id}: {self.state}"
