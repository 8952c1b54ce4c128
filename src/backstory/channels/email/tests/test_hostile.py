"""Letters made to be slow, and real ones damaged: read without a fault, with work that grows with the size alone.

The full run (20 000 damaged letters, each shape at 10 MB) is `python -m benchmarks.mail_fuzz`.
"""

import sys
from types import FrameType

import pytest

from backstory.channels.email.parse import parse_bytes
from benchmarks.mail_fuzz import examples, fault_in
from benchmarks.mail_shapes import SHAPES

SMALL, LARGE = 3_000, 12_000
BEYOND_THE_LIMIT = 8
"""How many times larger letters of nested parts must be for their depth to be cut: up to that limit each level carries
the names of all above it."""


def calls_for(data: bytes) -> int:
    """How many functions are called while `data` is read: a measure of work that no neighbour disturbs."""
    count = 0

    def tally(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(tally)
    try:
        parse_bytes(data)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", SHAPES)
def test_four_times_the_size_is_at_most_about_four_times_the_work(name: str) -> None:
    shape, times = SHAPES[name], BEYOND_THE_LIMIT if "nested" in name else 1
    small, large = calls_for(shape(SMALL * times)), calls_for(shape(LARGE * times))
    assert large <= 6 * small + 1_000, (small, large)


def test_damaged_letters_are_read() -> None:
    for number, data in enumerate(examples(50, seed=7)):
        assert not fault_in(data), number
