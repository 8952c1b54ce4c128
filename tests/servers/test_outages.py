"""A disk that is full, a database that somebody holds, a mail server in every mood: nothing is lost or sent twice."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.checks import (
    assert_every_answer_went_out_once_or_says_otherwise,
    assert_every_letter_is_there_once,
    begin,
    settle,
    writer,
)
from tests.servers.conftest import copy_of
from tests.servers.faults import PATIENCE, held_database, senders, small_disk
from tools.desk import Desk, until

pytestmark = pytest.mark.servers


def test_a_mail_server_that_refuses_fails_and_hangs_gets_no_letter_twice(desk: Desk) -> None:
    desk.environment["BACKSTORY_WORKERS"] = "4"  # so that three can hang and the others go on
    moods = ["hang"] * 3 + ["554 Never"] * 4 + ["451 Not now"] * 6 + ["421 Going down"] * 3 + ["250 OK"] * 8
    answers = len(moods)
    random.Random(7).shuffle(moods)
    desk.postbox.mood = lambda: moods.pop() if moods else "250 OK"
    begin(desk)
    with senders(desk.smtp_port, 2, answers):
        writer(desk, answers)
    until(lambda: not moods, "every mood shown", PATIENCE)
    settle(desk)
    expected = {"sent": answers - 7, "failed": 4, "uncertain": 3}
    # A letter whose time was said to be over while its worker was still at it may be "uncertain" for a moment.
    until(lambda: ended(desk) == expected, f"the states {expected}", PATIENCE)
    assert_every_answer_went_out_once_or_says_otherwise(desk, answers)


def ended(desk: Desk) -> dict[str, int]:
    """How many letters there are in each state."""
    return dict(desk.rows("SELECT state, count(*) FROM conversations_delivery GROUP BY state"))


@pytest.fixture
def cramped(prepared: Path, folder: Path) -> Iterator[Desk]:
    """A desk on a disk of 48 megabytes, which holds everything that it writes."""
    with small_disk(folder, 48) as available:
        if not available:
            pytest.skip("this machine lets nobody mount a small disk")
        with copy_of(prepared, folder, {}) as present:
            yield present


def test_a_full_disk_asks_for_another_try_and_afterwards_everything_is_there(cramped: Desk) -> None:
    begin(cramped)
    with senders(cramped.smtp_port, 2, 60) as present:
        answering = writer(cramped, 15)
        until(lambda: any(one.accepted for one in present), "the first letter", PATIENCE)
        filler = cramped.folder / "filler"
        fill(filler)
        until(lambda: any(one.refusals for one in present), "a refusal for want of space", PATIENCE)
        filler.unlink()
    if answering.wait(PATIENCE):  # whoever wrote when the disk was full was told so, and writes again
        writer(cramped, 15).wait(PATIENCE)
    settle(cramped)
    assert_every_letter_is_there_once(cramped, 60)
    assert_every_answer_went_out_once_or_says_otherwise(cramped, 15)


def fill(filler: Path) -> None:
    """Write until the disk takes no more."""
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue


def test_a_locked_database_asks_for_another_try_and_afterwards_everything_is_there(desk: Desk) -> None:
    begin(desk)
    with senders(desk.smtp_port, 3, 60) as present:
        until(lambda: any(one.accepted for one in present), "the first letter", PATIENCE)
        with held_database(desk):
            until(lambda: any(one.refusals for one in present), "a refusal of a database that is locked", PATIENCE)
    settle(desk)
    assert_every_letter_is_there_once(desk, 60)
