"""Letters that are due together share a connection, and each of them is still sent exactly once or says otherwise."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from backstory.channels.email import send
from backstory.channels.email.tests.servers import Sink
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Delivery, Message
from backstory.live import bus
from conftest import Cast

pytestmark = pytest.mark.django_db
State = Delivery.State


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with Sink() as running:
        settings.MAIL_MODE, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 10
        yield running


@pytest.fixture
def three(cast: Cast, write: Callable[..., Message]) -> list[int]:
    """Three letters that wait to be sent."""
    letters = [write("Cold.", sender=f"{name}@customer.example") for name in ("maya", "tom", "priya")]
    return [send_reply(cast.alice, one.conversation_id, "We come today.").delivery.pk for one in letters]


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def greetings(sink: Sink) -> int:
    """How many connections there have been."""
    return sum(command.startswith("EHLO") for command in sink.commands)


def test_letters_that_are_due_together_go_over_one_connection(sink: Sink, three: list[int]) -> None:
    send.deliver_batch(three[0])
    assert states() == [State.SENT] * 3
    assert (greetings(sink), len(sink.letters)) == (1, 3)
    assert sink.commands[-1] == "QUIT"
    send.deliver_batch(three[1])
    assert len(sink.letters) == 3, "its turn came with the first one"


@pytest.mark.parametrize("answer", ["DROP", "421 Going down"])
def test_a_connection_that_is_gone_before_the_next_letter_is_made_anew(
    sink: Sink, three: list[int], answer: str
) -> None:
    sink.answers["RSET"] = answer
    send.deliver_batch(three[0])
    assert states() == [State.SENT] * 3
    assert (greetings(sink), len(sink.letters)) == (3, 3)


def test_a_letter_that_is_refused_stops_no_other(sink: Sink, three: list[int]) -> None:
    sink.answers["RCPT TO:<TOM@"] = "550 5.1.1 no such user"
    send.deliver_batch(three[0])
    assert states() == [State.SENT, State.FAILED, State.SENT]
    assert (greetings(sink), len(sink.letters)) == (1, 2)


def test_a_connection_that_breaks_under_a_letter_takes_no_other_with_it(sink: Sink, three: list[int]) -> None:
    sink.answers["CONTENT"] = "DROP"
    send.deliver_batch(three[0])
    assert states() == [State.UNCERTAIN, State.WAITING, State.WAITING]
    sink.answers.clear()
    send.deliver_batch(three[1])
    assert states() == [State.UNCERTAIN, State.SENT, State.SENT]
    assert len(sink.letters) == 3


def test_a_server_that_is_away_is_asked_once_for_a_batch(settings: Any, sink: Sink, three: list[int]) -> None:
    sink.answers["GREETING"] = "421 Not now"
    with bus.quiet():
        send.deliver_batch(three[0])
    assert states() == [State.DEFERRED, State.WAITING, State.WAITING]
