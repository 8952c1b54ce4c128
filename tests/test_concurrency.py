"""Many processes, one database: nothing is lost and nothing is doubled."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

WRITERS = 6
LETTERS = 25

WRITING = """
import os, sys
from backstory.config import boot
boot.setup(json_lines=True); boot.prepare()
from django.db import connections
from backstory.conversations.actions import add_mailbox, receive, store_raw
from backstory.conversations.letters import Inbound
from backstory.conversations.models import Mailbox, Message, RawMessage
from backstory.live.models import Event
from backstory.people.actions import add_team
from backstory.people.models import Customer

def write(name, letters):
    mailbox = Mailbox.objects.get()
    for number in range(letters):
        words = f"letter {number} of writer {name}"
        raw, _ = store_raw("email", mailbox, words.encode())
        # Every writer also stores the same shared letter: it must become one.
        shared, _ = store_raw("email", mailbox, f"shared letter {number}".encode())
        own, common = (raw, words, f"w{name}@customer.example"), (shared, "shared", "all@customer.example")
        for row, text, sender in (own, common):
            receive(Inbound(channel="email", from_address=sender, text=text, subject=text), mailbox, row)

writers, letters = int(sys.argv[1]), int(sys.argv[2])
add_mailbox("Care", "care@desk.example", add_team("Care"))
connections.close_all()
children = []
for name in range(writers):
    child = os.fork()
    if not child:
        code = 1
        try:
            write(name, letters)
            code = 0
        finally:
            sys.excepthook(*sys.exc_info()) if code else None
            os._exit(code)
    children.append(child)
assert not any([os.waitpid(child, 0)[1] for child in children])
print(RawMessage.objects.count(), Message.objects.count(), Customer.objects.count(),
      Event.objects.filter(kind="message.received").count())
"""


@pytest.mark.slow
@pytest.mark.skipif(bool(os.environ.get("BACKSTORY_DATABASE_URL")), reason="is about SQLite")
def test_six_processes_writing_at_once_on_sqlite_lose_nothing(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "BACKSTORY_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "backstory.config.settings",
    }
    command = [sys.executable, "-c", WRITING, str(WRITERS), str(LETTERS)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    own = WRITERS * LETTERS
    assert done.stdout.split() == [
        str(own + LETTERS),
        str(own + LETTERS),
        str(WRITERS + 1),
        str(own + LETTERS),
    ]


@pytest.mark.django_db
def test_sqlite_waits_for_its_turn_instead_of_failing() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("is about SQLite")
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone()[0] == "wal"
