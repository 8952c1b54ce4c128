"""Letters of the desk itself: queued by Django's mail functions, sent with the states of every other letter."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage, send_mail
from django.core.mail.message import BadHeaderError
from django.db import DatabaseError

from backstory.channels.email import service_letters, tasks
from backstory.channels.email.parse import parse_bytes
from backstory.channels.email.tests.servers import Sink
from backstory.conversations import actions
from backstory.conversations.models import ServiceLetter
from backstory.kernel import clock, files
from backstory.live.models import Event
from conftest import Cast

State = ServiceLetter.State
LINK = "http://localhost:8000/accounts/password/reset/key/1-secret/"


@pytest.fixture(autouse=True)
def queued(settings: Any) -> None:
    """Django's test runner puts a mail backend of its own in."""
    settings.EMAIL_BACKEND = "backstory.channels.email.backend.QueuedBackend"


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with Sink() as running:
        settings.MAIL_MODE, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 10
        yield running


@pytest.fixture
def letter(cast: Cast) -> ServiceLetter:
    send_mail("A link", f"Hello Ålice,\n\n{LINK}", "Care <care@desk.example>", [cast.alice.email])
    return ServiceLetter.objects.get()


def delivered(letter: ServiceLetter) -> ServiceLetter:
    service_letters.deliver(letter.pk)
    letter.refresh_from_db()
    return letter


def test_a_letter_is_stored_before_anybody_sends_it(letter: ServiceLetter) -> None:
    assert (letter.state, letter.sender, letter.to) == (State.WAITING, "care@desk.example", ["alice@desk.example"])
    data = files.get(letter.path)
    parsed = message_from_bytes(data, policy=default)
    assert data.isascii() and b"\n" not in data.replace(b"\r\n", b"")
    assert LINK in parsed.get_content() and "Ålice" in parsed.get_content()
    assert parsed["Auto-Submitted"] == "auto-generated" and parsed["Message-ID"].endswith("@desk.example>")


def test_it_is_sent_once_and_its_secret_is_gone(sink: Sink, letter: ServiceLetter) -> None:
    path = letter.path
    after = delivered(letter)
    assert (after.state, after.attempts, after.path, after.last_error) == (State.SENT, 1, "", "")
    assert after.sent_at and not default_storage.exists(path)
    delivered(letter)
    assert len(sink.letters) == 1
    assert LINK in message_from_bytes(sink.letters[0], policy=default).get_content()
    assert [one for one in sink.commands if one.startswith("RCPT")] == ["RCPT TO:<ALICE@DESK.EXAMPLE>"]


def test_it_is_known_as_ours_when_it_comes_back(letter: ServiceLetter) -> None:
    assert parse_bytes(files.get(letter.path)).auto == "loop"


def test_a_passing_failure_is_tried_again_when_its_time_has_come(sink: Sink, letter: ServiceLetter) -> None:
    sink.answers["RCPT"] = "450 later"
    after = delivered(letter)
    assert after.state == State.DEFERRED and "later" in after.last_error and default_storage.exists(after.path)
    sink.answers.clear()
    tasks.deliver_service_letters.call_local()
    assert not sink.letters
    with clock.travel(clock.ahead(minutes=3)):
        tasks.deliver_service_letters.call_local()
    letter.refresh_from_db()
    assert len(sink.letters) == 1 and (letter.state, letter.attempts) == (State.SENT, 2)


@pytest.mark.parametrize(
    ("answers", "state"),
    [({"RCPT": "550 no such user"}, State.FAILED), ({"CONTENT": "DROP"}, State.UNCERTAIN)],
)
def test_what_will_not_be_tried_again_keeps_no_secret(
    sink: Sink, letter: ServiceLetter, answers: dict[str, str], state: str
) -> None:
    sink.answers.update(answers)
    path = letter.path
    assert (delivered(letter).state, letter.path) == (state, "") and not default_storage.exists(path)


