"""A whole desk in processes of its own, for journeys, benchmarks and pictures: real ports, real queue, real mail."""

import asyncio
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit, urlunsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

PASSWORD = "correct horse battery"
READY_SECONDS = 180.0
HANGS_SECONDS = 600.0
Answer = TypeVar("Answer")

PEOPLE = """
from backstory.config import boot
boot.setup(); boot.prepare()
from backstory.conversations.actions import add_mailbox
from backstory.people.actions import add_team, add_user
care, parts = add_team("Customer care"), add_team("Spare parts")
add_mailbox("Customer care", "care@desk.example", care)
add_mailbox("Spare parts", "parts@desk.example", parts)
for email, name, role, teams in (
    ("alice@desk.example", "Alice Archer", "agent", (care,)),
    ("bob@desk.example", "Bob Byrne", "lead", (care,)),
    ("charlie@desk.example", "Charlie Cole", "agent", (parts,)),
    ("dana@desk.example", "Dana Diaz", "administrator", ()),
):
    add_user(email, name, PASSWORD, role, teams, check_password=False)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def until(ask: Callable[[], Answer | None], what: str, seconds: float = READY_SECONDS) -> Answer:
    """Ask until there is an answer; fail with what was waited for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.02)
    raise TimeoutError(f"waited {seconds:.0f} s in vain for {what}")


class Postbox:
    """The outgoing mail server of a test: keeps every letter, or answers as told."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.answer = "250 OK"
        self.thinks = 0.0  # seconds that it takes over each letter
        self.mood: Callable[[], str] | None = None  # the answer to each letter, or "hang": keep it and say nothing
        self.controller = Controller(self, hostname="127.0.0.1", port=0)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.mood() if self.mood else self.answer
        if answer.startswith("250") or answer == "hang":
            content = envelope.content or b""
            self.letters.append(content if isinstance(content, bytes) else content.encode())
        await asyncio.sleep(HANGS_SECONDS if answer == "hang" else self.thinks)
        return answer

    def start(self) -> int:
        self.controller.port = free_port()
        self.controller.start()
        return self.controller.port

    def stop(self) -> None:
        self.controller.stop()


@dataclass
class Desk:
    """`with Desk(folder) as desk:` runs `backstory serve` on free ports with a database of its own."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    postbox: Postbox = field(default_factory=Postbox)
    parts: tuple[str, ...] = ("serve",)
    people: bool = True
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _database: str = ""

    def __enter__(self) -> Self:
        self.port, self.smtp_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = self._environment()
        if self.people:
            self.python(f"PASSWORD = {PASSWORD!r}\n{PEOPLE}")
        for part in self.parts:
            self.start(part)
        return self

    def _environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("BACKSTORY_", "DJANGO_"))}
        environment = {
            **inherited,
            "BACKSTORY_DATA_DIR": str(self.folder),
            "BACKSTORY_PORT": str(self.port),
            "BACKSTORY_SMTP_PORT": str(self.smtp_port),
            "BACKSTORY_BASE_URL": self.url,
            "BACKSTORY_MAIL_OUT_HOST": "127.0.0.1",
            "BACKSTORY_MAIL_OUT_PORT": str(self.postbox.start()),
            "BACKSTORY_SURVEY_DELAY_HOURS": "0",
            "BACKSTORY_UNDO_SEND_SECONDS": "0",
        }
        if url := os.environ.get("BACKSTORY_DATABASE_URL"):
            environment["BACKSTORY_DATABASE_URL"] = self._own_database(url)
        if url := os.environ.get("BACKSTORY_REDIS_URL"):
            environment["BACKSTORY_REDIS_URL"] = self._own_redis(url)
        return {**environment, **self.settings}

    def _own_database(self, url: str) -> str:
        import psycopg

        name = f"backstory_desk_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        self._database = name
        return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))

    def _own_redis(self, url: str) -> str:
        import redis

        number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw") or 0)
        own = urlunsplit(urlsplit(url)._replace(path=f"/{10 + number % 5}"))
        redis.from_url(own).flushdb()
        return own

    def start(self, part: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{part}.log").open("ab")
        command = [sys.executable, "-m", "backstory.config.cli", part]
        process = subprocess.Popen(command, env=self.environment, cwd=self.folder, stdout=log, stderr=log)
        self.processes.append(process)
        if part in ("serve", "web"):
            until(self._web_answers, f"the web server ({self.folder}/{part}.log)")
        if part in ("serve", "mail"):
            until(self._mail_answers, f"the mail listener ({self.folder}/{part}.log)")
        return process

    def _web_answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/accounts/login/", timeout=30) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _mail_answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.smtp_port), 30) as connection:
                return connection.recv(3) == b"220"
        except OSError:
            return False

    def python(self, code: str) -> str:
        """Run code against this desk's database in a process of its own; returns what it printed."""
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return done.stdout

    def ask(self, expression: str) -> Any:
        """The value (as JSON) of an expression over the desk's models."""
        preamble = (
            "import json; from backstory.config import boot; boot.setup()\n"
            "from backstory.conversations.models import *; from backstory.cases.models import *\n"
            "from backstory.recovery.models import *; from backstory.people.models import *\n"
            "from backstory.live.models import *\n"
        )
        return json.loads(self.python(f"{preamble}print(json.dumps({expression}, default=str))").splitlines()[-1])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query, asked of the database itself: quick enough to ask again and again."""
        if url := self.environment.get("BACKSTORY_DATABASE_URL"):
            import psycopg

            with psycopg.connect(url) as connection:
                return connection.execute(query.encode()).fetchall()
        place = f"file:{self.folder}/backstory.sqlite3?mode=ro"
        with closing(sqlite3.connect(place, uri=True, timeout=20)) as lite:
            return list(lite.execute(query))

    def count(self, table: str, where: str = "true") -> int:
        """How many rows of a table there are."""
        return int(self.rows(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])

    def post(self, sender: str, letter: bytes, recipient: str = "care@desk.example") -> None:
        """Deliver a letter by SMTP, as any mail server would."""
        import smtplib

        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=60) as client:
            client.sendmail(sender, [recipient], letter)

    def letter(self, index: int = -1, seconds: float = READY_SECONDS) -> bytes:
        """A letter that the desk has sent out; waits for it."""
        wanted = index + 1 if index >= 0 else 1
        until(lambda: len(self.postbox.letters) >= wanted, f"letter {index} going out", seconds)
        return self.postbox.letters[index]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.postbox.stop()
        if self._database:
            self._drop_database()
        shutil.rmtree(self.folder / "files", ignore_errors=True)

    def _drop_database(self) -> None:
        import psycopg

        with psycopg.connect(os.environ["BACKSTORY_DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{self._database}" WITH (FORCE)'.encode())
