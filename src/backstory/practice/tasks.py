"""Wording a simulated customer's answer, away from the page."""

from huey.contrib.djhuey import db_task

from backstory.practice import actions


@db_task()
def voice_turn(turn_id: int) -> None:
    """Have a language model word one answer. A lost wake-up is no loss: the grammar's words stand in time."""
    actions.voice_turn(turn_id)
