"""Expectation notes: what customers are told beforehand, and since when."""

from datetime import date

from django.db import transaction

from backstory.improvement.actions.common import lock_for, required, short, tell
from backstory.improvement.models import ExpectationNote
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.people.models import User


@transaction.atomic
def add_note(
    viewer: User,
    problem_id: int,
    *,
    text: str,
    place: str,
    where: str,
    began_on: date | None,
    cause_id: int | None = None,
) -> ExpectationNote:
    """What is said where since when, and which surprise it is to prevent (None: any of the problem's causes)."""
    problem = lock_for(viewer, problem_id)
    if place not in ExpectationNote.Place.values:
        raise InvalidInput("Choose where it is told.", "place")
    if began_on is None:
        raise InvalidInput("Choose since when it is told.", "began")
    if cause_id is not None and not problem.cause_links.filter(cause=cause_id).exists():
        raise InvalidInput("Choose one of the problem's causes.", "cause")
    note = ExpectationNote.objects.create(
        problem=problem,
        cause_id=cause_id,
        text=required(text, "text", "what is told", 4_000),
        place=place,
        where=short(where, "where", "the place", 200),
        began_on=began_on,
        by=viewer,
    )
    tell("note.begun", problem, viewer, day=began_on.isoformat())
    return note


@transaction.atomic
def end_note(viewer: User, problem_id: int, note_id: int, day: date) -> ExpectationNote:
    """It is told no longer since a day."""
    problem = lock_for(viewer, problem_id)
    note = problem.notes.filter(pk=note_id).first()
    if note is None:
        raise NotFound("There is no such note.")
    if day < note.began_on:
        raise InvalidInput("It cannot end before it began.", "day")
    note.ended_on = day
    note.save(update_fields=["ended_on"])
    tell("note.ended", problem, viewer, day=day.isoformat())
    return note
