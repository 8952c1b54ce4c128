"""What may be given, and what was."""

from django.db import models

from backstory.cases.models import Complaint
from backstory.kernel.models import Row
from backstory.kernel.money import Money
from backstory.people.models import User
from backstory.recovery.models.kinds import RemedyKind
from backstory.recovery.models.policies import PolicyRule


class Remedy(Row):
    """Something given, or to be given, to make amends.

    `state` is the decision alone; whether it was offered, what the customer answered and whether it was carried
    out stand in fields of their own, each with its date. `amount` is what it is worth to the customer, `cost` what
    it costs us (None where nobody said: then the amount is the best that is known).
    """

    Kind = RemedyKind

    class State(models.TextChoices):
        REQUESTED = "requested", "Waiting for approval"
        GRANTED = "granted", "Granted"
        DECLINED = "declined", "Declined"

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", "Accepted by the customer"
        DECLINED = "declined", "Declined by the customer"

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="remedies")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2)  # 0 where none is due, as for an apology
    currency = models.CharField(max_length=3)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)  # in the same currency
    given_by = models.CharField(max_length=200, blank=True)  # the named person of an apology
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    offered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="remedies_offered")
    decided_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="remedies_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    authority_of = models.ForeignKey(  # whose limit was used; None in old rows: that of `decided_by`
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    requested_at = models.DateTimeField(null=True, blank=True)  # None where it was granted at once
    requested_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)  # before a change
    asked = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decide_by = models.DateTimeField(null=True, blank=True)  # then the request goes to the next
    escalations = models.PositiveSmallIntegerField(default=0)
    had_two = models.BooleanField(default=False)  # two people decided
    offered_at = models.DateTimeField(null=True, blank=True)  # when the customer was told
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_note = models.TextField(blank=True)
    carried_out_at = models.DateTimeField(null=True, blank=True)
    evidence = models.CharField(max_length=300, blank=True)  # how we know: a reference, the number of a payment
    is_exception = models.BooleanField(default=False)  # outside the policy of its day, knowingly
    exception_reason = models.TextField(blank=True)
    policy_rule = models.ForeignKey(
        PolicyRule, on_delete=models.SET_NULL, null=True, blank=True, related_name="remedies"
    )

    class Meta:
        verbose_name_plural = "remedies"
        indexes = [
            models.Index(fields=["state", "created_at"]),
            models.Index(fields=["state", "decide_by"]),
            models.Index(fields=["kind", "currency", "decided_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def cost_to_us(self) -> Money:
        """What it costs us, as far as is known: the amount where nobody said."""
        return Money(self.amount if self.cost is None else self.cost, self.currency)
