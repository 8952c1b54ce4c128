"""Letters on their way out: a row with a state that anyone can see."""

from django.db import models

from backstory.conversations.models.threads import Message
from backstory.kernel.models import Row


class Outgoing(Row):
    """What every letter on its way out has: a state that anyone can see, and the time of its next try."""

    class State(models.TextChoices):
        HELD = "held", "Can still be taken back"
        WAITING = "waiting", "Waiting to be sent"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        DEFERRED = "deferred", "Will be tried again"
        BOUNCED = "bounced", "Came back"
        FAILED = "failed", "Failed"
        UNCERTAIN = "uncertain", "Perhaps sent"

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)  # since when the next server may have it
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    path = models.CharField(max_length=200, blank=True)  # the letter's bytes, while they are kept on this machine

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["state", "next_attempt_at"])]


class Delivery(Outgoing):
    """One letter to a customer on its way out."""

    class Kind(models.TextChoices):
        REPLY = "reply", "Reply"
        NOTICE = "notice", "Notice"  # automatic: says so in its headers
        SURVEY = "survey", "Survey"
        NEWS = "news", "News to many"  # unasked: can be declined

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="delivery")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.REPLY)
    domain = models.CharField(max_length=255, blank=True)  # of the first recipient: what a rate is counted by
    results = models.JSONField(default=dict, blank=True)  # {address: "sent", or the refusal in the server's words}
    before = models.JSONField(default=dict, blank=True)  # the conversation as it was, for whoever takes the letter back
    attended_at = models.DateTimeField(null=True, blank=True)  # when somebody said that nothing is left to do
    provider_id = models.CharField(max_length=255, blank=True)  # by which a mail provider knows the letter
    arrived_at = models.DateTimeField(null=True, blank=True)  # when a provider said that it was delivered

    class Meta(Outgoing.Meta):
        verbose_name_plural = "deliveries"
        indexes = [
            *Outgoing.Meta.indexes,
            models.Index(fields=["domain", "handed_at"]),
            models.Index(fields=["provider_id"]),
        ]

    def __str__(self) -> str:
        return f"delivery #{self.pk}: {self.state}"


class ServiceLetter(Outgoing):
    """A letter of the desk itself to somebody who works at it, such as a link to choose a new password.

    The letter's bytes hold a secret: they are removed as soon as nobody needs them any more.
    """

    sender = models.CharField(max_length=320)
    to = models.JSONField(default=list)  # bare addresses
    subject = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"service letter #{self.pk}: {self.state}"
