"""Places that a code leads to the form from: a shop's counter, a product's box, the foot of a letter."""

from django.db import models

from backstory.conversations.models.mailboxes import Mailbox
from backstory.kernel.models import Row
from backstory.people.models import User


class Place(Row):
    """One thing in the world that carries a QR code and a short link. Who scans it is never kept."""

    class Kind(models.TextChoices):
        PLACE = "place", "Place"
        PRODUCT = "product", "Product"
        LETTER = "letter", "Letter"

    label = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    code = models.CharField(max_length=20, unique=True)  # in the address: /q/CODE; printed, so it never changes
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="places")
    topic = models.CharField(max_length=200, blank=True)  # stands in the form's subject
    product = models.CharField(max_length=200, blank=True)  # shown on the form
    cause_hint = models.CharField(max_length=80, blank=True)  # a cause's slug: what it is often about
    language = models.CharField(max_length=10, default="en")  # of the printed sheet
    is_active = models.BooleanField(default=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.label


class PlaceDay(models.Model):
    """How often a code was scanned on one day: a number, and nothing of anybody."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    scans = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "day"], name="one_count_per_place_and_day")]

    def __str__(self) -> str:
        return f"{self.place_id} on {self.day}: {self.scans}"
