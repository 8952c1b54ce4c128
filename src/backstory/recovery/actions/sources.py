"""Asking a database of the company about a case: asked for by a person, read by a worker, forgotten after some days."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from backstory.cases.actions import lock_for
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.kernel.text import storable
from backstory.live.actions import record
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.recovery import queries
from backstory.recovery.connectors import sql
from backstory.recovery.models import SourceReading

KEPT = timedelta(days=30)


@transaction.atomic
def ask_source(viewer: User, complaint_id: int, connector_id: int, given: Mapping[str, str]) -> SourceReading:
    """Ask for a look into a source about this case. That it was looked into is on record; what it said is not."""
    complaint = lock_for(viewer, complaint_id, Permission.GRANT_REMEDY)
    connector = next((each for each in queries.sources_for(complaint) if each.pk == connector_id), None)
    if connector is None:
        raise NotFound("There is no such source.")
    wanted = sql.asked_with(sql.read_settings(connector.settings))
    parameters = {name: storable(given.get(name, "")).strip()[:200] for name in wanted}
    if not any(parameters.values()):
        raise InvalidInput("Give what to look for.", wanted[0])
    reading = SourceReading.objects.create(
        connector=connector, complaint=complaint, asked_by=viewer, parameters=parameters
    )
    _tell("source.asked", reading, viewer)
    return reading


@transaction.atomic
def finish_reading(reading: SourceReading, result: Mapping[str, Any] | None, error: str = "") -> None:
    """Keep what the source said, once."""
    state = SourceReading.State.FAILED if result is None else SourceReading.State.DONE
    waiting = SourceReading.objects.filter(pk=reading.pk, state=SourceReading.State.WAITING)
    if waiting.update(state=state, result=dict(result or {}), error=error[:500], ended_at=clock.now()):
        _tell("source.answered", reading)


def _tell(kind: str, reading: SourceReading, viewer: User | None = None) -> None:
    conversation = reading.complaint.conversation
    record(
        kind,
        actor=viewer,
        conversation_id=conversation.pk,
        team_id=conversation.team_id,
        subject=("source_reading", reading.pk),
        connector=reading.connector.name,
    )


def forget_old_readings() -> int:
    """Remove what sources said longer than 30 days ago; returns how many."""
    removed, _ = SourceReading.objects.filter(created_at__lt=clock.now() - KEPT).delete()
    return removed
