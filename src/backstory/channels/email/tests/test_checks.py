"""What is asked about a letter before it becomes a message, and what the answers do."""

import base64
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import authheaders
import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from backstory.channels import ingest
from backstory.channels.email import identity
from backstory.channels.email.identity import Identity, identity_of
from backstory.channels.email.scanners import ScannerError, spam_verdict, virus_name
from backstory.conversations.actions import release_original, store_raw
from backstory.conversations.models import Message, RawMessage
from conftest import Cast

LETTER = b"""From: Maya Ortiz <maya@customer.example>
To: care@desk.example
Subject: No hot water
Message-ID: <1@customer.example>

The water is cold.
"""


def reported(value: str, letter: bytes = LETTER) -> bytes:
    return b"Authentication-Results: " + value.encode() + b"\n" + letter


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (Identity(dmarc="pass"), "passed"),
        (Identity(dmarc="fail", spf="pass"), "failed"),
        (Identity(dmarc="fail", arc="pass", by="mx.desk.example"), "unknown"),
        (Identity(dmarc="fail", arc="pass"), "failed"),
        (Identity(dkim="fail", spf="softfail"), "failed"),
        (Identity(dkim="fail", spf="pass"), "unknown"),
        (Identity(dkim="pass", spf="pass"), "unknown"),
        (Identity(), "unknown"),
    ],
)
def test_dmarc_decides_and_nothing_but_dmarc_vouches_for_an_address(found: Identity, verdict: str) -> None:
    assert found.verdict == verdict


def test_only_the_word_of_a_trusted_server_counts(settings: Any) -> None:
    settings.MAIL_TRUSTED_SERVERS = frozenset({"mx.desk.example"})
    value = (
        "mx.desk.example; spf=pass smtp.mailfrom=customer.example; dkim=fail header.d=a.example; dkim=pass; dmarc=fail"
    )
    found = identity_of(reported(value), {})
    assert found == Identity("pass", "pass", "fail", "", "mx.desk.example", "customer.example")
    assert identity_of(reported("mx.evil.example; dmarc=pass"), {}) is None
    forged = reported(value, reported("mx.desk.example; dmarc=pass"))
    assert identity_of(forged, {}).dmarc == "fail"  # type: ignore[union-attr]  # the topmost is the last that was added


@pytest.mark.parametrize(
    "value", ["", ";;;", "mx.desk.example", "mx.desk.example; dmarc", "\xff" * 300, "(((", "a; b=c;" * 500]
)
def test_a_broken_report_says_nothing_and_harms_nothing(settings: Any, value: str) -> None:
    settings.MAIL_TRUSTED_SERVERS = frozenset({"mx.desk.example"})
    found = identity_of(reported(value), {})
    assert found is None or found.verdict == "unknown"


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A letter signed for its domain, whose key and policy a name server of ours gives."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    monkeypatch.setattr(dkim, "get_txt", lambda name, timeout=5: record)
    monkeypatch.setattr(
        identity, "check_dkim", lambda data: authheaders.check_dkim(data, dnsfunc=lambda name, timeout=5: record)
    )
    monkeypatch.setattr(identity, "_dmarc_record", lambda name: "v=DMARC1; p=reject")
    return (
        bytes(dkim.sign(LETTER, b"one", b"customer.example", private, include_headers=[b"From", b"Subject"])) + LETTER
    )


def test_a_signature_of_the_senders_domain_passes_and_a_changed_letter_fails(settings: Any, signed: bytes) -> None:
    settings.MAIL_CHECK_DNS = True
    found = identity_of(signed, {"peer": "127.0.0.1"})
    assert found is not None and (found.dkim, found.dmarc, found.verdict) == ("pass", "pass", "passed")
    changed = identity_of(signed.replace(b"cold", b"gold"), {})
    assert changed is not None and (changed.dkim, changed.dmarc, changed.verdict) == ("fail", "fail", "failed")
    unsigned = identity_of(LETTER, {})
    assert unsigned is not None and (unsigned.dkim, unsigned.dmarc) == ("none", "fail")


CLAMD_ENDS = LETTER + b"\0\0\0\0"


