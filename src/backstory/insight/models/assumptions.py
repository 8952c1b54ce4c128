"""What the desk cannot count and somebody had to find out: who said it, when, from what, and how sure it is."""

from django.db import models
from django.db.models import Q

from backstory.cases.models import Cause
from backstory.kernel.models import Row
from backstory.people.models import Team, User


class Assumption(Row):
    """One input of the money and iceberg pages. Rows are never changed: the newest of its kind and place is in force.

    A share that was counted has `count` of `total`; a figure somebody judged has `value`, best with `low` and `high`.
    A row with neither takes the input back: it is not known.
    """

    class Basis(models.TextChoices):
        SURVEY = "survey", "Customers were asked"
        CONTACT = "contact", "We contacted customers ourselves"
        BOOKS = "books", "Our own records"
        JUDGED = "judged", "Judged by people who know"

    key = models.CharField(max_length=40)  # a name in insight.inputs.INPUTS
    cause = models.ForeignKey(Cause, on_delete=models.CASCADE, null=True, blank=True, related_name="assumptions")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="assumptions")
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    low = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    total = models.PositiveIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    basis = models.CharField(max_length=10, choices=Basis.choices, default=Basis.JUDGED)
    source = models.CharField(max_length=300)
    known_on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["key", "cause", "team", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(count__lte=models.F("total")), name="assumption_count_within_total"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.value if self.value is not None else f'{self.count}/{self.total}'}"

    @property
    def is_known(self) -> bool:
        return self.value is not None or bool(self.total)
