"""Writing the event log."""

from functools import partial
from typing import Any, Protocol

from django.db import transaction

from backstory.live import bus
from backstory.live.models import Event


class Actor(Protocol):
    """Whoever acts: a user or a customer. `None` stands for the system itself."""

    pk: Any
    actor_kind: str
    name: str


def record(
    kind: str,
    *,
    actor: Actor | None = None,
    conversation_id: int | None = None,
    team_id: int | None = None,
    subject: tuple[str, int] | None = None,
    **data: Any,
) -> Event:
    """Append an event inside the caller's transaction and wake its subscribers when that commits.

    `data` must hold JSON values and nothing sensitive: the log is kept, shown and exported.
    """
    name, pk = subject or ("", None)
    event = Event.objects.create(
        kind=kind,
        actor_kind=actor.actor_kind if actor else "system",
        actor_id=actor.pk if actor else None,
        actor_name=actor.name[:200] if actor else "",
        conversation_id=conversation_id,
        team_id=team_id,
        subject=name,
        subject_id=pk,
        data=data,
    )
    if pk is not None:
        # Robust: what has been written stands, and a sweep finds what a queue that is away could not be told.
        transaction.on_commit(partial(bus.wake, kind, pk), robust=True)
    return event
