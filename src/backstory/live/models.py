"""The event log: one append-only table that is timeline, audit trail, webhook source and live feed."""

from django.db import models

from backstory.kernel.models import MomentField


class Event(models.Model):
    """Something that happened, written in the same transaction as the change it tells of."""

    at = MomentField()
    kind = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10, default="system")  # user, customer or system
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    team_id = models.BigIntegerField(null=True)
    conversation_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["conversation_id", "id"]),
            models.Index(fields=["kind", "at"]),
            models.Index(fields=["subject", "subject_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
