"""What breaks: processes killed, connections cut, a disk that is full, a database that somebody holds."""

import random
import smtplib
import socket
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Self

from tools.desk import Desk, until


def letter(number: int, size: int = 0) -> bytes:
    """A customer's letter; no two numbers give the same."""
    message = EmailMessage()
    message["From"] = f"Customer {number} <customer{number}@customer.example>"
    message["To"] = "care@desk.example"
    message["Subject"] = f"Heating off ({number})"
    message["Message-ID"] = f"<{number}@customer.example>"
    message.set_content(f"The heating has been off since Monday. Customer number {number}.\n" + "cold " * (size // 5))
    return message.as_bytes()


@dataclass
class Sender:
    """A mail server that delivers `numbers` and, as every mail server does, tries again until it is told 250."""

    port: int
    numbers: Sequence[int]
    accepted: list[int] = field(default_factory=list)
    give_up: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        waiting = list(self.numbers)
        while waiting and not self.give_up.is_set():
            try:
                with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as client:
                    while waiting and not self.give_up.is_set():
                        number = waiting[0]
                        sender = f"customer{number}@customer.example"
                        client.sendmail(sender, ["care@desk.example"], letter(number))
                        self.accepted.append(waiting.pop(0))
            except (smtplib.SMTPException, OSError):
                self.give_up.wait(0.05)


@contextmanager
def senders(port: int, count: int, letters: int) -> Iterator[list[Sender]]:
    """So many mail servers at once, together delivering so many letters; at the end each has delivered all of its."""
    present = [Sender(port, range(first, letters, count)) for first in range(count)]
    threads = [threading.Thread(target=one.run, daemon=True) for one in present]
    for thread in threads:
        thread.start()
    try:
        yield present
        for thread in threads:
            thread.join(timeout=240)
    finally:
        for one in present:
            one.give_up.set()
    assert sum(len(one.accepted) for one in present) == letters, "not every letter was taken"


@dataclass
class Killer:
    """Kills the processes of a desk, one at a time and at random moments, and starts them again."""

    desk: Desk
    parts: dict[str, subprocess.Popen[bytes]]
    seed: int
    kills: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        chance = random.Random(self.seed)
        while not self.stop.wait(chance.uniform(0.5, 3.0)):
            part = chance.choice(sorted(self.parts))
            process = self.parts[part]
            process.kill()
            process.wait()
            self.desk.processes.remove(process)
            self.parts[part] = self.desk.start(part)
            self.kills += 1

    def __enter__(self) -> Self:
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(timeout=120)


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
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


@contextmanager
def held_database(desk: Desk) -> Iterator[None]:
    """Somebody writes to the desk's SQLite database and does not finish."""
    with sqlite3.connect(desk.folder / "backstory.sqlite3", timeout=60, isolation_level=None) as holder:
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")
            holder.close()


def settled(desk: Desk, question: str, what: str, seconds: float = 240) -> None:
    """Wait until a count over the desk's models has come down to nothing."""
    ask: Callable[[], bool] = lambda: desk.ask(question) == 0  # noqa: E731
    until(ask, what, seconds)
