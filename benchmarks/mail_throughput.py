"""Mails per second from the socket to a readable conversation, and to its reading.

Four senders deliver distinct letters to the real listener; real worker processes do the rest. Medians of
`ROUNDS` runs, each with a database of its own. PostgreSQL runs too where it answers on localhost.
"""

import os
import statistics
import tempfile
import threading
import time
from email.message import EmailMessage
from pathlib import Path

from tools.desk import Desk, until
from tools.test import POSTGRESQL, postgresql_answers

LETTERS = 200
SENDERS = 4
ROUNDS = 3
WORDS = (
    "Our heating has been off since Monday and nobody has called us back. My mother is 84 and sits in her coat. "
    "I have rung four times, each time I was told that a technician would come within two days. When will "
    "somebody come, and who pays for the electric heater that we had to buy? Customer number {number}."
)


def letter(number: int) -> bytes:
    message = EmailMessage()
    message["From"] = f"Customer {number} <customer{number}@customer.example>"
    message["To"] = "care@desk.example"
    message["Subject"] = f"Heating off since Monday ({number})"
    message["Message-ID"] = f"<{number}@customer.example>"
    message.set_content(WORDS.format(number=number))
    return message.as_bytes()


def deliver(desk: Desk) -> None:
    def send(numbers: range) -> None:
        import smtplib

        with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=60) as client:
            for number in numbers:
                client.sendmail(f"customer{number}@customer.example", ["care@desk.example"], letter(number))

    threads = [threading.Thread(target=send, args=(range(first, LETTERS, SENDERS),)) for first in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def once(workers: int) -> tuple[float, float, float]:
    """Letters per second: accepted at the door, readable in a conversation, read by the engine."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Desk(Path(folder), {"BACKSTORY_WORKERS": "1"}, parts=("mail",)) as desk,
    ):
        for _ in range(workers):
            desk.start("worker")
        time.sleep(3)  # the workers load the models first
        began = time.perf_counter()
        deliver(desk)
        accepted = time.perf_counter() - began
        until(lambda: desk.count("conversations_message") >= LETTERS, "conversations", 300)
        readable = time.perf_counter() - began
        until(lambda: desk.count("cases_reading") >= LETTERS, "readings", 300)
        read = time.perf_counter() - began
    return LETTERS / accepted, LETTERS / readable, LETTERS / read


def main() -> None:
    databases = {"SQLite": ""} | ({"PostgreSQL": POSTGRESQL} if postgresql_answers() else {})
    print(f"\n{LETTERS} letters from {SENDERS} senders, letters per second, medians of {ROUNDS} runs\n")
    print("| database | worker processes | accepted | readable | read |\n|---|---|---|---|---|")
    for name, url in databases.items():
        os.environ.pop("BACKSTORY_DATABASE_URL", None)
        if url:
            os.environ["BACKSTORY_DATABASE_URL"] = url
        for workers in (1, 2):
            runs = [once(workers) for _ in range(ROUNDS)]
            accepted, readable, read = (statistics.median(column) for column in zip(*runs, strict=True))
            print(f"| {name} | {workers} | {accepted:.0f} | {readable:.0f} | {read:.0f} |", flush=True)
    os.environ.pop("BACKSTORY_DATABASE_URL", None)


if __name__ == "__main__":
    main()
