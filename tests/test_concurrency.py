"""Many processes, one database: nothing is lost and nothing is doubled."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

WRITERS = 6
LETTERS = 25

WRITER = """
import os, sys
from backstory.config import boot
boot.setup(json_lines=True)
from backstory.conversations.actions import receive, store_raw, assign
from backstory.conversations.letters import Inbound
from backstory.conversations.models import Mailbox
from backstory.live.actions import record
name = sys.argv[1]
mailbox = Mailbox.objects.get()
for number in range(int(sys.argv[2])):
    words = f"letter {number} of writer {name}"
    raw, _ = store_raw("email", mailbox, words.encode())
    # Every writer also stores the same shared letter: it must become one.
    shared, _ = store_raw("email", mailbox, f"shared letter {number}".encode())
    for row, text, sender in ((raw, words, f"w{name}@customer.example"), (shared, "shared", "all@customer.example")):
        receive(Inbound(channel="email", from_address=sender, text=text, subject=text), mailbox, row)
"""


@pytest.mark.slow
@pytest.mark.skipif(bool(os.environ.get("BACKSTORY_DATABASE_URL")), reason="is about SQLite")
def test_six_processes_writing_at_once_on_sqlite_lose_nothing(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "BACKSTORY_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "backstory.config.settings",
    }
    prepare = (
        "from backstory.config import boot; boot.setup(); boot.prepare();"
        "from backstory.people.actions import add_team; from backstory.conversations.actions import add_mailbox;"
        "add_mailbox('Care', 'care@desk.example', add_team('Care'))"
    )
    subprocess.run([sys.executable, "-c", prepare], env=environment, check=True, timeout=120)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(number), str(LETTERS)],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(WRITERS)
    ]
    failures = [error for writer in writers for error in [writer.communicate(timeout=120)[1]] if writer.returncode]
    assert not failures, failures[0]

    count = (
        "from backstory.config import boot; boot.setup();"
        "from backstory.conversations.models import Message, RawMessage; from backstory.people.models import Customer;"
        "from backstory.live.models import Event;"
        "print(RawMessage.objects.count(), Message.objects.count(), Customer.objects.count(),"
        "Event.objects.filter(kind='message.received').count())"
    )
    answer = subprocess.run([sys.executable, "-c", count], env=environment, check=True, capture_output=True, text=True)
    own = WRITERS * LETTERS
    assert answer.stdout.split() == [
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
