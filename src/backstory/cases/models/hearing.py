"""What asking brought, and what people had to tell us more than once."""

from django.db import models

from backstory.conversations.models import Conversation, Message
from backstory.kernel.models import Row
from backstory.people.models import User


class QuestionSearch(Row):
    """A sent message that was looked through for open questions; without it the sweep looks again."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="question_search")

    class Meta:
        verbose_name_plural = "question searches"

    def __str__(self) -> str:
        return f"questions of message {self.message_id}"


class QuestionAsked(Row):
    """An open question in a message of ours, and whether the answer told something of the person; never what."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="questions_asked")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="questions_asked")
    key = models.CharField(max_length=40, blank=True)  # as in `coach.questions`; "" for one of somebody's own
    text = models.CharField(max_length=300)
    language = models.CharField(max_length=8, blank=True)
    channel = models.CharField(max_length=20)
    style = models.CharField(max_length=20, blank=True)  # what the customer's style seemed to be
    answer = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    opened = models.BooleanField(null=True)  # null until the customer has answered

    class Meta:
        indexes = [models.Index(fields=["key", "style", "opened"])]

    def __str__(self) -> str:
        return self.text


class Retelling(Row):
    """A customer had to tell again what they had told before."""

    class Ground(models.TextChoices):
        SAYS_SO = "says_so", "They say so"
        SAME_FACTS = "same_facts", "The same particulars"
        SAME_WORDS = "same_words", "The same words"

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="retelling")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="retellings")
    earlier = models.ForeignKey(  # null where they told it by telephone, or before we were here
        Message, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    ground = models.CharField(max_length=12, choices=Ground.choices)
    quote = models.CharField(max_length=300, blank=True)
    other_agent = models.BooleanField(default=False)
    other_channel = models.BooleanField(default=False)
    denied_at = models.DateTimeField(null=True, blank=True)  # somebody looked and says that it is none
    denied_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["created_at"])]

    def __str__(self) -> str:
        return f"message {self.message_id} tells it again"
