"""The event log for administrators, and the habit of writing to it for what they change."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from backstory.live.actions import record
from backstory.live.models import Event


class ReadOnly(admin.ModelAdmin[Any]):
    """Rows to look at; nobody changes them here."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class Recorded(admin.ModelAdmin[Any]):
    """What an administrator changes stands in the event log, like everything else; deleting is not offered."""

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._record(request, obj, "admin.added")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._record(request, obj, "admin.changed")
        return super().log_change(request, obj, message)

    @staticmethod
    def _record(request: HttpRequest, obj: models.Model, kind: str) -> None:
        name = str(obj._meta.verbose_name)
        record(kind, actor=request.user, subject=(name[:40], obj.pk), what=f"{name} {obj}"[:200])  # type: ignore[arg-type]


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ["at", "kind", "actor_name", "subject", "subject_id", "conversation_id"]
    list_filter = ["kind", "actor_kind"]
    date_hierarchy = "at"
    ordering = ["-id"]
