"""The read model: equal to the tables it is made of, however it came about, and gone wrong without harm."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from backstory.cases.actions import (
    accept_promise,
    close_complaint,
    keep_promise,
    merge_conversations,
    open_complaint,
    record_reading,
    reopen_complaint,
    set_cause,
    split_message,
)
from backstory.cases.models import Cause, Complaint, Promise, SensitiveReading
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Conversation, Message
from backstory.insight import warehouse
from backstory.insight.warehouse import Snapshot, build, store
from backstory.insight.warehouse.follow import Follower
from backstory.insight.warehouse.schema import TABLES
from backstory.kernel import clock
from backstory.kernel.errors import BackstoryError
from backstory.language import read
from backstory.live.actions import record
from backstory.recovery.actions import offer_remedy
from backstory.recovery.models import Remedy, Survey

Model = Callable[[], Snapshot]
Write = Callable[..., Message]
pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def whole(at: Snapshot) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that it holds, in an order of its own."""
    return {table: sorted(at.rows(f"FROM {table}"), key=str) for table in TABLES}


class Hands:
    """People at work: each method does something to some conversation, as far as the desk lets them."""

    def __init__(self, cast: Any, write: Write, seed: int) -> None:
        self.cast, self.write, self.random = cast, write, random.Random(seed)
        self.numbers = iter(range(10_000))

    def conversation(self) -> Conversation:
        return self.random.choice(list(Conversation.objects.filter(merged_into=None)))

    def letter(self) -> None:
        number = next(self.numbers)
        words = self.random.choice(("Thank you.", "I am furious! My baby is ill and there is no heat!", "Where is it?"))
        self.write(f"{words} {number}", sender=f"c{number % 4}@customer.example", subject=f"Matter {number}")

    def another(self) -> None:
        token = self.conversation().reply_token
        message = self.write(f"And again {next(self.numbers)}!", subject="Re", reply_token=token)
        record_reading(message.pk, read(message.text))

    def complain(self) -> None:
        open_complaint(self.cast.alice, self.conversation().pk)

    def answer(self) -> None:
        sent = send_reply(self.cast.alice, self.conversation().pk, "I will call you by Friday.")
        promise = Promise.objects.create(
            conversation=sent.conversation, message=sent, quote="I will call", owner=self.cast.alice
        )
        accept_promise(self.cast.alice, promise.pk)
        if self.random.random() < 0.5:
            keep_promise(self.cast.alice, promise.pk, "Called.")

    def name_cause(self) -> None:
        set_cause(self.cast.alice, self.complaint().pk, self.random.choice(list(Cause.objects.all())).pk)

    def complaint(self) -> Complaint:
        return self.random.choice(list(Complaint.objects.all()))

    def amend(self) -> None:
        offer_remedy(self.cast.alice, self.complaint().pk, "refund", str(self.random.randint(1, 900)), "EUR", "Twice.")

    def close(self) -> None:
        close_complaint(self.cast.alice, self.complaint().pk, self.random.choice(["upheld", "not_upheld"]), "Because.")

    def reopen(self) -> None:
        reopen_complaint(self.cast.alice, self.complaint().pk)

    def split(self) -> None:
        split_message(self.cast.alice, self.random.choice(list(Message.objects.filter(direction="in"))).pk)

    def merge(self) -> None:
        merge_conversations(self.cast.alice, self.conversation().pk, self.conversation().pk)

    def do_something(self) -> None:
        deeds = (
            self.letter, self.letter, self.another, self.complain, self.complain, self.answer, self.name_cause,
            self.amend, self.close, self.reopen, self.split, self.merge,
        )  # fmt: skip
        with suppress(BackstoryError, IndexError):  # not possible just now
            self.random.choice(deeds)()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_following_the_event_log_equals_building_anew(cast: Any, write: Write, model: Model, seed: int) -> None:
    hands = Hands(cast, write, seed)
    for step in range(60):
        with clock.travel(BEGIN + timedelta(hours=3 * step)):
            hands.letter() if step < 5 else hands.do_something()
            if step % 7 == 3:
                model()
    followed = whole(model())
    warehouse.rebuild()
    assert len(followed["cases"]) > 5
    assert followed == whole(warehouse.snapshot())


