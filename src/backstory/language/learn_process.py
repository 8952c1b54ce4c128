"""Training in a process of its own: it takes minutes and memory that the worker beside it must not lose.

The child reads the examples as JSON from its standard input and writes a line of JSON for each step, then one with the
outcome; the model goes to the file named on its command line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from backstory.kernel.errors import BackstoryError
from backstory.language.learned_data import CannotLearn, Example

LOWER_PRIORITY = 10


class TrainingFailed(BackstoryError):
    """The training process ended without a model; the text says what it said last."""


def train(
    examples: Sequence[Example], progress: Any, *, leave_out_rare: bool = True, with_encoder: bool | None = None
) -> tuple[bytes, dict[str, Any]]:
    """As `learn.train`, in a child of lower priority; returns the file's bytes, and the figures with `held_out` among
    them. Raises CannotLearn and TrainingFailed; what `progress` raises ends the child."""
    asked = {"leave_out_rare": leave_out_rare, "with_encoder": with_encoder}
    given = json.dumps({"examples": [asdict(one) for one in examples], **asked})
    with tempfile.TemporaryDirectory(prefix="backstory-learn-") as folder, tempfile.TemporaryFile("w+") as said:
        out = Path(folder) / "model.npz"
        command = [sys.executable, "-m", "backstory.language.learn_process", str(out)]
        alone = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        with subprocess.Popen(  # noqa: S603 - our own module, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            encoding="utf-8",
            env=os.environ | alone,
        ) as child:
            try:
                outcome = _follow(child, given, progress)
            finally:
                child.kill()
        if outcome is None:
            said.seek(0)
            last = (said.read().strip().splitlines() or ["it gave no reason"])[-1]
            raise TrainingFailed(f"Training ended early: {last[:300]}")
        return out.read_bytes(), outcome


def _follow(child: subprocess.Popen[str], given: str, progress: Any) -> dict[str, Any] | None:
    """Passes the examples in and the steps on; returns the outcome, None where the child died without one."""
    assert child.stdin is not None and child.stdout is not None
    try:
        child.stdin.write(given)
        child.stdin.close()
    except BrokenPipeError:
        return None
    for line in child.stdout:
        told = json.loads(line)
        if "cannot" in told:
            raise CannotLearn(told["cannot"], told["counts"])
        if "figures" in told:
            found: dict[str, Any] = told["figures"]
            return found
        progress(told["stage"], told["done"], told["total"])
    return None


def main(out: Path) -> None:
    """The child."""
    from backstory.language import learn

    os.nice(LOWER_PRIORITY)
    given = json.load(sys.stdin)
    try:
        learned = learn.train(
            [Example(**one) for one in given["examples"]],
            leave_out_rare=given["leave_out_rare"],
            with_encoder=given["with_encoder"],
            progress=lambda stage, done, total: _say({"stage": stage, "done": done, "total": total}),
        )
    except CannotLearn as problem:
        _say({"cannot": str(problem), "counts": problem.counts})
        return
    out.write_bytes(learned.data)
    _say({"figures": {**learned.figures, "held_out": learned.held_out}})


def _say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
