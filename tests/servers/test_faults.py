"""Whatever breaks: every letter that was accepted is there once, and every answer went out once or says that it may
not have."""

import os
import random
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.servers.faults import Cutter, Killer, held_database, letter, senders, settled, small_disk
from tests.servers.mail_servers import PASSWORD, MailServers, missing
from tests.servers.test_postfix_and_dovecot import FETCHED
from tools.desk import Desk, until

pytestmark = pytest.mark.servers

LETTERS = int(os.environ.get("BACKSTORY_TEST_LETTERS", "2000"))
ANSWERS = LETTERS // 4
ON_POSTGRESQL = bool(os.environ.get("BACKSTORY_DATABASE_URL"))

ANSWER_AS_THEY_COME = """
import time
from backstory.config import boot
boot.setup()
from django.db import OperationalError
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Conversation, Message
from backstory.people.models import User
alice = User.objects.get(email="alice@desk.example")
wanted = [f"customer{{number}}@customer.example" for number in range({answers})]
while wanted:
    ready = Conversation.objects.filter(customer__identities__value__in=wanted[:50])
    for pk, address in list(ready.values_list("pk", "customer__identities__value")):
        send_reply(alice, pk, f"We come today, {{address}}.")
        wanted.remove(address)
    time.sleep(0.05)
"""
TEN_MINUTES_PASS = """
from datetime import timedelta
from backstory.config import boot
boot.setup()
from django.db.models import F
from backstory.conversations.models import Delivery, RawMessage
Delivery.objects.filter(state="sending").update(claimed_at=F("claimed_at") - timedelta(minutes=11))
Delivery.objects.exclude(next_attempt_at=None).update(next_attempt_at=F("next_attempt_at") - timedelta(minutes=11))
RawMessage.objects.exclude(next_attempt_at=None).update(next_attempt_at=F("next_attempt_at") - timedelta(minutes=11))
from backstory.channels.email.tasks import deliver_waiting
from backstory.channels.tasks import ingest_waiting
deliver_waiting.call_local()
ingest_waiting.call_local()
"""
NOT_UNDERSTOOD = "RawMessage.objects.filter(state='received').count()"
NOT_SETTLED = "Delivery.objects.filter(state__in=['held', 'waiting', 'sending', 'deferred']).count()"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    """A desk of which nothing runs yet."""
    with Desk(folder, {"BACKSTORY_MAIL_OUT_TIMEOUT": "1"}, parts=()) as present:
        yield present


def messages(desk: Desk) -> Counter[str]:
    """How often each letter of a customer is in a conversation, by its Message-ID."""
    return Counter(desk.ask("list(Message.objects.filter(direction='in').values_list('message_id', flat=True))"))


def once_each(numbers: range) -> Counter[str]:
    return Counter({f"{number}@customer.example": 1 for number in numbers})


def sent_letters(desk: Desk) -> Counter[str]:
    """How often each letter left the desk, by its Message-ID."""
    found = (message_from_bytes(one)["Message-ID"].strip("<> ") for one in desk.postbox.letters)
    return Counter(found)


def assert_every_answer_went_out_once_or_says_otherwise(desk: Desk, answers: int) -> Counter[str]:
    """How many deliveries ended how."""
    gone = sent_letters(desk)
    states = dict(desk.ask("list(Delivery.objects.values_list('message__message_id', 'state'))"))
    assert len(states) == answers
    assert set(gone) <= set(states)
    assert max(gone.values(), default=0) <= 1, "a letter was sent twice"
    for message_id, state in states.items():
        assert state != "sent" or gone[message_id] == 1, f"{message_id} is called sent and was not"
        assert state in ("sent", "uncertain") or gone[message_id] == 0, f"{message_id} is {state} and was sent"
    return Counter(states.values())


def time_passes(desk: Desk, times: int = 1) -> None:
    for _ in range(times):
        desk.python(TEN_MINUTES_PASS)


