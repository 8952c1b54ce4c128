"""The body of `backstory mail`: both listeners at once, until told to stop."""

import smtplib
import socket
import threading
from contextlib import suppress
from functools import partial

import pytest

from backstory.channels.email.serve import run
from backstory.channels.email.tests.letters import letter
from backstory.conversations.models import Message
from conftest import Cast
from tools.desk import free_port, until

pytestmark = pytest.mark.django_db(transaction=True)


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
        return True
    return False


def test_mail_is_taken_on_both_ports_until_stopped(cast: Cast) -> None:
    smtp, lmtp, stop = free_port(), free_port(), threading.Event()
    body = threading.Thread(target=run, args=("127.0.0.1", smtp, lmtp, stop))
    body.start()
    try:
        for port, kind in ((smtp, smtplib.SMTP), (lmtp, smtplib.LMTP)):
            until(partial(listens, port), "the listener")
            with kind("127.0.0.1", port, timeout=60) as session:
                session.sendmail("maya@customer.example", ["care@desk.example"], letter(str(port).encode()))
    finally:
        stop.set()
        body.join(timeout=60)
    assert not body.is_alive() and Message.objects.count() == 2
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", smtp), 1)


def test_a_taken_port_ends_it_with_an_error(cast: Cast) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            run("127.0.0.1", taken.getsockname()[1], 0, threading.Event())
