"""Reading the event log."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from backstory.live.models import Event

WINDOW = 200
"""How many ids below the newest seen are looked at again: ids can commit out of order on PostgreSQL."""


def timeline(conversation_id: int) -> QuerySet[Event]:
    """All that happened to a conversation, oldest first. The caller has checked that the viewer may see it."""
    return Event.objects.filter(conversation_id=conversation_id).order_by("id")


def about(subject: str, pk: int, limit: int = 50) -> QuerySet[Event]:
    """What happened to one thing, oldest first. The caller has checked that the viewer may see it."""
    return Event.objects.filter(subject=subject, subject_id=pk).order_by("id")[:limit]


def newest_id() -> int:
    return Event.objects.aggregate(newest=Max("id"))["newest"] or 0


@dataclass(frozen=True)
class Hint:
    """What a page is told: something of this kind changed there. It refetches to learn what."""

    id: int
    kind: str
    team_id: int | None
    conversation_id: int | None


class Tail:
    """Follows the log. Each call of `fresh` returns the events not returned before, also late-committed ones."""

    def __init__(self, start: int | None = None) -> None:
        self.position = newest_id() if start is None else start
        self._seen: set[int] = set(self._ids_above(self.position - WINDOW)) if start is None else set()

    @staticmethod
    def _ids_above(low: int) -> Iterable[int]:
        return Event.objects.filter(id__gt=low).values_list("id", flat=True)

    def fresh(self, limit: int = 1000) -> list[Hint]:
        low = max(self.position - WINDOW, 0)
        rows = Event.objects.filter(id__gt=low).order_by("id")
        found = [
            Hint(*row)
            for row in rows.values_list("id", "kind", "team_id", "conversation_id")[: limit + WINDOW]
            if row[0] not in self._seen
        ]
        self._seen.update(hint.id for hint in found)
        self.position = max([self.position, *(hint.id for hint in found)])
        self._seen = {pk for pk in self._seen if pk > self.position - WINDOW}
        return found