def test_what_changed_moves_into_the_base_and_stays_the_same(
    cast: Any, write: Write, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands = Hands(cast, write, 4)
    for _ in range(6):
        hands.letter()
    model()
    monkeypatch.setattr(build, "MOST_CHANGED", 2)
    for _ in range(30):
        hands.do_something()
    folded = whole(model())
    assert store.read().changed == 0
    warehouse.rebuild()
    assert folded == whole(warehouse.snapshot())


def test_an_event_that_commits_late_is_not_missed(cast: Any, write: Write, model: Model) -> None:
    first, second = write("One."), write("Two.", sender="tom@customer.example", subject="Two")
    model()
    late = record("test.late", conversation_id=first.conversation_id)
    late_id = late.pk
    late.delete()
    record("test.early", conversation_id=second.conversation_id)
    model()
    Complaint.objects.create(number="C-1", conversation=first.conversation, received_at=clock.now())
    type(late).objects.create(pk=late_id, kind="test.late", conversation_id=first.conversation_id)
    assert model().rows("SELECT count(complaint_id) FROM cases") == [(1,)]


def test_whoever_was_erased_leaves_with_the_next_update(cast: Any, write: Write, model: Model) -> None:
    message = write("Forget me.")
    pk = message.conversation_id
    assert model().rows("SELECT count(*) FROM cases") == [(1,)]
    Message.objects.filter(conversation_id=pk).delete()
    Conversation.objects.filter(pk=pk).delete()
    record("customer.erased", conversation_id=pk)
    at = model()
    assert [at.rows(f"SELECT count(*) FROM {table} WHERE conversation_id = {pk}") for table in TABLES] == [[(0,)]] * 6


def test_no_name_address_or_word_of_anybody_is_in_the_files(cast: Any, write: Write, model: Model) -> None:
    message = write("My baby has croup and needs the extra tank.", from_name="Maya Ortiz", subject="Hot water")
    complaint = open_complaint(cast.alice, message.conversation_id)
    SensitiveReading.objects.create(message=message, engine="x", data={"vulnerability": [{"driver": "health"}]})
    offer_remedy(cast.alice, complaint.pk, "refund", "5", "EUR", "Her baby is ill.")
    Survey.objects.create(complaint=complaint, due_at=clock.now(), score=2, comment="croup again")
    at = model()
    told = str(whole(at)).lower()
    assert at.rows("SELECT vulnerable FROM cases") == [(True,)]
    for word in ("maya", "ortiz", "croup", "tank", "customer.example", "hot water", "ill", "health", "alice", "c-20"):
        assert word not in told, word
    assert all(path.stat().st_mode & 0o077 == 0 for path in [store.home(), store.home() / "parts"])


def test_a_damaged_file_is_said_so_and_mended_by_the_worker(cast: Any, write: Write, model: Model) -> None:
    write("One.")
    model()
    for path in (store.home() / "parts").glob("*-cases.parquet"):
        path.write_bytes(b"not a table")
    with pytest.raises(warehouse.NotReady, match="damaged"):
        warehouse.update()
        fresh = warehouse.snapshot()
        fresh.rows("FROM cases")
    assert warehouse.status().wanted
    Follower().step()
    assert not warehouse.status().wanted
    assert warehouse.snapshot().rows("SELECT count(*) FROM cases") == [(1,)]


def test_files_of_another_version_are_built_anew(cast: Any, write: Write, model: Model) -> None:
    write("One.")
    model()
    path = store.home() / "manifest.json"
    path.write_text(path.read_text().replace(store.VERSION, "0"))
    with pytest.raises(warehouse.NotReady):
        warehouse.snapshot()
    Follower().step()
    assert warehouse.snapshot().rows("SELECT count(*) FROM cases") == [(1,)]


def test_two_processes_never_write_at_once(cast: Any, model: Model) -> None:
    with store.writing(), pytest.raises(store.InUse):
        warehouse.rebuild()


def test_what_a_reader_holds_does_not_change_under_them(cast: Any, write: Write, model: Model) -> None:
    write("One.")
    before = model()
    write("Two.", sender="tom@customer.example", subject="Two")
    after = model()
    assert before.rows("SELECT count(*) FROM cases") == [(1,)]
    assert after.rows("SELECT count(*) FROM cases") == [(2,)]


def test_times_are_the_tables_own(cast: Any, write: Write, model: Model) -> None:
    with clock.travel(BEGIN):
        complaint = open_complaint(cast.alice, write("One.").conversation_id)
    ((received,),) = model().rows("SELECT received_at FROM cases")
    assert received.replace(tzinfo=UTC) == complaint.received_at == BEGIN
    assert timezone.is_aware(complaint.received_at)


def test_money_is_exact(cast: Any, write: Write, model: Model) -> None:
    complaint = open_complaint(cast.alice, write("One.").conversation_id)
    for amount in ("0.10", "0.20", "12.34"):
        Remedy.objects.create(
            complaint=complaint, kind="refund", amount=amount, currency="EUR", state="granted", decided_at=clock.now()
        )
    assert str(model().rows("SELECT sum(amount) FROM remedies")[0][0]) == "12.64"


def test_what_no_event_told_of_is_gone_after_the_night(cast: Any, write: Write, model: Model) -> None:
    message = write("One.")
    sign = SensitiveReading.objects.create(message=message, engine="x", data={"vulnerability": ["health"]})
    follower = Follower()
    with clock.travel(BEGIN):
        assert model().rows("SELECT vulnerable FROM cases") == [(True,)]
        follower.step()
    sign.delete()
    with clock.travel(BEGIN + timedelta(hours=10)):
        follower.step()
    assert warehouse.snapshot().rows("SELECT vulnerable FROM cases") == [(True,)]
    with clock.travel(BEGIN.replace(hour=3) + timedelta(days=2)):
        follower.step()
    assert warehouse.snapshot().rows("SELECT vulnerable FROM cases") == [(False,)]
