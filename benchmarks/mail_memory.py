"""Whether memory stays flat: one process takes in letters by the tens of thousands, as a worker does.

`python -m benchmarks.mail_memory [letters, 50 000 unless told] [read]`: each letter is kept, parsed and filed in its
thread, and with `read` also read with evidence and its reading stored. Letters differ in sender, words, length, charset
and structure; every tenth answers an earlier one, every tenth brings a file. The disk is not waited for.
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

from tools.desk import Desk

LETTERS = 50_000
SAMPLES = 50

MEASURE = """
from backstory.config import boot
boot.setup()
import gc, json, os, random, time
from benchmarks.mail_memory import letter
from backstory import language
from backstory.cases.actions import record_reading
from backstory.channels.ingest import ingest
from backstory.conversations.actions import store_raw
from backstory.conversations.models import Mailbox, Message
from backstory.live import bus
os.fsync = lambda handle: None
mailbox, samples, began = Mailbox.objects.get(address="care@desk.example"), [], time.process_time()
def megabytes():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
with bus.quiet():
    for number in range(1, COUNT + 1):
        raw, _ = store_raw("email", mailbox, letter(number))
        ingest(raw.pk)
        if READ:
            message = Message.objects.get(raw=raw)
            record_reading(message.pk, language.read(message.text, explain=True))
        if number % (COUNT // SAMPLES) == 0:
            samples.append((number, megabytes()))
print(json.dumps([samples, time.process_time() - began]))
"""
SENTENCES = (
    "The heating has been off since Monday and nobody has called us back.",
    "Meine Mutter ist 84 und sitzt im Mantel in der Küche.",
    "J’ai déjà appelé quatre fois, sans succès.",
    "Llevo tres semanas esperando una respuesta.",
    "When will somebody come, and who pays for the electric heater?",
)


def letter(number: int) -> bytes:
    """A letter unlike any other; the same for the same number."""
    charset = ("utf-8", "iso-8859-1", "windows-1252")[number % 3]
    words = " ".join(SENTENCES[(number + shift) % len(SENTENCES)] for shift in range(1 + number % 7))
    answers = f"In-Reply-To: <{number - 7}@customer.example>\r\n" if number % 10 == 0 and number > 7 else ""
    head = (
        f"From: Customer {number} <customer{number}@customer.example>\r\nTo: care@desk.example\r\n"
        f"Subject: Heating off ({number})\r\nMessage-ID: <{number}@customer.example>\r\n{answers}MIME-Version: 1.0\r\n"
    )
    text = f"Content-Type: text/plain; charset={charset}\r\n\r\n{words} Number {number}.\r\n\r\n> an older line\r\n"
    if number % 10 == 3:
        file = f"Content-Type: text/csv; name=bill{number}.csv\r\n\r\n{number},12.50\r\n"
        body = f'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n{text}--b\r\n{file}--b--\r\n'
    elif number % 10 == 4:
        html = f"Content-Type: text/html; charset={charset}\r\n\r\n<p>{words}</p><p>Number <b>{number}</b></p>\r\n"
        body = f'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\n{text}--b\r\n{html}--b--\r\n'
    else:
        body = text
    return (head + body).encode(charset, "replace")


def growth(samples: list[tuple[int, float]]) -> float:
    """Megabytes that each thousand letters add, by least squares over the second half."""
    half = samples[len(samples) // 2 :]
    return statistics.linear_regression([at / 1000 for at, _ in half], [size for _, size in half]).slope


def main() -> None:
    arguments = sys.argv[1:]
    count = next((int(one) for one in arguments if one.isdigit()), LETTERS)
    reads = "read" in arguments
    with tempfile.TemporaryDirectory() as folder, Desk(Path(folder), parts=()) as desk:
        root = str(Path(__file__).parent.parent)
        desk.environment["PYTHONPATH"] = f"{root}/src:{root}"
        code = f"COUNT, READ, SAMPLES = {count}, {reads}, {SAMPLES}\n{MEASURE}"
        samples, seconds = json.loads(desk.python(code).splitlines()[-1])
    done = "taken in and read" if reads else "taken in"
    print(f"\n{count:,} letters {done}, {seconds / count * 1000:.1f} ms of processor each\n")
    print("| letters | memory, MB |\n|---|---|")
    for at, size in samples[:: len(samples) // 5][:5] + samples[-1:]:
        print(f"| {at:,} | {size:.1f} |")
    print(f"\nIn the second half each thousand letters added {growth(samples):+.3f} MB.")


if __name__ == "__main__":
    main()
