"""Telling many customers at once: what changed because of them, or what they had better know beforehand."""

from django.db import models

from backstory.cases.models import Complaint
from backstory.conversations.models import Conversation, Mailbox, Message
from backstory.improvement.models.problems import Problem
from backstory.kernel.models import Row
from backstory.people.models import Customer, Team, User


class Campaign(Row):
    """One piece of news to the customers of a problem, and how far its letters are."""

    class Kind(models.TextChoices):
        CHANGED = "changed", "What changed because of them"
        NOTICE = "notice", "What to expect, before it is fixed"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PREVIEWED = "previewed", "Waiting for approval"
        APPROVED = "approved", "Approved"
        SENDING = "sending", "Being sent"
        PAUSED = "paused", "Paused"
        STOPPED = "stopped", "Stopped"
        DONE = "done", "Done"

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="campaigns")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")  # whose customers are told
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="+")  # for those without a thread
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CHANGED)
    name = models.CharField(max_length=150)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    per_hour = models.PositiveIntegerField(default=200)
    silent_from = models.DateField(null=True, blank=True)  # also those who wrote to the team since, without complaining
    silent_until = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    previewed_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return self.name


class CampaignText(Row):
    """The letter in one language."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=200)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "language"], name="one_text_per_language")]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.language}"


class AddedAddress(Row):
    """Somebody whom a list handed in names: affected, but never complained."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="added")
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "address"], name="an_address_added_once")]
        verbose_name_plural = "added addresses"

    def __str__(self) -> str:
        return self.address


class Recipient(Row):
    """One person of a campaign: to be told, told, or not told and why."""

    class State(models.TextChoices):
        CHOSEN = "chosen", "Will be told"
        SENT = "sent", "Told"
        BY_HAND = "by_hand", "For a person to tell"
        LEFT_OUT = "left_out", "Not told"
        FAILED = "failed", "Could not be told"

    class Reason(models.TextChoices):
        DECLINED = "declined", "Wants no such letters"
        UNDELIVERABLE = "undeliverable", "Letters to the address come back"
        UNWANTED = "unwanted", "Has called our letters unwanted"
        NO_ADDRESS = "no_address", "No e-mail address is known"
        TOLD = "told", "Was told already"
        OPEN = "open", "Has a complaint that is still open"
        PERSON = "person", "Better told by a person"  # never says why: it may be what nobody else should know

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="recipients")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    complaint = models.ForeignKey(Complaint, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    address = models.CharField(max_length=320, blank=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHOSEN)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "address"], condition=~models.Q(address=""), name="an_address_once_per_campaign"
            ),
            models.UniqueConstraint(
                fields=["campaign", "customer"],
                condition=models.Q(customer__isnull=False),
                name="a_customer_once_per_campaign",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "state"])]

    def __str__(self) -> str:
        return f"{self.address}: {self.state}"


class NewsDeclined(Row):
    """A customer who wants no letters unasked. Letters about their own complaints still come."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="news_declined")

    class Meta:
        verbose_name_plural = "news declined"

    def __str__(self) -> str:
        return f"{self.customer_id} declined news"