def test_processes_killed_at_any_moment_lose_no_letter_and_send_none_twice(desk: Desk) -> None:
    parts = {part: desk.start(part) for part in ("mail", "worker")}
    with Killer(desk, parts, seed=20) as killer:
        with senders(desk.smtp_port, 4, LETTERS):
            desk.python(ANSWER_AS_THEY_COME.format(answers=ANSWERS))
        until(lambda: killer.kills >= 5, "five processes killed", 60)
    time_passes(desk)
    settled(desk, NOT_UNDERSTOOD, "every letter in a conversation")
    time_passes(desk)
    settled(desk, NOT_SETTLED, "every answer settled")
    assert messages(desk) == once_each(range(LETTERS))
    ended = assert_every_answer_went_out_once_or_says_otherwise(desk, ANSWERS)
    print(f"{killer.kills} processes killed; {LETTERS} letters came in, {ANSWERS} answers: {dict(ended)}")
    assert ended["uncertain"] <= killer.kills * 4


def test_a_mail_server_that_refuses_fails_and_hangs_gets_no_letter_twice(desk: Desk) -> None:
    chance = random.Random(7)
    moods = ["250 OK", "250 OK", "451 Not now", "554 Never", "421 Going down", "hang"]

    def mood() -> str:
        return chance.choice(moods)

    desk.postbox.mood = mood
    for part in ("mail", "worker"):
        desk.start(part)
    with senders(desk.smtp_port, 2, 40):
        desk.python(ANSWER_AS_THEY_COME.format(answers=40))
    settled(desk, "Delivery.objects.filter(state__in=['held', 'waiting', 'sending']).count()", "a first try of each")
    desk.postbox.mood = None
    time_passes(desk, 2)
    settled(desk, NOT_SETTLED, "every answer settled")
    ended = assert_every_answer_went_out_once_or_says_otherwise(desk, 40)
    assert ended["sent"] and ended["failed"] and ended["uncertain"], ended


def test_a_full_disk_asks_for_another_try_and_afterwards_everything_is_there(desk: Desk, folder: Path) -> None:
    files = folder / "files"
    files.mkdir(exist_ok=True)
    with small_disk(files, 1) as available:
        if not available:
            pytest.skip("this machine lets nobody mount a small disk")
        filler = files / "filler"
        desk.start("mail")
        desk.start("worker")
        filler.write_bytes(b"x" * 900_000)
        with senders(desk.smtp_port, 2, 60) as present:
            # Sixty letters of four kilobytes and more do not fit into what is left.
            until(lambda: desk_says(desk, "No space left"), "a full disk", 60)
            taken = sum(len(one.accepted) for one in present)
            assert taken < 60
            filler.unlink()
        settled(desk, NOT_UNDERSTOOD, "every letter in a conversation")
        assert messages(desk) == once_each(range(60))


def desk_says(desk: Desk, words: str) -> bool:
    return words in (desk.folder / "mail.log").read_text(errors="replace")


@pytest.mark.skipif(ON_POSTGRESQL, reason="PostgreSQL locks rows, not the database")
def test_a_locked_database_asks_for_another_try_and_afterwards_everything_is_there(desk: Desk) -> None:
    desk.start("mail")
    desk.start("worker")
    with senders(desk.smtp_port, 3, 90) as present:
        until(lambda: any(one.accepted for one in present), "the first letter")
        with held_database(desk):
            until(lambda: desk_says(desk, "locked"), "a database that is locked", 60)
    settled(desk, NOT_UNDERSTOOD, "every letter in a conversation")
    assert messages(desk) == once_each(range(90))


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_an_imap_connection_cut_at_any_byte_loses_no_letter(desk: Desk) -> None:
    chance = random.Random(3)
    with MailServers(["care@desk.example"]) as servers:
        for number in range(30):
            servers.post("maya@customer.example", "care@desk.example", letter(number, size=3000))
        with Cutter(servers.imap_port, [chance.randrange(200, 30_000) for _ in range(6)]) as wire:
            desk.python(FETCHED.format(port=wire.port, password=PASSWORD))
            desk.start("mail")
            desk.start("worker")
            until(lambda: len(messages(desk)) == 30, "thirty letters", 180)
            assert wire.cuts >= 3
    settled(desk, NOT_UNDERSTOOD, "every letter in a conversation")
    assert messages(desk) == once_each(range(30))
