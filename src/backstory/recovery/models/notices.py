"""What the desk told customers about their complaint."""

from django.db import models

from backstory.cases.models import Complaint
from backstory.conversations.models import Message
from backstory.kernel.models import Row


class ClosingNotice(Row):
    """The letter that tells a customer their complaint is closed: one for each time that it is."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="closing_notices")
    closed_at = models.DateTimeField()  # the closing that it tells of
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "closed_at"], name="one_notice_per_closing")]

    def __str__(self) -> str:
        return f"closing notice of {self.complaint_id}"
