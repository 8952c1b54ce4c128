"""Spam filters and a virus scanner as Debian ships them, asked in their own protocols."""

import base64
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from backstory.channels.email.scanners import ScannerError, spam_verdict, virus_name
from backstory.channels.ingest import ingest
from backstory.conversations.actions import release_original, store_raw
from backstory.conversations.models import Channel, Message, RawMessage
from backstory.live import bus
from conftest import Cast
from tests.servers.scanners import EICAR, GTUBE, Clamd, Rspamd, Scanner, SpamAssassin, missing

pytestmark = pytest.mark.servers

ENVELOPE = {"sender": "maya@customer.example", "peer": "192.0.2.1", "helo": "mx.customer.example"}


def letter(subject: str = "Heating", text: str = "It is cold here.", file: bytes = b"") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Maya <maya@customer.example>", "care@desk.example", subject
    message["Date"], message["Message-ID"] = "Thu, 1 Oct 2026 10:00:00 +0000", "<1@customer.example>"
    message.set_content(text)
    if file:
        message.add_attachment(file, maintype="application", subtype="octet-stream", filename="bill.com")
    return message.as_bytes()


@pytest.fixture(scope="module", params=[Rspamd, SpamAssassin], ids=["rspamd", "SpamAssassin"])
def spam_filter(request: pytest.FixtureRequest) -> Iterator[Scanner]:
    program, package = ("rspamd", "rspamd") if request.param is Rspamd else ("spamd", "spamd")
    if why := missing(program, package):
        pytest.skip(why)
    with request.param() as running:
        yield running.ready(lambda: spam_verdict(running.url, letter(), ENVELOPE))


@pytest.fixture(scope="module")
def clamd() -> Iterator[Clamd]:
    if why := missing("clamd", "clamav-daemon"):
        pytest.skip(why)
    with Clamd() as running:
        running.ready(lambda: virus_name(running.url, letter()))
        yield running


@pytest.fixture
def arrive(cast: Cast) -> Callable[[bytes], RawMessage]:
    """A letter comes to Customer care and is understood."""

    def come(data: bytes) -> RawMessage:
        with bus.quiet():
            raw, _ = store_raw(Channel.EMAIL, cast.mailbox, data, {**ENVELOPE, "recipients": ["care@desk.example"]})
        ingest(raw.pk)
        raw.refresh_from_db()
        return raw

    return come


def test_a_spam_filter_counts_points_and_names_its_rules(spam_filter: Scanner) -> None:
    ordinary = spam_verdict(spam_filter.url, letter(), ENVELOPE)
    assert not ordinary.is_spam and ordinary.score < ordinary.limit

    money = spam_verdict(spam_filter.url, letter("Please take this free money"), ENVELOPE)
    assert money.is_spam and money.score == 6
    assert set(money.rules) == {"FREE_MONEY", "POLITE"}

    certain = spam_verdict(spam_filter.url, letter(text=GTUBE), ENVELOPE)
    assert certain.is_spam and certain.score >= certain.limit and "GTUBE" in certain.rules


def test_letters_beyond_ascii_and_damaged_ones_are_judged_too(spam_filter: Scanner) -> None:
    broken = letter().replace(b"It is cold", b"\xff\xfe\x00 Gr\xfc\xdfe".ljust(100_000, b"\x80"))
    for data in (letter("Kälte ❄", "Es ist kalt 🥶"), broken, b"no header at all"):
        assert not spam_verdict(spam_filter.url, data, {"sender": "grüße@customer.example", "peer": ""}).is_spam


@pytest.mark.django_db(transaction=True)
def test_spam_waits_in_quarantine_with_its_points(
    spam_filter: Scanner, settings: Any, arrive: Callable[[bytes], RawMessage]
) -> None:
    settings.MAIL_SPAM_FILTER = spam_filter.url
    spam = arrive(letter(text=GTUBE))
    assert (spam.state, spam.basis) == ("quarantined", "spam")
    assert "GTUBE" in spam.checks["spam"]["rules"]
    assert arrive(letter()).checks["spam"]["verdict"] == "no spam"
    assert Message.objects.count() == 1


@pytest.mark.parametrize("place", ["url", "socket_url"])
def test_a_virus_is_named_however_it_is_packed(clamd: Clamd, place: str) -> None:
    url = getattr(clamd, place)
    assert virus_name(url, letter()) == ""
    assert virus_name(url, letter(file=EICAR.encode())) == "Own.Eicar.UNOFFICIAL"
    assert virus_name(url, letter(text=base64.b64encode(b"x" * 600_000).decode())) == ""


def test_a_letter_larger_than_the_scanner_takes_is_an_error_in_its_words(clamd: Clamd) -> None:
    with pytest.raises(ScannerError, match="size limit exceeded"):
        virus_name(clamd.url, b"x" * 3_000_000)


@pytest.mark.django_db(transaction=True)
def test_a_virus_waits_in_quarantine_until_a_person_releases_it(
    clamd: Clamd, settings: Any, arrive: Callable[[bytes], RawMessage], cast: Cast
) -> None:
    settings.MAIL_VIRUS_SCANNER = clamd.url
    held = arrive(letter(file=EICAR.encode()))
    assert (held.state, held.basis, held.reason) == (
        *("quarantined", "virus"),
        "The virus scanner found Own.Eicar.UNOFFICIAL.",
    )
    release_original(cast.dana, held.pk)
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_letter_waits_while_the_scanner_is_away_and_goes_on_when_it_is_back(
    clamd: Clamd, settings: Any, arrive: Callable[[bytes], RawMessage]
) -> None:
    settings.MAIL_VIRUS_SCANNER = "clamd://127.0.0.1:1"
    raw = arrive(letter())
    assert raw.state == "received" and raw.next_attempt_at is not None
    settings.MAIL_VIRUS_SCANNER = clamd.url
    ingest(raw.pk)
    assert Message.objects.count() == 1
