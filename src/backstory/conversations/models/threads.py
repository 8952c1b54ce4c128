"""Conversations, what was said in them, and what is being written."""

from django.db import models

from backstory.conversations.models.mailboxes import Channel, Mailbox, RawMessage
from backstory.conversations.models.places import Place
from backstory.kernel.models import Row, TokenField
from backstory.people.models import Customer, Team, User


class Conversation(Row):
    """One matter with one customer."""

    class State(models.TextChoices):
        OPEN = "open", "Open"  # the customer waits for us
        WAITING = "waiting", "Waiting"  # we wait for the customer
        CLOSED = "closed", "Closed"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="conversations")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="conversations")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="conversations")
    assignee = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="conversations")
    subject = models.CharField(max_length=500, blank=True)
    channel = models.CharField(max_length=20, choices=Channel.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="conversations")
    reply_token = TokenField()
    snippet = models.CharField(max_length=200, blank=True)
    last_message_at = models.DateTimeField()
    waiting_since = models.DateTimeField(null=True, blank=True)  # oldest unanswered customer message
    closed_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")

    class Meta:
        indexes = [
            models.Index(fields=["team", "state", "-last_message_at"]),
            models.Index(fields=["customer", "-last_message_at"]),
            models.Index(fields=["assignee", "state", "-last_message_at"]),
        ]

    def __str__(self) -> str:
        return self.subject or f"Conversation {self.pk}"


class Message(Row):
    """What one side said, or a note that only the team sees."""

    class Direction(models.TextChoices):
        IN = "in", "From the customer"
        OUT = "out", "To the customer"
        NOTE = "note", "Internal note"

    class Doubt(models.TextChoices):
        SUBJECT = "subject", "Joined by subject and sender alone"
        HIJACK = "hijack", "Answers an old letter, but about something else"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=4, choices=Direction.choices)
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages")
    raw = models.OneToOneField(RawMessage, on_delete=models.PROTECT, null=True, blank=True, related_name="message")
    subject = models.CharField(max_length=500, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    sender_address = models.CharField(max_length=320, blank=True)
    answer_address = models.CharField(max_length=320, blank=True)  # Reply-To, else the sender
    to = models.JSONField(default=list)  # [{"name", "email"}]
    cc = models.JSONField(default=list)
    text = models.TextField(blank=True)  # what the person newly wrote
    html = models.TextField(blank=True)  # sanitised
    quoted = models.TextField(blank=True)
    signature = models.TextField(blank=True)
    message_id = models.CharField(max_length=500, blank=True)
    in_reply_to = models.CharField(max_length=500, blank=True)
    references = models.JSONField(default=list)
    sent_at = models.DateTimeField(null=True, blank=True)  # as the sender's clock claims
    problems = models.JSONField(default=list)
    doubt = models.CharField(max_length=10, choices=Doubt.choices, blank=True)  # whether it belongs in this thread
    doubt_answer = models.CharField(max_length=10, blank=True)  # kept or split, once a person has said

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["conversation", "created_at"]),
            models.Index(fields=["message_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.direction} #{self.pk}"


class Attachment(Row):
    """A file of a message, or of a draft that will become one."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments")
    draft = models.ForeignKey("Draft", on_delete=models.CASCADE, null=True, blank=True, related_name="attachments")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    cid = models.CharField(max_length=255, blank=True)
    inline = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(message=None, draft__isnull=False) | models.Q(message__isnull=False, draft=None),
                name="file_of_a_message_or_of_a_draft",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Draft(Row):
    """What an agent has begun to write; saved while typing, gone when sent."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    mode = models.CharField(max_length=5, default="reply", choices=[("reply", "Reply"), ("note", "Note")])
    text = models.TextField(blank=True)
    to = models.JSONField(null=True, blank=True)  # as in Message; None: whom the thread says
    cc = models.JSONField(null=True, blank=True)
    quote = models.BooleanField(null=True)  # None: as the writer and the mailbox are set
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "user"], name="one_draft_per_user")]

    def __str__(self) -> str:
        return f"draft of {self.user}"


class Participant(Row):
    """Somebody other than the customer who wrote into a thread. They never get the customer's rights."""

    class Kind(models.TextChoices):
        OTHER_ADDRESS = "address", "Another address of the customer"
        COPIED = "copied", "Was copied in"
        COLLEAGUE = "colleague", "Works here"
        UNKNOWN = "unknown", "Not known in this conversation"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.UNKNOWN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "address"], name="one_participant_per_address")]

    def __str__(self) -> str:
        return f"{self.address} in {self.conversation_id}"


class ThreadMove(Row):
    """Messages that a person moved between conversations, with what is needed to move them back."""

    class Kind(models.TextChoices):
        SPLIT = "split", "Split"
        MERGE = "merge", "Merge"

    kind = models.CharField(max_length=5, choices=Kind.choices)
    source = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="moves_out")
    target = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="moves_in")
    message_ids = models.JSONField(default=list)
    before = models.JSONField(default=dict)  # what else changed, by name, as it was
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.source_id} to {self.target_id}"
