"""What the company means to give for what, and what it knows of a customer's value."""

from django.db import models

from backstory.cases.models import Cause
from backstory.kernel.models import Row
from backstory.recovery.models.kinds import RemedyKind


class PolicyRule(Row):
    """For complaints of a cause and severity: this kind of remedy, from `minimum` to `maximum`.

    A rule is retired, never deleted: old remedies keep the rule that they were held against.
    """

    slug = models.SlugField(max_length=80, unique=True)
    cause = models.ForeignKey(Cause, on_delete=models.CASCADE, null=True, blank=True, related_name="+")  # None for any
    least_severity = models.PositiveSmallIntegerField(default=0)
    most_severity = models.PositiveSmallIntegerField(default=4)
    kind = models.CharField(max_length=20, choices=RemedyKind.choices)
    currency = models.CharField(max_length=3)
    minimum = models.DecimalField(max_digits=12, decimal_places=2)
    maximum = models.DecimalField(max_digits=12, decimal_places=2)
    usual = models.DecimalField(max_digits=12, decimal_places=2)  # proposed until there is precedent
    why = models.CharField(max_length=300, blank=True)
    rank = models.PositiveSmallIntegerField(default=50)  # the lower is proposed first
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["rank", "id"]

    def __str__(self) -> str:
        return self.slug


class RecoveryValue(Row):
    """What a lead knows about what keeping a customer is worth, per currency; None is not known, never guessed."""

    currency = models.CharField(max_length=3, unique=True)
    margin = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)  # per customer and year
    retention = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)  # share that stays a year
    discount = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)  # rate per year
    stay_gain = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)  # ΔP(stay) of recovering
    word_of_mouth = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)  # Δ per case
    handling_cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)  # per case

    def __str__(self) -> str:
        return f"value of keeping a customer, {self.currency}"
