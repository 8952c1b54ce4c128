"""Ordinary and hostile letters, each read without an exception and without losing what can be kept."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backstory.channels.email.auto import Ourselves
from backstory.channels.email.parse import parse_bytes
from backstory.channels.email.tests.letters import BOUNCE, HEADER, letter, nested, read, with_file
from backstory.conversations.letters import Address, BouncedRecipient


def test_an_ordinary_letter_is_read() -> None:
    parsed = read(
        more=b"Cc: Tom <tom@customer.example>, priya@customer.example\r\nReferences: <a@b.example> <c@d.example>\r\n"
    )
    assert parsed.subject == "No hot water"
    assert parsed.sender == Address("maya@customer.example", "Maya Lind")
    assert parsed.to == (Address("care@desk.example"),)
    assert [one.email for one in parsed.cc] == ["tom@customer.example", "priya@customer.example"]
    assert parsed.date == datetime(2025, 6, 2, 7, 30, tzinfo=UTC)
    assert parsed.message_id == "first@customer.example"
    assert parsed.references == ("a@b.example", "c@d.example")
    assert (parsed.text, parsed.parts.reply, parsed.problems) == ("The water is cold.", "The water is cold.", ())


def test_an_empty_message_is_no_error() -> None:
    for nothing in (b"", b"\r\n\r\n", b"   "):
        assert parse_bytes(nothing).problems == ("the message is empty",)


def test_a_header_alone_has_no_text() -> None:
    assert read(b"").text == ""


def test_noise_is_kept_as_text_with_problems() -> None:
    parsed = parse_bytes(bytes(range(256)) * 50)
    assert parsed.text and "there is no usable From address" in parsed.problems
    json.dumps(parsed.to_dict()).encode()


def test_a_letter_without_from_says_so() -> None:
    parsed = read(header=b"To: care@desk.example\r\nSubject: Hello\r\n")
    assert parsed.sender == Address("") and "there is no usable From address" in parsed.problems


def test_without_from_the_sender_field_counts() -> None:
    assert read(header=b"Sender: maya@customer.example\r\n").sender.email == "maya@customer.example"


def test_of_two_from_fields_the_first_counts() -> None:
    parsed = read(header=b"From: maya@customer.example\r\nFrom: tom@customer.example\r\n")
    assert parsed.sender.email == "maya@customer.example"
    assert "more than one From field: the first is used" in parsed.problems


def test_of_two_authors_the_first_counts() -> None:
    parsed = read(header=b"From: Maya <maya@customer.example>, tom@customer.example\r\n")
    assert parsed.sender.email == "maya@customer.example"
    assert "more than one author: the first is used" in parsed.problems


@pytest.mark.parametrize(("year", "words"), [(1970, "long past"), (2070, "in the future")])
def test_an_absurd_date_is_kept_and_flagged(year: int, words: str) -> None:
    parsed = parse_bytes(b"From: m@c.example\r\nDate: Thu, 01 Jan %d 00:00:00 +0000\r\n\r\nx" % year)
    assert parsed.date is not None and parsed.date.year == year
    assert any(words in problem for problem in parsed.problems)


@pytest.mark.parametrize("date", [b"yesterday", b"Mon, 99 Foo 2025 99:99:99 +9999", b"Mon, 1 Jan 99999 00:00:00 +0000"])
def test_a_date_that_is_none_is_flagged(date: bytes) -> None:
    parsed = parse_bytes(b"From: m@c.example\r\nDate: " + date + b"\r\n\r\nx")
    assert parsed.date is None and "the Date cannot be read" in parsed.problems


def test_an_unknown_charset_is_read_all_the_same() -> None:
    parsed = read("Größe".encode(), more=b"Content-Type: text/plain; charset=klingon-1\r\n")
    assert parsed.text == "Größe" and "unknown charset 'klingon-1', read as utf-8" in parsed.problems


def test_a_wrong_charset_does_not_garble_plain_utf8() -> None:
    assert read("Größe".encode(), more=b"Content-Type: text/plain; charset=iso-8859-1\r\n").text == "Größe"


@pytest.mark.parametrize("charset", [b"unicode_escape", b"rot13", b"base64", b"idna", b"undefined", b"zlib"])
def test_codecs_that_are_no_charsets_are_refused(charset: bytes) -> None:
    parsed = read(b"\\u0041 eJw=", more=b"Content-Type: text/plain; charset=" + charset + b"\r\n")
    assert parsed.text == "\\u0041 eJw="


def test_lone_surrogates_never_come_out() -> None:
    parsed = read(b"a +2AA- b", more=b"Content-Type: text/plain; charset=utf-7\r\nX: \xed\xa0\x80\r\n")
    parsed.text.encode()
    parsed = parse_bytes(b"From: \xed\xa0\x80 <m@c.example>\r\nSubject: \xff\xfe\xed\xa0\x80\r\n\r\n\xed\xa0\x80")
    json.dumps(parsed.to_dict(), ensure_ascii=False).encode()


def test_nul_and_control_characters_are_dropped() -> None:
    assert read(b"co\x00ld\x07").text == "cold"


def test_a_letter_nested_a_hundred_deep_is_read_to_the_bottom() -> None:
    assert parse_bytes(nested(100)).text.strip() == "from the deep"


def test_nesting_beyond_a_hundred_stops_with_a_problem() -> None:
    assert "nested deeper than 100 levels: the rest is only in the original" in parse_bytes(nested(101)).problems


@pytest.mark.parametrize("depth", [1_000, 20_000])
def test_absurd_nesting_is_shown_as_one_text(depth: int) -> None:
    parsed = parse_bytes(nested(depth))
    assert "from the deep" in parsed.text or parsed.problems


def test_messages_enclosed_in_messages_without_end_are_no_error() -> None:
    assert parse_bytes(HEADER + b"Content-Type: message/rfc822\r\n\r\n" * 5_000).problems


def test_the_name_of_a_zip_bomb_is_a_mere_label() -> None:
    parsed = parse_bytes(with_file(b"42.zip", b"UEsDBA=="))
    (item,) = parsed.attachments
    assert (item.name, item.data, item.content_type) == ("42.zip", b"PK\x03\x04", "application/zip")


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        (b"../../etc/passwd", "passwd"),
        (b"..\\\\..\\\\windows\\\\system32\\\\cmd.exe", "cmd.exe"),
        (b"/etc/shadow", "shadow"),
        (b"C:\\\\boot.ini", "boot.ini"),
        (b"..", "attachment-1.zip"),
        (b"CON.txt", "_CON.txt"),
        ("invoice\u202egpj.exe".encode(), "invoicegpj.exe"),
        (b"what<is>this?.pdf", "what_is_this_.pdf"),
        (b"x" * 400 + b".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_tricks_in_file_names_are_undone(given_name: bytes, safe: str) -> None:
    parsed = parse_bytes(with_file(given_name))
    assert parsed.attachments[0].name == safe
    assert "an attachment had an unsafe file name, which was changed" in parsed.problems


def test_control_characters_in_a_file_name_are_dropped() -> None:
    assert parse_bytes(with_file(b"a\x00b\x1f.pdf")).attachments[0].name == "ab.pdf"


def test_a_file_name_in_another_script_is_kept() -> None:
    parsed = parse_bytes(with_file(b"=?utf-8?b?0KHRh9GR0YIucGRm?="))
    assert parsed.attachments[0].name == "Счёт.pdf" and not parsed.problems


def test_html_with_script_is_made_safe() -> None:
    evil = (
        b'<p onclick="x()">Cold <b>water</b></p><script>alert(1)</script><style>p{}</style>'
        b'<a href="javascript:alert(1)">x</a><a href="https://ok.example">ok</a><iframe src="//evil"></iframe>'
        b'<img src="https://spy.example/pixel.gif"><img src="cid:photo"><svg onload=alert(1)></svg>'
        b'<form action="/x"><input></form>'
    )
    parsed = read(evil, more=b"Content-Type: text/html\r\n")
    for forbidden in ("script", "alert", "onclick", "style", "spy.example", "iframe", "svg", "form", "input"):
        assert forbidden not in parsed.html
    assert 'href="https://ok.example"' in parsed.html and 'src="cid:photo"' in parsed.html
    assert "remote pictures were blocked" in parsed.problems
    assert parsed.text.startswith("Cold water") and "alert" not in parsed.text


def test_very_deep_html_is_shown_as_text() -> None:
    parsed = read(b"<div>" * 100_000 + b"cold", more=b"Content-Type: text/html\r\n")
    assert parsed.parts.reply.strip() == "cold" and "HTML too large or too deep: shown as text" in parsed.problems


def test_alternatives_are_one_text_and_one_html() -> None:
    body = (
        b"--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nCold \xc3\xbcberall\r\n"
        b"--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Cold <i>\xc3\xbcberall</i></p>\r\n--x--"
    )
    parsed = read(body, more=b"Content-Type: multipart/alternative; boundary=x\r\n")
    assert parsed.text.strip() == "Cold überall" and "<i>überall</i>" in parsed.html and not parsed.attachments


def test_an_address_with_a_comma_in_its_encoded_name_is_one_address() -> None:
    parsed = read(header=b"From: =?utf-8?Q?Lind,_Maya?= <maya@customer.example>\r\n")
    assert parsed.sender == Address("maya@customer.example", "Lind, Maya")


def test_a_character_split_over_two_encoded_words_is_whole() -> None:
    assert read(header=b"Subject: =?utf-8?b?w4M=?= =?utf-8?q?=C3?= =?utf-8?q?=BC?=\r\n").subject == "Ãü"


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        (b"Auto-Submitted: auto-replied\r\n", "auto-reply"),
        (b"Auto-Submitted: no\r\n", "none"),
        (b"Precedence: bulk\r\n", "list"),
        (b"List-Id: <news.shop.example>\r\n", "list"),
        (b"X-Backstory-Loop: ours\r\n", "loop"),
        (b"X-Loop: care@desk.example\r\n", "loop"),
        (b"X-Autoreply: yes\r\n", "auto-reply"),
        (b"X-Failed-Recipients: tom@customer.example\r\n", "bounce"),
        (b"Received: from a by b\r\n" * 60, "loop"),
    ],
)
def test_automatic_mail_is_known_by_its_header(more: bytes, kind: str) -> None:
    assert parse_bytes(letter(more=more), ours=Ourselves("ours")).auto == kind


def test_another_installations_mark_is_no_loop() -> None:
    assert parse_bytes(letter(more=b"X-Backstory-Loop: theirs\r\n"), ours=Ourselves("ours")).auto == "none"


@pytest.mark.parametrize(
    "subject",
    [
        *("Automatic reply: x", "Abwesenheit: x", "Réponse automatique : x", "Respuesta automática: x", "Autosvar: x"),
        *("Risposta automatica: x", "Resposta automática: x", "Automatisch antwoord: x", "Automatisk svar: x"),
        *("Automaattinen vastaus: x", "Automatyczna odpowiedź: x", "Automatická odpověď: x", "Automatikus válasz: x"),
        *("Автоматический ответ: x", "Otomatik yanıt: x", "自動応答: x", "自动答复: x", "자동 회신: x", "رد تلقائي: x"),
    ],
)
def test_absence_notices_are_known_by_their_subject(subject: str) -> None:
    assert parse_bytes(f"From: m@c.example\r\nSubject: {subject}\r\n\r\nx".encode()).auto == "auto-reply"


@pytest.mark.parametrize(
    "subject",
    [
        "Urlaub storniert",
        "Auto: Kratzer nach der Inspektion",
        "Vacation rental was filthy",
        "Out of office chairs?",
        "Failed again",
    ],
)
def test_a_complaint_whose_subject_sounds_automatic_is_not_hidden(subject: str) -> None:
    assert parse_bytes(f"From: m@c.example\r\nSubject: {subject}\r\n\r\nx".encode()).auto == "none"


def test_a_delivery_report_names_recipient_status_and_reason() -> None:
    parsed = parse_bytes(BOUNCE % b"x@desk.example")
    (recipient,) = parsed.bounced
    assert parsed.auto == "bounce"
    assert (recipient.email, recipient.status, recipient.reason, recipient.permanent) == (
        *("maya@customer.example", "5.1.1", "userunknown"),
        True,
    )


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        ("noreply@shop.example", "Delivery problem with order 55"),
        ("no-reply@shop.example", "Message: my parcel was not delivered"),
        ("maya@customer.example", "Undeliverable: Order 7"),
        ("maya@customer.example", "Returned mail"),
    ],
)
def test_a_complaint_about_a_delivery_is_no_bounce(sender: str, subject: str) -> None:
    text = "The parcel could not be delivered to me, and I was not told why."
    assert parse_bytes(f"From: {sender}\r\nSubject: {subject}\r\n\r\n{text}".encode()).auto == "none"


def refused(words: bytes, command: bytes) -> BouncedRecipient:
    """The recipient of a Postfix report whose server said `words` to `command`."""
    said = b"<maya@customer.example>: host mx.example said: " + words + b" (in reply to " + command + b" command)"
    head = b"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail Returned to Sender\r\n\r\n"
    (recipient,) = parse_bytes(head + said).bounced
    return recipient


@pytest.mark.parametrize(
    ("words", "command", "reason", "permanent"),
    [
        (b"550 User unknown", b"RCPT TO", "userunknown", True),
        (b"550 User unknown", b"end of DATA", "filtered", False),
        (b"550 5.1.1 User unknown", b"end of DATA", "userunknown", True),
        (b"553 5.1.8 sender.example does not exist", b"MAIL FROM", "rejected", False),
        (b"552 5.2.2 Mailbox full", b"RCPT TO", "mailboxfull", False),
        (b"550 5.7.1 Relaying denied", b"RCPT TO", "norelaying", False),
    ],
)
def test_what_was_refused_tells_what_a_refusal_means(
    words: bytes, command: bytes, reason: str, permanent: bool
) -> None:
    recipient = refused(words, command)
    assert (recipient.reason, recipient.permanent) == (reason, permanent)


def test_a_full_mailbox_is_not_permanent() -> None:
    full = (
        (BOUNCE % b"x@desk.example").replace(b"5.1.1 User unknown", b"5.2.2 Mailbox full").replace(b"5.1.1", b"5.2.2")
    )
    assert [(one.reason, one.permanent) for one in parse_bytes(full).bounced] == [("mailboxfull", False)]


def test_a_plus_address_gives_the_reply_token() -> None:
    parsed = read(header=b"From: m@c.example\r\nTo: other@x.example, Care <care+abc234@desk.example>\r\n")
    assert parsed.to_inbound(mailbox_address="care@desk.example").reply_token == "abc234"
    assert parsed.to_inbound(mailbox_address="parts@desk.example").reply_token == ""


def test_a_bare_forward_keeps_its_whole_text() -> None:
    parsed = read(
        b"\r\n-----Original Message-----\r\nFrom: Shop\r\nSent: today\r\nSubject: Order\r\n\r\nYour order is late."
    )
    assert "Your order is late." in parsed.to_inbound().text


SEEDS = [letter(), BOUNCE, nested(5), with_file(b"a.pdf"), letter(b"<p>x</p>", more=b"Content-Type: text/html\r\n")]


@given(seed=st.sampled_from(SEEDS), at=st.integers(0, 2_000), cut=st.integers(0, 60), put=st.binary(max_size=60))
@settings(max_examples=300, deadline=None, derandomize=True)
@example(seed=SEEDS[0], at=0, cut=0, put=b"\xff\xfe\x00")
def test_a_damaged_letter_is_still_read(seed: bytes, at: int, cut: int, put: bytes) -> None:
    parsed = parse_bytes(seed[:at] + put + seed[at + cut :])
    json.dumps(parsed.to_dict(), ensure_ascii=False).encode()
    assert not any("could not be read (" in problem for problem in parsed.problems)


@given(st.binary(max_size=600))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_bytes_are_read(data: bytes) -> None:
    for source in (data, HEADER + data, HEADER + b"Content-Type: text/html\r\n\r\n" + data):
        json.dumps(parse_bytes(source).to_dict(), ensure_ascii=False).encode()
