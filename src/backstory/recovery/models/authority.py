"""Who may decide about remedies, who did, and who was asked."""

from django.db import models
from django.db.models import Q

from backstory.kernel.models import Row
from backstory.people.models import Role, Team, User
from backstory.recovery.models.remedies import Remedy


class AuthorityLimit(Row):
    """The largest sum of remedies a role may grant alone in a period: `rules.authority` says which limit counts."""

    class Period(models.TextChoices):
        COMPLAINT = "complaint", "on one complaint"
        DAY = "day", "in 24 hours"
        WEEK = "week", "in 7 days"
        MONTH = "month", "in 30 days"

    role = models.CharField(max_length=20, choices=Role.choices)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Remedy.Kind.choices, blank=True)  # "" for any
    currency = models.CharField(max_length=3)
    period = models.CharField(max_length=10, choices=Period.choices, default=Period.COMPLAINT)
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["role", "team", "kind", "currency", "period"],
                condition=Q(team__isnull=False),
                name="one_limit_per_role_team_kind",
            ),
            models.UniqueConstraint(
                fields=["role", "kind", "currency", "period"],
                condition=Q(team__isnull=True),
                name="one_limit_per_role_and_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.amount} {self.currency} {self.get_period_display()}"


class SecondLook(Row):
    """From this amount on, on one complaint, two people decide."""

    currency = models.CharField(max_length=3, unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    def __str__(self) -> str:
        return f"two people from {self.amount} {self.currency}"


class Absence(Row):
    """Somebody is away, and who decides for them meanwhile."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    deputy = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="standing_in")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["until_at", "from_at"])]

    def __str__(self) -> str:
        return f"{self.user} is away"


class Asking(Row):
    """Who was asked to decide about a request, and until when; without a user everybody who may."""

    remedy = models.ForeignKey(Remedy, on_delete=models.CASCADE, related_name="askings")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decide_by = models.DateTimeField()

    def __str__(self) -> str:
        return f"asking about remedy {self.remedy_id}"


class Approval(Row):
    """One person's yes to a request; where two people decide there are two."""

    remedy = models.ForeignKey(Remedy, on_delete=models.CASCADE, related_name="approvals")
    approver = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    on_behalf_of = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")  # oneself, or who is away
    amount = models.DecimalField(max_digits=12, decimal_places=2)  # what was said yes to
    reason = models.TextField(blank=True)
    is_void = models.BooleanField(default=False)  # the amount was changed afterwards

    def __str__(self) -> str:
        return f"approval of remedy {self.remedy_id}"
