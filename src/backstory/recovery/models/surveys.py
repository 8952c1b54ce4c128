"""Asking afterwards whether it was enough."""

from django.db import models
from django.db.models import Q

from backstory.cases.models import Complaint
from backstory.conversations.models import Mailbox, Message
from backstory.kernel.models import Row, TokenField
from backstory.people.models import Team


class SurveyKind(models.TextChoices):
    CSAT = "csat", "Satisfaction (CSAT, 1 to 5)"
    NPS = "nps", "Recommendation (NPS, 0 to 10)"
    CES = "ces", "Effort (CES, 1 to 7)"


class Survey(Row):
    """One short question after the fix, and one free line; a second one where a second attempt was needed."""

    class Via(models.TextChoices):
        LETTER = "letter", "A link in the letter"
        PAGE = "page", "The status page"
        CHAT = "chat", "A chat"

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="surveys")
    round = models.PositiveSmallIntegerField(default=1)  # 2: after the second recovery, and so on
    kind = models.CharField(max_length=4, choices=SurveyKind.choices, default=SurveyKind.CSAT)
    low = models.PositiveSmallIntegerField(default=2)  # up to this score the matter is taken up again
    token = TokenField()
    due_at = models.DateTimeField()
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    via = models.CharField(max_length=6, choices=Via.choices, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)  # on the scale of its kind
    comment = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["sent_at", "due_at"])]
        constraints = [models.UniqueConstraint(fields=["complaint", "round"], name="one_survey_per_round")]

    def __str__(self) -> str:
        return f"survey {self.round} of {self.complaint_id}"

    @property
    def is_low(self) -> bool:
        """Whether the answer says that the matter is not settled."""
        return self.score is not None and self.score <= self.low


class SurveyChoice(Row):
    """What a team or a mailbox asks instead of what the desk asks; a playbook may say it more narrowly still."""

    NONE = "none"

    team = models.OneToOneField(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="survey_choice")
    mailbox = models.OneToOneField(
        Mailbox, on_delete=models.CASCADE, null=True, blank=True, related_name="survey_choice"
    )
    kind = models.CharField(max_length=4, choices=[*SurveyKind.choices, (NONE, "Ask nothing")])
    low = models.PositiveSmallIntegerField(null=True, blank=True)  # null: the usual one of the kind

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(team__isnull=True) ^ Q(mailbox__isnull=True), name="choice_of_a_team_or_a_mailbox"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.mailbox or self.team}"