@contextmanager
def scanner(answer: bytes, end: bytes = LETTER) -> Iterator[tuple[int, list[bytes]]]:
    """Something on a port that hears a question to its end and gives this answer."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.settimeout(5)
                said = b""
                while not said.endswith(end) and (part := connection.recv(65536)):
                    said += part
                heard.append(said)
                connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1], heard
        thread.join(5)


def test_clamd_hears_the_letter_in_chunks_and_names_what_it_finds() -> None:
    with scanner(b"stream: Eicar-Test-Signature FOUND\0", CLAMD_ENDS) as (port, heard):
        assert virus_name(f"clamd://127.0.0.1:{port}", LETTER) == "Eicar-Test-Signature"
    assert heard == [b"zINSTREAM\0" + len(LETTER).to_bytes(4, "big") + LETTER + b"\0\0\0\0"]
    with scanner(b"stream: OK\0", CLAMD_ENDS) as (port, _):
        assert virus_name(f"clamd://127.0.0.1:{port}", LETTER) == ""


def test_what_is_no_answer_of_a_scanner_is_an_error_in_words() -> None:
    with (
        scanner(b"INSTREAM size limit exceeded. ERROR\0", CLAMD_ENDS) as (port, _),
        pytest.raises(ScannerError, match="size limit"),
    ):
        virus_name(f"clamd://127.0.0.1:{port}", LETTER)
    with scanner(b"SPAMD/1.1 76 Bad header line\r\n\r\n") as (port, _), pytest.raises(ScannerError, match="Bad header"):
        spam_verdict(f"spamd://127.0.0.1:{port}", LETTER, {})
    for url in ("clamd:///nowhere/at/all", "http://127.0.0.1/"):
        with pytest.raises(ScannerError):
            virus_name(url, LETTER)
    with pytest.raises(ScannerError, match="rspamd://"):
        spam_verdict("smtp://127.0.0.1", LETTER, {})


def test_both_spam_filters_are_understood() -> None:
    answer = b"SPAMD/1.1 0 EX_OK\r\nContent-length: 12\r\nSpam: True ; 1000.0 / 5.0\r\n\r\nGTUBE,NO_REL\n"
    with scanner(answer) as (port, _):
        verdict = spam_verdict(f"spamd://127.0.0.1:{port}", LETTER, {})
    assert (verdict.is_spam, verdict.score, verdict.limit, verdict.rules) == (True, 1000, 5, ("GTUBE", "NO_REL"))
    body = b'{"action": "no action", "score": 1.5, "required_score": 15, "symbols": {"A": {"name": "A", "score": 1.5}}}'
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    with scanner(head + body) as (port, heard):
        verdict = spam_verdict(
            f"rspamd://127.0.0.1:{port}", LETTER, {"peer": "192.0.2.1", "sender": "maya@customer.example"}
        )
    assert (verdict.is_spam, verdict.score, verdict.limit, verdict.rules) == (False, 1.5, 15, ("A",))
    assert b"Ip: 192.0.2.1" in heard[0]


@pytest.fixture
def stored(cast: Cast) -> Callable[[], RawMessage]:
    def store() -> RawMessage:
        raw, _ = store_raw("email", cast.mailbox, LETTER, {"sender": "maya@customer.example"})
        ingest.ingest(raw.pk)
        return RawMessage.objects.get(pk=raw.pk)

    return store


def test_what_harms_waits_in_quarantine_until_a_person_releases_it(
    cast: Cast, settings: Any, stored: Callable[[], RawMessage]
) -> None:
    with scanner(b"stream: Eicar-Test-Signature FOUND\0", CLAMD_ENDS) as (port, _):
        settings.MAIL_VIRUS_SCANNER = f"clamd://127.0.0.1:{port}"
        raw = stored()
    assert (raw.state, raw.basis, raw.checks) == ("quarantined", "virus", {"virus": {"found": "Eicar-Test-Signature"}})
    assert "Eicar-Test-Signature" in raw.reason
    release_original(cast.dana, raw.pk)
    ingest.ingest(raw.pk)
    assert Message.objects.get().raw_id == raw.pk


def test_spam_waits_in_quarantine_with_its_points(settings: Any, stored: Callable[[], RawMessage]) -> None:
    with scanner(b"SPAMD/1.1 0 EX_OK\r\nSpam: True ; 9.5 / 5.0\r\n\r\nBAD\r\n") as (port, _):
        settings.MAIL_SPAM_FILTER = f"spamd://127.0.0.1:{port}"
        raw = stored()
    assert (raw.state, raw.basis) == ("quarantined", "spam")
    assert raw.reason == "The spam filter gives it 9.5 points; 5 are too many."
    assert raw.checks["spam"]["rules"] == ["BAD"]


def test_a_virus_scanner_that_is_away_holds_letters_up_and_a_spam_filter_does_not(
    settings: Any, stored: Callable[[], RawMessage]
) -> None:
    settings.MAIL_VIRUS_SCANNER = "clamd:///nowhere/at/all"
    raw = stored()
    assert raw.state == "received" and raw.next_attempt_at is not None and "did not answer" in raw.reason
    settings.MAIL_VIRUS_SCANNER, settings.MAIL_SPAM_FILTER = "", "spamd://127.0.0.1:1"
    ingest.ingest(raw.pk)
    raw.refresh_from_db()
    assert raw.state == "accepted" and raw.checks["spam"]["verdict"] == "not asked"


def test_what_a_trusted_server_says_of_the_sender_is_kept(settings: Any, cast: Cast) -> None:
    settings.MAIL_TRUSTED_SERVERS = frozenset({"mx.desk.example"})
    raw, _ = store_raw("email", cast.mailbox, reported("mx.desk.example; dmarc=fail; dkim=none; spf=fail"))
    ingest.ingest(raw.pk)
    raw.refresh_from_db()
    assert raw.state == "accepted"
    assert raw.checks["identity"]["verdict"] == "failed" and raw.checks["identity"]["by"] == "mx.desk.example"
