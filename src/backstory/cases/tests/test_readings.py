from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from backstory import language
from backstory.cases import queries, rules, tasks
from backstory.cases.models import Reading
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.live import bus
from backstory.live.models import Event

ENGLISH = language.Reading(language.reading.Language("en", 0.98), models={"rules": "1"})


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replaces the engine by one that notes what it was given."""
    seen: list[str] = []

    def read(text: str, **_: Any) -> language.Reading:
        seen.append(text)
        return ENGLISH

    monkeypatch.setattr(language, "read", read)
    return seen


def test_a_message_is_read_once_however_often_its_task_runs(letter: Message, reads: list[str]) -> None:
    tasks.read_message.call_local(letter.pk)
    tasks.read_message.call_local(letter.pk)
    assert reads == [letter.text]
    assert Reading.objects.get().engine == "rules:1"
    event = Event.objects.get(kind="reading.recorded")
    assert (event.subject, event.subject_id) == ("message", letter.pk)
    letter.conversation.customer.refresh_from_db()
    assert letter.conversation.customer.language == "en"


def test_what_was_deleted_or_written_by_us_is_not_read(cast: Any, letter: Message, reads: list[str]) -> None:
    from backstory.conversations.actions import add_note

    tasks.read_message.call_local(letter.pk + 1000)
    tasks.read_message.call_local(add_note(cast.alice, letter.conversation_id, "note").pk)
    assert reads == []


def test_a_message_the_engine_cannot_read_is_tried_again_and_then_set_aside(
    letter: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(text: str, **_: Any) -> None:
        raise RuntimeError(text)

    class Task:
        retries = 2

    monkeypatch.setattr(language, "read", fail)
    with pytest.raises(RuntimeError):
        tasks.read_message.call_local(letter.pk, task=Task())
    assert not Reading.objects.exists()
    Task.retries = 0
    tasks.read_message.call_local(letter.pk, task=Task())
    row = Reading.objects.get()
    assert (row.engine, row.data) == ("failed", {"failed": "RuntimeError"})
    assert queries.latest_readings([letter.conversation_id])[letter.conversation_id].severity == 0


def test_a_lost_wake_up_is_found_by_the_sweep(letter: Message, write: Callable[..., Message]) -> None:
    assert letter.pk not in queries.overlooked_readings(letter.created_at)
    assert letter.pk in queries.overlooked_readings(clock.ahead(minutes=3))


def test_an_arriving_message_wakes_its_reader() -> None:
    assert tasks.read_message in bus._subscribers["message.received"]
    assert tasks.find_promises in bus._subscribers["message.sent"]


@pytest.mark.django_db(transaction=True)
def test_an_arriving_message_is_read_for_real(letter: Message) -> None:
    reading = Reading.objects.get(message=letter)
    assert reading.is_complaint and reading.language == "en"
    assert reading.data["severity"]["level"] == reading.severity


def test_by_tomorrow_is_counted_from_the_day_the_message_came(write: Callable[..., Message]) -> None:
    message = write("The heating has been broken for days and the children freeze. Send somebody by tomorrow.")
    tasks.read_message.call_local(message.pk)
    urgency = Reading.objects.get(message=message).data["urgency"]
    due = datetime.fromisoformat(urgency["due"])
    assert (due.date() - message.created_at.date()).days == 1


def test_a_stored_reading_shows_the_words_it_rests_on_but_none_of_a_guess_at_hardship() -> None:
    data = language.read("My mother is 84 and ill, and the heating is off again!", explain=True).to_dict()
    kept = rules.kept_reading(data)
    assert kept["evidence"]["complaint"]
    assert "vulnerability" in data["evidence"]
    assert "vulnerability" not in kept["evidence"]
    assert "vulnerability" not in kept
