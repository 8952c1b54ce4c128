"""Where the time of one letter goes, from stored bytes to its reading: one process, no queue, medians.

Time on the clock, and time of the processor alone: the second is what a busy machine cannot spoil, and without the wait
for the disk."""

import statistics
import tempfile
import time
from pathlib import Path

from tools.desk import Desk

LETTERS = 200

MEASURE = """
from backstory.config import boot
boot.setup()
import json, time
from benchmarks.mail_throughput import letter
from backstory import language
from backstory.cases.actions import record_reading
from backstory.channels.email.parse import parse_bytes
from backstory.channels.ingest import ingest
from backstory.conversations.actions import store_raw
from backstory.conversations.models import Mailbox, Message
from backstory.live import bus
mailbox, steps = Mailbox.objects.get(address="care@desk.example"), {}
def timed(name, work):
    began, busy = time.perf_counter(), time.process_time()
    result = work()
    busy = time.process_time() - busy
    steps.setdefault(name, []).append(((time.perf_counter() - began) * 1000, busy * 1000))
    return result
with bus.quiet():
    for number in range(COUNT):
        data = letter(number)
        raw, _ = timed("store the bytes (fsync, row, event)", lambda: store_raw("email", mailbox, data))
        timed("parse alone", lambda: parse_bytes(data))
        timed("parse and file in its thread", lambda: ingest(raw.pk))
        message = Message.objects.get(raw=raw)
        reading = timed("read with evidence", lambda: language.read(message.text, explain=True))
        timed("store the reading", lambda: record_reading(message.pk, reading))
print(json.dumps(steps))
"""


def main() -> None:
    import json

    with tempfile.TemporaryDirectory() as folder, Desk(Path(folder), parts=()) as desk:
        root = str(Path(__file__).parent.parent)
        desk.environment["PYTHONPATH"] = f"{root}/src:{root}"
        began = time.perf_counter()
        steps = json.loads(desk.python(f"COUNT = {LETTERS}\n{MEASURE}").splitlines()[-1])
        took = time.perf_counter() - began
    print(f"\nOne letter in one process, milliseconds, medians of {LETTERS} ({took:.0f} s with start-up)\n")
    print("| step | ms | of these the processor |\n|---|---|---|")
    for name, times in steps.items():
        clock, busy = (statistics.median(column) for column in zip(*times, strict=True))
        print(f"| {name} | {clock:.1f} | {busy:.1f} |")


if __name__ == "__main__":
    main()
