"""Several processes under one command: start them, pass the end on, start again what falls."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

import structlog

log = structlog.get_logger(__name__)

GRACE_SECONDS = 10
STEADY_SECONDS = 30
LONGEST_PAUSE = 30.0


@dataclass
class Child:
    """One part of the desk as a process of its own."""

    name: str
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_at: float = 0.0
    pause: float = 1.0

    def start(self) -> None:
        command = [sys.executable, "-m", "backstory.config.cli", self.name]
        self.process = subprocess.Popen(command, env=os.environ)  # noqa: S603 - our own command
        self.started = time.monotonic()

    def tend(self) -> None:
        """Start the process when it is due; notice when it has ended and wait a growing while before the next."""
        moment = time.monotonic()
        if self.process is None:
            if moment >= self.start_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        if moment - self.started > STEADY_SECONDS:
            self.pause = 1.0
        log.error("process.ended", part=self.name, code=code, again_in=self.pause)
        self.process, self.start_at = None, moment + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)


@dataclass
class Supervisor:
    """Runs the parts until a signal comes."""

    names: Sequence[str]
    children: list[Child] = field(default_factory=list)
    ending: bool = False

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)
        self.children = [Child(name) for name in self.names]
        try:
            while not self.ending:
                for child in self.children:
                    child.tend()
                time.sleep(0.2)
        finally:
            self._stop_all()
        return 0

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.ending = True

    def _stop_all(self) -> None:
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in running:
            try:
                process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
