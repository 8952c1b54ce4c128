"""Processes killed with signal 9: every letter that was accepted is there once, and every answer went out once or says
that it may not have."""

import os

import pytest

from tests.servers.checks import (
    assert_every_answer_went_out_once_or_says_otherwise,
    assert_every_letter_is_there_once,
    settle,
    writer,
)
from tests.servers.faults import PATIENCE, Victim, killed, moments, senders
from tools.desk import Desk, until

pytestmark = pytest.mark.servers

LETTERS = int(os.environ.get("FAULT_LETTERS", "240"))
ANSWERS = LETTERS // 4
KILLS = {"mail": 3, "worker": 4, "writer": 2} if LETTERS < 1000 else {"mail": 12, "worker": 16, "writer": 8}


def test_processes_killed_at_any_moment_lose_no_letter_and_send_none_twice(desk: Desk) -> None:
    stages = {
        "mail": lambda: desk.count("conversations_rawmessage"),
        # Counted from when the mail server wants the content: the worst moment for a worker to be killed.
        "worker": lambda: (
            desk.count("conversations_message", "direction = 'in'")
            + desk.count("conversations_delivery", "handed_at IS NOT NULL")
        ),
        "writer": lambda: desk.count("conversations_delivery"),
    }
    work = {"mail": LETTERS, "worker": LETTERS + ANSWERS, "writer": ANSWERS}
    starts = {
        "mail": lambda: desk.start("mail"),
        "worker": lambda: desk.start("worker"),
        "writer": lambda: writer(desk, ANSWERS),
    }
    victims = [
        Victim(name, starts[name], stages[name], moments(work[name], KILLS[name], seed), seed)
        for seed, name in enumerate(("worker", "mail", "writer"))
    ]
    desk.postbox.thinks = 0.1  # so that a worker is often killed between the content and the answer
    with killed(*victims), senders(desk.smtp_port, 4, LETTERS):
        until(lambda: desk.count("conversations_delivery") >= ANSWERS, "all answers written", PATIENCE + LETTERS / 5)
    settle(desk)
    assert_every_letter_is_there_once(desk, LETTERS)
    ended = assert_every_answer_went_out_once_or_says_otherwise(desk, ANSWERS)
    kills = {victim.name: victim.kills for victim in victims}
    print(f"\nkilled: {kills}; {LETTERS} letters came in, {ANSWERS} answers went out: {dict(ended)}")
    assert set(ended) <= {"sent", "uncertain"}
    assert ended["uncertain"] <= kills["worker"] * 2, "each kill can leave one letter of each of two threads uncertain"
