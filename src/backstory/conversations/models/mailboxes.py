"""Where letters come in, and the bytes as they came."""

from django.db import models

from backstory.kernel.models import Row
from backstory.people.models import Team, User

SECURITY = [("tls", "TLS"), ("starttls", "STARTTLS"), ("none", "None")]


class Channel(models.TextChoices):
    EMAIL = "email", "E-mail"
    FORM = "form", "Web form"


class Mailbox(Row):
    """An address the desk answers under: how its letters come in and go out, and how they look."""

    class Incoming(models.TextChoices):
        LISTENER = "listener", "Your mail server hands letters over (SMTP or LMTP)"
        IMAP = "imap", "Fetched by IMAP with a password"
        GRANT = "grant", "Fetched from Google or Microsoft with your consent"
        WEBHOOK = "webhook", "A mail provider calls the desk (webhook)"

    class Outgoing(models.TextChoices):
        RELAY = "relay", "Through the desk's own mail server"
        SMTP = "smtp", "Through the mailbox's own server, with a password"
        GRANT = "grant", "Through Google or Microsoft with your consent"
        PROVIDER = "provider", "Through a mail provider's interface"

    name = models.CharField(max_length=100)
    address = models.EmailField(unique=True)
    sender_name = models.CharField(max_length=100, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="mailboxes")
    is_active = models.BooleanField(default=True)  # else paused: no letter is taken or fetched
    archived_at = models.DateTimeField(null=True, blank=True)
    incoming = models.CharField(max_length=10, choices=Incoming.choices, default=Incoming.LISTENER)
    outgoing = models.CharField(max_length=10, choices=Outgoing.choices, default=Outgoing.RELAY)
    imap_host = models.CharField(max_length=255, blank=True)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=10, default="tls", choices=SECURITY)
    imap_user = models.CharField(max_length=255, blank=True)
    imap_password_sealed = models.TextField(blank=True)
    imap_folder = models.CharField(max_length=255, default="INBOX")
    imap_uidvalidity = models.BigIntegerField(null=True, blank=True)
    imap_last_uid = models.BigIntegerField(default=0)  # -1: only what comes after the first connection
    smtp_host = models.CharField(max_length=255, blank=True)
    smtp_port = models.PositiveIntegerField(default=587)
    smtp_security = models.CharField(max_length=10, default="starttls", choices=SECURITY)
    smtp_user = models.CharField(max_length=255, blank=True)
    smtp_password_sealed = models.TextField(blank=True)
    provider = models.CharField(max_length=20, blank=True)  # a key of channels.email.providers
    provider_settings_sealed = models.TextField(blank=True)  # a JSON object: keys and tokens by their name
    webhook_version = models.PositiveIntegerField(default=1)  # raised to make a new address for the provider
    last_error = models.TextField(blank=True)  # why letters do not come in, for the administrator to read
    last_error_at = models.DateTimeField(null=True, blank=True)
    quote_replies = models.BooleanField(default=True)  # the message answered stands below a reply
    signature = models.TextField(blank=True)  # with placeholders, see conversations.signatures
    language = models.CharField(max_length=8, blank=True)  # of automatic letters to people whose language is unknown
    hours = models.JSONField(default=dict, blank=True)  # as kernel.calendars.parse reads them; empty: the desk's
    brand_name = models.CharField(max_length=100, blank=True)  # what customers' pages are headed with
    brand_color = models.CharField(max_length=7, blank=True)  # such as #1f5f5b
    brand_logo = models.CharField(max_length=200, blank=True)  # path of a picture
    brand_logo_type = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"


class DkimKey(Row):
    """With what the letters of a domain are signed (RFC 6376); the public half stands in its DNS."""

    domain = models.CharField(max_length=255, unique=True)
    selector = models.CharField(max_length=63, default="backstory")
    private_key_sealed = models.TextField()
    public_key = models.TextField()  # SubjectPublicKeyInfo, Base64 on one line, as the DNS record's p=
    is_active = models.BooleanField(default=False)

    class Meta:
        verbose_name = "DKIM key"

    def __str__(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """The TXT record that has to stand in the DNS under the name that this key is shown by."""
        return f"v=DKIM1; k=rsa; p={self.public_key}"


class RawMessage(Row):
    """The bytes as they came, stored before anything tries to understand them."""

    class State(models.TextChoices):
        RECEIVED = "received", "Waiting to be read"
        ACCEPTED = "accepted", "In a conversation"
        QUARANTINED = "quarantined", "In quarantine"
        IGNORED = "ignored", "Kept, not shown"
        DELETED = "deleted", "Deleted"

    class Decision(models.TextChoices):
        """What was decided about an original; `basis` says on what grounds, `reason` says it in words."""

        NEW = "new", "Began a conversation"
        JOINED = "joined", "Joined a conversation"
        FORWARDED = "forwarded", "Forwarded by a colleague"
        NOTE = "note", "Became an internal note"
        DUPLICATE = "duplicate", "Repeats a message"
        BOUNCE = "bounce", "Bounce"
        DELAY = "delay", "Report of a delay"
        ABUSE_REPORT = "abuse-report", "Abuse report"
        AUTO_REPLY = "auto-reply", "Automatic answer"
        LOOP = "loop", "Loop"
        QUARANTINED = "quarantined", "Quarantined"
        DELETED = "deleted", "Deleted"

    channel = models.CharField(max_length=20, choices=Channel.choices)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="raw_messages")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    path = models.CharField(max_length=200)
    envelope = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVED)
    reason = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=20, choices=Decision.choices, blank=True)
    basis = models.CharField(max_length=30, blank=True)  # such as reply-address, reference, subject, no-sender
    confidence = models.FloatField(null=True, blank=True)  # 0 to 1, of a thread that was inferred
    decided_at = models.DateTimeField(null=True, blank=True)
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.SET_NULL, null=True, blank=True, related_name="originals"
    )
    delivery = models.ForeignKey(  # of a report: the letter of ours that it is about
        "conversations.Delivery", on_delete=models.SET_NULL, null=True, blank=True, related_name="reports"
    )
    sender = models.CharField(max_length=320, blank=True)  # these four as the header claims, in lower case
    recipients = models.TextField(blank=True)  # addresses of the envelope and the header, a space between
    subject = models.CharField(max_length=500, blank=True)
    message_id = models.CharField(max_length=500, blank=True)
    summary = models.JSONField(default=dict)  # {"name", "date", "auto", "files": [name], "problems": [], "excerpt"}
    checks = models.JSONField(default=dict)  # verdicts of checks by their name, such as spam, virus, dkim
    corrections = models.JSONField(default=dict)  # by a person: {"sender", "name", "ordinary": true, "released": true}
    repeats = models.PositiveIntegerField(default=0)  # how often the same bytes came again
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "channel", "sha256"], name="same_bytes_once_per_mailbox")
        ]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"]),
            models.Index(fields=["created_at"]),
            models.Index(fields=["message_id"]),
            models.Index(fields=["path"]),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.sha256[:12]}"
