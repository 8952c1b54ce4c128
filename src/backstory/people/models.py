"""Who is who: the people who work at the desk, and the people who write to it."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models

from backstory.kernel.models import Row
from backstory.people.rules import normalise_email


class Role(models.TextChoices):
    AGENT = "agent", "Agent"
    LEAD = "lead", "Lead"
    ADMINISTRATOR = "administrator", "Administrator"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin, Row):
    """Somebody with a log-in. The e-mail address is the user name."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.AGENT)
    signature = models.TextField(blank=True)
    quote_replies = models.CharField(
        max_length=3, blank=True, choices=[("", "As the mailbox does"), ("yes", "Always"), ("no", "Never")]
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)  # may open the Django admin
    teams: "models.ManyToManyField[Team, Membership]" = models.ManyToManyField(
        "Team", through="Membership", related_name="users"
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    actor_kind = "user"

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Addresses are kept as log-in looks them up, in forms as in actions."""
        super().clean()
        self.email = normalise_email(self.email)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class Team(Row):
    name = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="one_membership_per_team")]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class Customer(Row):
    """A person who writes to the desk, on whatever channel."""

    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, blank=True)  # ISO 639-1 of the latest message read
    surveys_declined_at = models.DateTimeField(null=True, blank=True)  # since then asks to be asked no more
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")

    actor_kind = "customer"

    def __str__(self) -> str:
        return self.name or f"Customer {self.pk}"


class Identity(Row):
    """One address by which a customer is known; the same person may have several."""

    class Kind(models.TextChoices):
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Phone"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.EMAIL)
    value = models.CharField(max_length=320)  # normalised by people.rules

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="one_customer_per_identity")]

    def __str__(self) -> str:
        return self.value


class CustomerMerge(Row):
    """That a person said two customers are one, with what is needed to take it back."""

    source = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="merges_away")
    target = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="merges")
    moved = models.JSONField(default=dict)  # {"app.model.field": [primary keys]} that named the source before
    before = models.JSONField(default=dict)  # what else changed, by name, as it was
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.source_id} is {self.target_id}"


class AddressTrouble(Row):
    """What went wrong with letters to an address, whoever it belongs to; gone when the trouble is."""

    class Kind(models.TextChoices):
        UNDELIVERABLE = "undeliverable", "Letters to it come back for good"
        UNWANTED = "unwanted", "Its reader has called our letters unwanted"

    value = models.CharField(max_length=320)  # normalised by people.rules
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.UNDELIVERABLE)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["value", "kind"], name="one_trouble_of_a_kind_per_address")]

    def __str__(self) -> str:
        return f"{self.value}: {self.kind}"


class ApiToken(Row):
    """A bearer token for the API. Only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
