"""Proving a fix: exposure, how readily people complain, what was frozen beforehand, and what was found."""

from typing import Any

from django.db import models

from backstory.cases.models import Cause
from backstory.improvement.models.problems import Fix, Problem
from backstory.kernel.errors import Conflict
from backstory.kernel.models import Row
from backstory.people.models import Team, User


class ExposureSeries(Row):
    """How often it could have happened, week by week: contacts, orders or customers."""

    class Unit(models.TextChoices):
        CONTACTS = "contacts", "Contacts"
        ORDERS = "orders", "Orders"
        CUSTOMERS = "customers", "Customers"

    class Source(models.TextChoices):
        CONVERSATIONS = "conversations", "Counted: conversations begun at this desk"
        ENTERED = "entered", "Entered week by week"

    name = models.CharField(max_length=100)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # None: all
    unit = models.CharField(max_length=10, choices=Unit.choices)
    source = models.CharField(max_length=15, choices=Source.choices, default=Source.ENTERED)

    class Meta:
        verbose_name_plural = "exposure series"

    def __str__(self) -> str:
        return self.name


class ExposureValue(Row):
    """The exposure of one week, known by its Monday."""

    series = models.ForeignKey(ExposureSeries, on_delete=models.CASCADE, related_name="values")
    monday = models.DateField()
    amount = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "monday"], name="one_exposure_per_week")]

    def __str__(self) -> str:
        return f"{self.monday}: {self.amount}"


class ReportingChange(Row):
    """Something that made complaining easier or harder, so that counts moved without the thing itself moving."""

    class Kind(models.TextChoices):
        QR_CODE = "qr", "QR code or short link"
        CHANNEL = "channel", "New channel"
        ASKED = "asked", "Customers were asked to tell us"
        FORM = "form", "Form or page changed"
        OTHER = "other", "Something else"

    class Ease(models.TextChoices):
        EASIER = "easier", "Easier to complain"
        HARDER = "harder", "Harder to complain"
        UNKNOWN = "unknown", "Nobody knows which way"

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="reporting_changes")
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ease = models.CharField(max_length=10, choices=Ease.choices, default=Ease.EASIER)
    channel = models.CharField(max_length=20, blank=True)  # complaints by it came a way that did not exist before
    text = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["day", "id"]

    def __str__(self) -> str:
        return f"{self.day}: {self.kind}"


class ComplaintRate(Row):
    """Measured: of so many asked who had the problem, so many complained."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="complaint_rates")
    day = models.DateField()
    complained = models.PositiveIntegerField()
    asked = models.PositiveIntegerField()
    text = models.CharField(max_length=300, blank=True)  # how it was asked
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(complained__lte=models.F("asked"), asked__gte=1), name="complained_of_those_asked"
            )
        ]

    def __str__(self) -> str:
        return f"{self.complained} of {self.asked}"


class ExpectationNote(Row):
    """What customers are told beforehand, so that it is no unpleasant surprise."""

    class Place(models.TextChoices):
        PAGE = "page", "Web page"
        LETTER = "letter", "Letter or e-mail"
        ONBOARDING = "onboarding", "Onboarding"
        CONTRACT = "contract", "Offer or contract"
        PHONE = "phone", "On the phone"

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="notes")
    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # the surprise
    text = models.TextField()
    place = models.CharField(max_length=12, choices=Place.choices)
    where = models.CharField(max_length=200, blank=True)  # which page, which letter
    began_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-began_on", "-id"]

    def __str__(self) -> str:
        return self.text[:80]


class ProofPlan(Row):
    """How a fix (or a note) will be judged, frozen before: never changed, only followed by another plan.

    `metric` is `{"causes": {id: name}}`; `baseline` and `earlier` are `[[monday, complaints, exposure]]` as they
    were known when it was frozen; `limits` is `{"centre", "points", "widened"}` of the chart.
    """

    class Kind(models.TextChoices):
        U = "u", "u: complaints per exposure"
        P = "p", "p: share of the exposure that complains"
        G = "g", "g: exposure between two complaints, for rare events"

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="plans")
    fix = models.ForeignKey(Fix, on_delete=models.PROTECT, null=True, blank=True, related_name="plans")
    note = models.ForeignKey(ExpectationNote, on_delete=models.PROTECT, null=True, blank=True, related_name="plans")
    series = models.ForeignKey(ExposureSeries, on_delete=models.PROTECT, related_name="plans")
    metric = models.JSONField()
    kind = models.CharField(max_length=1, choices=Kind.choices)
    baseline_first = models.DateField()  # Mondays; the last day is the Sunday of the last week
    baseline_last = models.DateField()
    start_on = models.DateField()  # when the fix is in place
    ends_on = models.DateField()  # when it is judged for good
    target = models.DecimalField(max_digits=4, decimal_places=2)  # the part of the old rate it is meant to reach
    baseline = models.JSONField()
    earlier = models.JSONField(default=list)
    limits = models.JSONField()
    frozen_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    frozen_on = models.DateField()  # on the desk's wall
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    reason = models.TextField(blank=True)  # why another plan was needed

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"plan {self.pk} of problem {self.problem_id}"

    def _do_update(self, *args: Any, **kwargs: Any) -> Any:
        """Written once: Django asks here before it changes a row. Whoever wants another plan freezes another one."""
        raise Conflict("A frozen plan is never changed: freeze another one, with a reason.")

    @property
    def is_late(self) -> bool:
        """Whether it was frozen only after the fix was in place: then the choice may have followed the outcome."""
        return self.frozen_on > self.start_on


class ProofReading(Row):
    """What a plan's figures said on a day. Kept whenever the verdict changes."""

    plan = models.ForeignKey(ProofPlan, on_delete=models.CASCADE, related_name="readings")
    verdict = models.CharField(max_length=20)
    reasons = models.JSONField(default=list)
    numbers = models.JSONField(default=dict)
    is_recurrence = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.verdict}"
