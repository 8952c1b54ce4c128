"""What must hold whatever has broken: every letter once, every answer once or uncertain."""

import subprocess
import sys
import time
from collections import Counter
from email import message_from_bytes

from tests.servers.faults import PATIENCE, words_of
from tools.desk import Desk, until

ANSWER_AS_THEY_COME = """
import sys, time
from backstory.config import boot
boot.setup()
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Conversation, Message
from backstory.people.models import User
wanted = int(sys.argv[1])
alice = User.objects.get(email="alice@desk.example")
while Message.objects.filter(direction="out").count() < wanted:
    for pk in list(Conversation.objects.exclude(messages__direction="out").values_list("pk", flat=True)[:5]):
        if Message.objects.filter(direction="out").count() < wanted:
            send_reply(alice, pk, f"We come today, to see to {pk}.")
    time.sleep(0.02)
"""
TEN_MINUTES_PASS = """
from datetime import timedelta
from backstory.config import boot
boot.setup()
from django.db.models import F
from backstory.conversations.models import Delivery, RawMessage
Delivery.objects.filter(state="sending").update(claimed_at=F("claimed_at") - timedelta(minutes=11))
for rows in (Delivery.objects, RawMessage.objects):
    rows.exclude(next_attempt_at=None).update(next_attempt_at=F("next_attempt_at") - timedelta(minutes=11))
from backstory.channels.email.tasks import deliver_waiting
from backstory.channels.tasks import ingest_waiting
deliver_waiting.call_local()
ingest_waiting.call_local()
"""
UNDONE = "state IN ('held', 'waiting', 'sending', 'deferred')"


def writer(desk: Desk, answers: int) -> subprocess.Popen[bytes]:
    """A process in which somebody answers, as a page does, until there are so many answers."""
    with (desk.folder / "writer.log").open("ab") as log:
        command = [sys.executable, "-c", ANSWER_AS_THEY_COME, str(answers)]
        process = subprocess.Popen(command, env=desk.environment, cwd=desk.folder, stdout=log, stderr=log)
    desk.processes.append(process)
    return process


def begin(desk: Desk) -> None:
    """Start what a desk needs for mail."""
    desk.start("worker")
    desk.start("mail")


def settle(desk: Desk) -> None:
    """Let time pass, and the sweeps with it, until every letter is in a conversation and the fate of each answer is
    known."""

    def nothing_is_left() -> bool:
        waiting = desk.count("conversations_rawmessage", "state = 'received'")
        return waiting + desk.count("conversations_delivery", UNDONE) == 0

    ended = time.monotonic() + PATIENCE
    while time.monotonic() < ended:
        try:
            until(nothing_is_left, "everything settled", 2)
            return
        except TimeoutError:
            desk.python(TEN_MINUTES_PASS)
    until(nothing_is_left, "everything settled")


def assert_every_letter_is_there_once(desk: Desk, letters: int) -> None:
    """Each is one message with its own words, and one original that is whole on the disk."""
    found = dict(desk.rows("SELECT message_id, text FROM conversations_message WHERE direction = 'in'"))
    assert desk.count("conversations_message", "direction = 'in'") == letters
    assert set(found) == {f"{number}@customer.example" for number in range(letters)}
    assert all(found[f"{number}@customer.example"].startswith(words_of(number)) for number in range(letters))
    originals = desk.rows("SELECT path, size, state FROM conversations_rawmessage")
    assert Counter(state for _, _, state in originals) == {"accepted": letters}
    assert all((desk.folder / "files" / path).stat().st_size == size for path, size, _ in originals)


def assert_every_answer_went_out_once_or_says_otherwise(desk: Desk, answers: int) -> Counter[str]:
    """How many deliveries ended how."""
    gone = Counter(message_from_bytes(one)["Message-ID"].strip("<> ") for one in desk.postbox.letters)
    rows = desk.rows(
        "SELECT m.message_id, d.state FROM conversations_delivery d JOIN conversations_message m ON m.id = d.message_id"
    )
    states = dict(rows)
    assert len(rows) == len(states) == answers
    assert set(gone) <= set(states)
    assert max(gone.values(), default=0) <= 1, "a letter was sent twice"
    for message_id, state in states.items():
        assert state != "sent" or gone[message_id] == 1, f"{message_id} is called sent and was not"
        assert state in ("sent", "uncertain") or gone[message_id] == 0, f"{message_id} is {state} and was sent"
    return Counter(states.values())
