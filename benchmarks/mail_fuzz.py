"""Damaged and hostile letters: no exception, valid UTF-8, and time that grows with the size alone.

`python -m benchmarks.mail_fuzz` mutates real letters (`BACKSTORY_FUZZ_EXAMPLES`, 20 000) where the shared test data is
present and reads each shape of `mail_shapes` at 10 MB.
"""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

from backstory.channels.email.parse import parse_bytes
from benchmarks.mail_shapes import SHAPES

SHARED = Path(os.environ.get("BACKSTORY_SHARED", Path(__file__).parents[2] / "shared")) / "data" / "mail"
EXAMPLES = int(os.environ.get("BACKSTORY_FUZZ_EXAMPLES", "20000"))
_MAX_SEED = 60_000  # bytes of a letter to start from
_ODD = (
    b"\x00",
    b"\xff\xfe",
    b"=?",
    b"?=",
    b"\r\n\r\n",
    b"--",
    b'"',
    b"<",
    b">",
    b"(",
    b"\x1b$B",
    b"%E2",
    b"=",
    b"\n ",
    b":",
    b";",
)


def seeds() -> list[bytes]:
    """Real letters to damage, or the shapes at a small size where the shared data is absent."""
    letters = [path.read_bytes() for path in sorted(SHARED.rglob("*.eml"))]
    return [one for one in letters if len(one) <= _MAX_SEED] or [shape(2_000) for shape in SHAPES.values()]


def mutated(chance: random.Random, letters: list[bytes]) -> bytes:
    """One letter, damaged in one to six places: bytes changed, cut, doubled, swapped, or taken from another letter."""
    data = chance.choice(letters)
    for _ in range(chance.randint(1, 6)):
        data = _damage(chance, data, letters)
    return data


def _damage(chance: random.Random, data: bytes, letters: list[bytes]) -> bytes:
    at = chance.randrange(len(data) + 1)
    length = chance.choice((1, 2, 8, 60, 600))
    match chance.randrange(6):
        case 0:
            return data[:at] + chance.randbytes(min(length, 60)) + data[at + length :]
        case 1:
            return data[:at] + data[at + length :]
        case 2:
            return data[:at] + data[at : at + length] * chance.choice((2, 3, 20)) + data[at + length :]
        case 3:
            return data[:at] + chance.choice(_ODD) * chance.choice((1, 1, 30)) + data[at:]
        case 4:
            return re.sub(rb"\r?\n", chance.choice((b"\n", b"\r\n", b"\r")), data)
        case _:
            other = chance.choice(letters)
            start = chance.randrange(len(other))
            return data[:at] + other[start : start + length] + data[at:]


def examples(count: int, seed: int = 1) -> Iterator[bytes]:
    chance, letters = random.Random(seed), seeds()
    for _ in range(count):
        yield mutated(chance, letters)


def fault_in(data: bytes) -> str:
    """What is wrong with how `data` is read, or ""."""
    try:
        parsed = parse_bytes(data)
        shown = json.dumps(parsed.to_dict(), ensure_ascii=False)
        shown.encode()
    except Exception as error:
        return repr(error)
    if "\0" in shown or "\\u0000" in shown:
        return "NUL"
    return next((one for one in parsed.problems if "could not be read (" in one and "structure" not in one), "")


def main() -> None:
    begun, slowest, faults = time.perf_counter(), 0.0, 0
    for number, data in enumerate(examples(EXAMPLES)):
        start = time.process_time()
        fault = fault_in(data)
        slowest = max(slowest, time.process_time() - start)
        if fault:
            faults += 1
            print(f"example {number}: {fault}")
    print(
        f"{EXAMPLES} damaged letters in {time.perf_counter() - begun:.0f} s: {faults} faults, slowest {slowest:.2f} s\n"
    )
    print("| 10 MB of | read in |\n|---|---|")
    for name, shape in SHAPES.items():
        data = shape(10_000_000)
        start = time.process_time()
        fault = fault_in(data)
        print(f"| {name} | {time.process_time() - start:.2f} s {fault} |")


if __name__ == "__main__":
    main()
