"""What was answered for survives a power cut: its commit is flushed to disk before anybody hears of it.

A cut itself cannot be played here, so the tests read what SQLite was told: its log is flushed at a commit exactly when
`synchronous` is FULL at that moment.
"""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.signals import connection_created

from backstory.channels.email import accepting, send
from backstory.channels.email.tests.letters import letter
from backstory.channels.email.tests.servers import Sink
from backstory.conversations.actions import send_reply, store_call
from backstory.conversations.models import Message
from backstory.kernel.durable import durable
from backstory.live import bus
from conftest import Cast

pytestmark = [
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL flushes each commit by itself"),
]


class Flushes:
    """Each commit of a connection that wrote to a table: (the table, whether it was flushed)."""

    def __init__(self) -> None:
        self.commits: list[tuple[str, bool]] = []
        self._full, self._open, self._tables = False, False, list[str]()

    def __call__(self, statement: str) -> None:
        if statement.startswith("PRAGMA synchronous="):
            self._full = statement.endswith("FULL")
        elif statement.startswith(("INSERT INTO", "UPDATE")):
            self._tables.append(statement.split('"')[1])
        self._open = (self._open or statement.startswith("BEGIN")) and statement not in ("COMMIT", "ROLLBACK")
        if not self._open:
            ended = [] if statement == "ROLLBACK" else self._tables
            self.commits += [(table, self._full) for table in ended]
            self._tables = []

    def of(self, table: str) -> list[bool]:
        return [full for name, full in self.commits if name == table]


@pytest.fixture
def flushes() -> Iterator[Flushes]:
    """Watches the connection of this test and those made from now on."""
    seen = Flushes()

    def watch(connection: Any, **_: object) -> None:
        if isinstance(connection.connection, sqlite3.Connection):
            connection.connection.set_trace_callback(seen)

    connection.ensure_connection()
    watch(connection)
    connection_created.connect(watch)
    yield seen
    connection_created.disconnect(watch)
    if isinstance(connection.connection, sqlite3.Connection):
        connection.connection.set_trace_callback(None)


def test_a_letter_that_was_answered_with_250_is_on_the_disk_with_its_row(cast: Cast, flushes: Flushes) -> None:
    assert accepting.keep(letter(), ["care@desk.example"], {"sender": "maya@customer.example"}) == []
    assert flushes.of("conversations_rawmessage")[0]


def test_a_providers_call_that_was_answered_with_200_is_on_the_disk_with_its_row(cast: Cast, flushes: Flushes) -> None:
    store_call(cast.mailbox, "letters", "application/json", b"{}")
    assert flushes.of("conversations_providercall")[0]


def test_that_a_letter_goes_out_is_on_the_disk_before_it_does(
    cast: Cast, write: Callable[..., Message], flushes: Flushes, settings: Any
) -> None:
    settings.MAIL_MODE, settings.EMAIL_HOST = "smtp", "127.0.0.1"
    question = write("The water is cold.")
    with bus.quiet(), Sink() as sink:
        settings.EMAIL_PORT = sink.port
        delivery = send_reply(cast.alice, question.conversation_id, "We come today.").delivery
        flushes.commits.clear()
        send.deliver(delivery.pk)
    assert len(sink.letters) == 1
    assert flushes.of("conversations_delivery") == [False, True, False], "claimed, handed over, sent"


def test_work_that_is_found_again_does_not_wait_for_the_disk(cast: Cast, flushes: Flushes) -> None:
    with durable():
        cast.mailbox.save()
    cast.mailbox.save()
    with transaction.atomic(), durable():  # the outer one decides, and is an ordinary one
        cast.mailbox.save()
    assert flushes.of("conversations_mailbox") == [True, False, False]


def test_a_fault_leaves_the_connection_as_it_was(cast: Cast, flushes: Flushes) -> None:
    with pytest.raises(ZeroDivisionError), durable():
        cast.mailbox.name = f"{1 / 0}"
    cast.mailbox.save()
    assert flushes.of("conversations_mailbox") == [False]
