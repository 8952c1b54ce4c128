"""Reading again after the engine has changed, and a desk whose engine is broken."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backstory import language
from backstory.cases import actions, engine, queries, tasks
from backstory.cases.models import Reading, Rereading
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, NotAllowed
from backstory.language import weights
from backstory.live.models import Event
from conftest import Cast

COLD = "The water is cold again and nobody answers!"
KIND = "Thank you, all is well."


@pytest.fixture
def read(write: Callable[..., Message]) -> list[Message]:
    """Three messages that an earlier engine took for complaints, whatever they say."""
    messages = [write(COLD), write(KIND), write("Thanks a lot, that helped me.")]
    for message in messages:
        actions.record_reading(message.pk, language.read(COLD), "old")
    return messages


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Notes how often reading again wakes itself, and does not."""
    calls: list[Any] = []
    monkeypatch.setattr(tasks.reread, "schedule", lambda **when: calls.append(when))
    return calls


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """An engine whose weights are damaged: a copy of the manifest, and files of nothing."""
    (tmp_path / "manifest.json").write_bytes((weights.FOLDER / "manifest.json").read_bytes())
    for name in weights.manifest()["files"]:
        (tmp_path / name).write_bytes(b"damaged")
    whole = weights.load
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    monkeypatch.setattr(weights, "load", lambda name: whole(name, tmp_path))
    yield tmp_path
    engine._shipped.cache_clear()


def test_everything_is_read_again_and_the_run_says_what_changed(
    cast: Cast, read: list[Message], woken: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "BATCH", 2)
    actions.correct_reading(cast.alice, read[1].pk, "complaint", True)
    run = actions.start_rereading(cast.bob)
    tasks.reread.call_local(run.pk)
    assert [row.version for row in Reading.objects.order_by("message_id")] == [
        "old",
        engine.version(),
        engine.version(),
    ]
    assert len(woken) == 1, "the newest first, the rest after a pause"
    tasks.reread.call_local(run.pk)
    run.refresh_from_db()
    assert (run.state, run.read, run.failed, run.changed["complaint"]) == ("done", 3, 0, 2)
    assert [row.is_complaint for row in Reading.objects.order_by("message_id")] == [True, True, False]
    assert Event.objects.filter(kind="reading.recorded").count() == 3, "reading again is quiet"
    assert Event.objects.get(kind="rereading.finished").data == {"read": 3, "moved": 2}
    with pytest.raises(Conflict):
        actions.start_rereading(cast.bob)


def test_it_pauses_goes_on_and_is_nobodys_but_the_leads(cast: Cast, read: list[Message], woken: list[Any]) -> None:
    with pytest.raises(NotAllowed):
        actions.start_rereading(cast.alice)
    run = actions.start_rereading(cast.bob)
    actions.pause_rereading(cast.bob)
    tasks.reread.call_local(run.pk)
    assert queries.stale_readings(engine.version()).count() == 3
    with pytest.raises(Conflict):
        actions.start_rereading(cast.dana)
    actions.resume_rereading(cast.dana)
    tasks.reread.call_local(run.pk)
    assert not queries.stale_readings(engine.version()).exists()


def test_new_mail_comes_first(cast: Cast, read: list[Message], write: Callable[..., Message], woken: list[Any]) -> None:
    run = actions.start_rereading(cast.bob)
    fresh = write("The heating is off again!")
    tasks.reread.call_local(run.pk)
    assert queries.stale_readings(engine.version()).count() == 3
    tasks.read_message.call_local(fresh.pk)
    tasks.reread.call_local(run.pk)
    assert not queries.stale_readings(engine.version()).exists()


def test_a_worker_that_died_leaves_its_work_to_the_next_once_its_claim_has_run_out(
    cast: Cast, read: list[Message], woken: list[Any]
) -> None:
    actions.start_rereading(cast.bob)
    assert actions.claim_rereading() is not None
    assert actions.claim_rereading() is None and not actions.rereading_is_due()
    with clock.travel(clock.ahead(minutes=3)):
        assert actions.rereading_is_due()
        tasks.reread.call_local()
    assert Rereading.objects.get().state == "done"


def test_a_message_that_cannot_be_read_again_keeps_the_reading_it_has(
    cast: Cast, read: list[Message], woken: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(text: str, **options: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(language, "read", fail)
    run = actions.start_rereading(cast.bob)
    tasks.reread.call_local(run.pk)
    run.refresh_from_db()
    assert (run.state, run.read, run.failed) == ("done", 0, 3)
    assert all(row.is_complaint for row in Reading.objects.all())


def test_with_broken_weights_the_desk_goes_on_without_readings_and_catches_up_later(
    cast: Cast, letter: Message, broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks.read_message.call_local(letter.pk)
    assert "SHA-256" in engine.problem()
    assert not Reading.objects.exists(), "the message is not to blame, and stays to be read"
    assert queries.signals([letter.conversation_id])[letter.conversation_id].severity == 0
    assert actions.open_complaint(cast.alice, letter.conversation_id).severity == 1
    with pytest.raises(Conflict, match="does not work"):
        actions.start_rereading(cast.bob)
    monkeypatch.undo()
    assert engine.problem() == ""
    with clock.travel(clock.ahead(minutes=3)):
        for message_id in queries.overlooked_readings(clock.now()):
            tasks.read_message.call_local(message_id)
    assert Reading.objects.get().is_complaint
