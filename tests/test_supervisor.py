"""Keeping the parts of a desk running."""

import os
import signal
from itertools import pairwise
from pathlib import Path

import pytest

from backstory.config.supervisor import Child
from tools.desk import Desk, until


class Fallen:
    """A process that has ended."""

    def poll(self) -> int:
        return 1


def test_a_part_that_falls_is_started_again_after_a_growing_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [100.0]
    monkeypatch.setattr("backstory.config.supervisor.time.monotonic", lambda: moment[0])
    monkeypatch.setattr("backstory.config.supervisor.subprocess.Popen", lambda *args, **options: Fallen())
    child, starts = Child("web"), []
    for _ in range(200):
        had = child.process
        child.tend()
        if child.process and not had:
            starts.append(moment[0])
        moment[0] += 0.2
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert len(pauses) >= 3
    assert all(later > earlier for earlier, later in pairwise(pauses))


def child_of(parent: int, part: str) -> int:
    """The process id of one part, from /proc (Linux)."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return next(
        int(pid) for pid in children if Path(f"/proc/{pid}/cmdline").read_bytes().endswith(f"{part}\0".encode())
    )


@pytest.mark.slow
def test_a_killed_part_comes_back_and_the_desk_answers(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        os.kill(child_of(desk.processes[0].pid, "web"), signal.SIGKILL)
        until(lambda: not desk._web_answers(), "the web server to fall")
        until(desk._web_answers, "the web server to come back")
