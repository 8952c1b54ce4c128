"""Keeping the parts of a desk running."""

from itertools import pairwise

import pytest

from backstory.config.supervisor import Child


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
