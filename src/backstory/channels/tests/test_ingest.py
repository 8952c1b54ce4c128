import pytest

from backstory.channels import ingest, tasks
from backstory.channels.form.wire import Submission, encode
from backstory.conversations.actions import store_raw
from backstory.conversations.models import Message, RawMessage
from backstory.conversations.rules import BACK_OFF_MINUTES
from backstory.kernel import clock
from backstory.live import bus
from conftest import Cast


def stored(cast: Cast, data: bytes) -> RawMessage:
    return store_raw("form", cast.mailbox, data)[0]


def submission(email: str = "maya@customer.example", happened: str = "The kettle broke.") -> bytes:
    return encode(Submission(form_id="abc", email=email, happened=happened))


def test_a_stored_original_wakes_the_worker() -> None:
    assert tasks.ingest_raw in bus._subscribers["raw.stored"]


def test_a_form_is_understood_once_however_often_it_is_tried(cast: Cast) -> None:
    raw = stored(cast, submission())
    for _ in range(2):
        ingest.ingest(raw.pk)
    assert Message.objects.get().raw == raw


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfe", "not JSON"),
        (b"[]", "no form"),
        (submission(email="nobody"), "No sender"),
        (submission(happened=" "), "empty"),
    ],
)
def test_what_holds_no_letter_is_quarantined_with_the_reason(cast: Cast, data: bytes, reason: str) -> None:
    raw = stored(cast, data)
    ingest.ingest(raw.pk)
    raw.refresh_from_db()
    assert raw.state == RawMessage.State.QUARANTINED and reason in raw.reason


def test_a_passing_fault_is_tried_again_by_the_sweep(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = stored(cast, submission())

    def fail(raw: RawMessage) -> None:
        raise OSError("the disk is away")

    with monkeypatch.context() as broken:
        broken.setitem(ingest.DOORS, "form", fail)
        ingest.ingest(raw.pk)
    raw.refresh_from_db()
    assert raw.state == RawMessage.State.RECEIVED and raw.attempts == 1 and "disk is away" in raw.reason
    tasks.ingest_waiting.call_local()
    assert not Message.objects.exists()
    with clock.travel(clock.ahead(minutes=2)):
        tasks.ingest_waiting.call_local()
    assert Message.objects.count() == 1


def test_a_fault_that_stays_ends_in_quarantine_with_the_bytes_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = stored(cast, submission())

    def fail(raw: RawMessage) -> None:
        raise ValueError("never")

    monkeypatch.setitem(ingest.DOORS, "form", fail)
    for _ in range(len(BACK_OFF_MINUTES) + 1):
        ingest.ingest(raw.pk)
    raw.refresh_from_db()
    assert raw.state == RawMessage.State.QUARANTINED and "8 tries" in raw.reason


def test_an_original_of_no_known_channel_waits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = stored(cast, submission())
    monkeypatch.delitem(ingest.DOORS, "form")
    ingest.ingest(raw.pk)
    raw.refresh_from_db()
    assert raw.state == RawMessage.State.RECEIVED
