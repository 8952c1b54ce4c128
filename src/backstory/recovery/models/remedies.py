"""What may be given, and what was."""

from django.db import models

from backstory.cases.models import Complaint
from backstory.kernel.models import Row
from backstory.kernel.money import Money
from backstory.people.models import Role, User


class AuthorityLimit(Row):
    """The largest remedy a role may grant alone, per currency."""

    role = models.CharField(max_length=20, choices=Role.choices)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "currency"], name="one_limit_per_role_and_currency")]

    def __str__(self) -> str:
        return f"{self.role}: {self.amount} {self.currency}"


class Remedy(Row):
    class Kind(models.TextChoices):
        REFUND = "refund", "Refund"
        REPLACEMENT = "replacement", "Replacement"
        CREDIT = "credit", "Credit"
        GOODWILL = "goodwill", "Goodwill"
        APOLOGY = "apology", "Apology in person"
        FIX = "fix", "Fix"

    class State(models.TextChoices):
        REQUESTED = "requested", "Waiting for approval"
        GRANTED = "granted", "Granted"
        DECLINED = "declined", "Declined"

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="remedies")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2)  # 0 where none is due, as for an apology
    currency = models.CharField(max_length=3)
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    offered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="remedies_offered")
    decided_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="remedies_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "remedies"
        indexes = [models.Index(fields=["state", "created_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