def test_it_is_given_up_after_the_last_try(sink: Sink, letter: ServiceLetter) -> None:
    sink.answers["RCPT"] = "450 later"
    moment = clock.now()
    for day in range(10):
        with clock.travel(moment + timedelta(days=day)):
            service_letters.deliver(letter.pk)
    letter.refresh_from_db()
    assert letter.state == State.FAILED and "Given up after 8 tries" in letter.last_error


def test_in_outbox_mode_it_stays_here_until_its_link_is_dead(settings: Any, letter: ServiceLetter) -> None:
    settings.MAIL_MODE, settings.EMAIL_HOST = "outbox", "mail.invalid"
    path = delivered(letter).path
    assert letter.state == State.SENT and LINK.encode() in files.get(path)
    with clock.travel(clock.ahead(hours=23)):
        actions.forget_service_letters()
        assert default_storage.exists(path)
    with clock.travel(clock.ahead(hours=25)):
        tasks.deliver_service_letters.call_local()
    letter.refresh_from_db()
    assert letter.path == "" and not default_storage.exists(path)


def test_rows_are_forgotten_after_a_month(sink: Sink, letter: ServiceLetter) -> None:
    delivered(letter)
    with clock.travel(clock.ahead(days=31)):
        assert actions.forget_service_letters() == 1
    assert not ServiceLetter.objects.exists()


def test_a_letter_whose_worker_died_is_uncertain_and_not_sent_again(sink: Sink, letter: ServiceLetter) -> None:
    path = letter.path
    actions.claim_service_letter(letter.pk)
    with clock.travel(clock.ahead(minutes=11)):
        tasks.deliver_service_letters.call_local()
    letter.refresh_from_db()
    assert letter.state == State.UNCERTAIN and not sink.letters and not default_storage.exists(path)


def test_a_letter_whose_row_cannot_be_written_leaves_no_secret(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise DatabaseError("the disk is full")

    stored: list[str] = []
    put = files.put
    monkeypatch.setattr(files, "put", lambda *given: stored.append(put(*given)[0]) or (stored[-1], ""))
    monkeypatch.setattr("backstory.conversations.actions.service_letters.record", broken)
    with pytest.raises(DatabaseError):
        send_mail("A link", LINK, "care@desk.example", [cast.alice.email])
    assert len(stored) == 1 and not default_storage.exists(stored[0])


def test_lost_bytes_are_a_failure_in_words(sink: Sink, letter: ServiceLetter) -> None:
    files.remove(letter.path)
    assert "cannot be read" in delivered(letter).last_error and letter.state == State.FAILED


def test_strangers_get_nothing_even_beside_a_colleague(sink: Sink, cast: Cast) -> None:
    EmailMessage("A link", LINK, "care@desk.example", [cast.alice.email], bcc=["stranger@customer.example"]).send()
    assert delivered(ServiceLetter.objects.get()).state == State.FAILED and not sink.letters


def test_two_letters_with_the_same_words_are_two_files(cast: Cast) -> None:
    for _ in range(2):
        send_mail("A link", LINK, "care@desk.example", [cast.alice.email])
    assert len({one.path for one in ServiceLetter.objects.all()}) == 2


def test_no_value_becomes_a_header_of_its_own(cast: Cast) -> None:
    with pytest.raises(BadHeaderError):
        send_mail("A link\r\nBcc: all@customer.example", LINK, "care@desk.example", [cast.alice.email])
    assert not ServiceLetter.objects.exists()


def test_a_letter_to_nobody_is_none(db: None) -> None:
    assert EmailMessage("A link", LINK, "care@desk.example", []).send() == 0
    assert not ServiceLetter.objects.exists()


def test_the_event_log_knows_the_states_and_no_secret(sink: Sink, letter: ServiceLetter) -> None:
    delivered(letter)
    events = Event.objects.filter(kind__startswith="service_letter.").order_by("id")
    assert [event.kind for event in events] == ["service_letter.waiting", "service_letter.sent"]
    assert "secret" not in str([event.data for event in events])
