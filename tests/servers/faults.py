"""What breaks: processes killed, connections cut, a disk that is full, a database that somebody holds."""

import random
import smtplib
import socket
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Self

from tools.desk import Desk, until

PATIENCE = 600.0
"""Seconds for what takes a few on an idle machine."""


def letter(number: int, size: int = 0, to: str = "care@desk.example") -> bytes:
    """A customer's letter; no two numbers give the same."""
    message = EmailMessage()
    message["From"] = f"Customer {number} <customer{number}@customer.example>"
    message["To"] = to
    message["Subject"] = f"Heating off ({number})"
    message["Message-ID"] = f"<{number}@customer.example>"
    message.set_content(f"{words_of(number)}\n" + "cold " * (size // 5))
    return message.as_bytes()


def words_of(number: int) -> str:
    """How the text of a customer's letter begins."""
    return f"The heating has been off since Monday. Customer number {number}."


@dataclass
class Sender:
    """A mail server that delivers `numbers` and, as every mail server does, tries again until it is told 250."""

    port: int
    numbers: Sequence[int]
    accepted: list[int] = field(default_factory=list)
    refusals: int = 0
    give_up: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        waiting = list(self.numbers)
        while waiting and not self.give_up.is_set():
            try:
                with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as client:
                    while waiting and not self.give_up.is_set():
                        self._deliver(client, waiting[0])
                        self.accepted.append(waiting.pop(0))
            except (smtplib.SMTPException, OSError):
                self.give_up.wait(0.05)

    def _deliver(self, client: smtplib.SMTP, number: int) -> None:
        try:
            client.sendmail(f"customer{number}@customer.example", ["care@desk.example"], letter(number))
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
            self.refusals += 1
            raise


@contextmanager
def senders(port: int, count: int, letters: int) -> Iterator[list[Sender]]:
    """So many mail servers at once, together delivering so many letters; at the end each has delivered all of its."""
    present = [Sender(port, range(first, letters, count)) for first in range(count)]
    threads = [threading.Thread(target=one.run, daemon=True) for one in present]
    for thread in threads:
        thread.start()
    try:
        yield present
        until(lambda: not any(thread.is_alive() for thread in threads), "every letter taken", PATIENCE + letters / 5)
    finally:
        for one in present:
            one.give_up.set()
    assert sum(len(one.accepted) for one in present) == letters


@dataclass
class Victim:
    """A process that is killed (signal 9) and begun again each time that its work has come to one of `moments`.

    Work and not time decides, so that the same seed kills at the same stages on a fast machine and on a slow one.
    """

    name: str
    begin: Callable[[], subprocess.Popen[bytes]]
    progress: Callable[[], int]
    moments: Sequence[int]
    seed: int = 1
    kills: int = 0
    fault: BaseException | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self.process = self.begin()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        return self

    def _run(self) -> None:
        chance = random.Random(self.seed)
        try:
            for moment in self.moments:
                while self.progress() < moment:
                    if self.stop.wait(0.02):
                        return
                self.stop.wait(chance.uniform(0, 0.05))  # in the midst of whatever it does next
                self.process.kill()
                self.process.wait()
                self.kills += 1
                self.process = self.begin()
        except BaseException as fault:
            self.fault = fault

    def wait(self) -> None:
        """Until it has been killed as often as it was to be."""
        until(lambda: not self.thread.is_alive(), f"{len(self.moments)} kills of {self.name}", PATIENCE)
        if self.fault is not None:
            raise self.fault

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(timeout=60)


def moments(work: int, count: int, seed: int) -> list[int]:
    """So many moments of a piece of work, the last early enough that some of it is left."""
    return sorted(random.Random(seed).sample(range(1, max(work * 9 // 10, count + 1)), count))


@contextmanager
def killed(*victims: Victim) -> Iterator[None]:
    """While the block runs they are killed again and again; it ends when each has had its share."""
    with ExitStack() as stack:
        for victim in victims:
            stack.enter_context(victim)
        yield
        for victim in victims:
            victim.wait()


@dataclass
class Cutter:
    """A wire to a server that breaks: each of the first connections after so many bytes, then it holds."""

    target: int
    after: Sequence[int]
    cuts: int = 0

    def __enter__(self) -> Self:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def _accept(self) -> None:
        allowances = iter(self.after)
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                allowance = next(allowances, None)
                threading.Thread(target=self._pump, args=(near, far, None), daemon=True).start()
                threading.Thread(target=self._pump, args=(far, near, allowance), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, allowance: int | None) -> None:
        with suppress(OSError):
            while data := source.recv(4096):
                if allowance is not None:
                    data, allowance = data[:allowance], allowance - len(data)
                sink.sendall(data)
                if allowance is not None and allowance <= 0:
                    self.cuts += 1
                    break
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """A disk of so many megabytes at `folder`; False where this machine does not let us have one."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, check=False)
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


@contextmanager
def held_database(desk: Desk) -> Iterator[None]:
    """Somebody writes to the desk's SQLite database and does not finish."""
    place = desk.folder / "backstory.sqlite3"
    with closing(sqlite3.connect(place, timeout=60, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")
