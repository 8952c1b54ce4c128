"""What connects a mailbox to others: consent at Google or Microsoft, calls of a provider, tests by a person."""

from django.db import models

from backstory.conversations.models.mailboxes import Mailbox
from backstory.kernel.models import Row
from backstory.people.models import User


class Grant(Row):
    """A person's consent that the desk may use a mailbox elsewhere (OAuth 2.0, RFC 6749), and its tokens, sealed."""

    class State(models.TextChoices):
        NONE = "none", "Nobody has consented yet"
        ASKED = "asked", "Consent was asked for"
        ANSWERED = "answered", "The consent is being redeemed"
        GRANTED = "granted", "Consented"
        REFUSED = "refused", "Consent is missing or was taken back"

    mailbox = models.OneToOneField(Mailbox, on_delete=models.CASCADE, related_name="grant")
    service = models.CharField(max_length=20)  # a key of channels.email.oauth.SERVICES
    authorize_url = models.CharField(max_length=500)
    token_url = models.CharField(max_length=500)
    scope = models.CharField(max_length=500)
    client_id = models.CharField(max_length=255)
    client_secret_sealed = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NONE)
    error = models.TextField(blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    state_digest = models.CharField(max_length=64, blank=True)  # of the secret that comes back with the answer
    verifier_sealed = models.TextField(blank=True)  # PKCE, RFC 7636
    code_sealed = models.TextField(blank=True)
    access_token_sealed = models.TextField(blank=True)
    refresh_token_sealed = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)  # since when a process is fetching tokens

    class Meta:
        indexes = [models.Index(fields=["state_digest"])]

    def __str__(self) -> str:
        return f"{self.service} for {self.mailbox_id}: {self.state}"


class MailboxTest(Row):
    """One trial of a mailbox, asked for by a person and made by a worker: step by step, in plain words."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a worker"
        RUNNING = "running", "Running"
        DONE = "done", "Done"

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="tests")
    requested_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    sends_letter = models.BooleanField(default=False)  # to whoever asked
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    steps = models.JSONField(default=list)  # [{"step", "state": running/good/bad/note, "words"}]
    claimed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"test of {self.mailbox_id}: {self.state}"

    @property
    def passed(self) -> bool:
        return self.state == self.State.DONE and not any(step["state"] == "bad" for step in self.steps)


class ProviderCall(Row):
    """What a mail provider told the desk by HTTP, byte for byte, kept until it is understood."""

    class Kind(models.TextChoices):
        LETTERS = "letters", "Letters that arrived"
        EVENTS = "events", "What became of letters of ours"

    class State(models.TextChoices):
        RECEIVED = "received", "Waiting to be read"
        DONE = "done", "Understood"
        FAILED = "failed", "Not understood"

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="provider_calls")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    provider = models.CharField(max_length=20)
    content_type = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "kind", "sha256"], name="same_call_once_per_mailbox")]
        indexes = [models.Index(fields=["state", "next_attempt_at"])]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind} #{self.pk}: {self.state}"
