"""Letters as bytes: read back by the standard library and by our own parser, whatever went in."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backstory.channels.email.compose import render
from backstory.channels.email.letter_html import direction, fragment, letter_html
from backstory.channels.email.letter_plain import plain
from backstory.channels.email.parse import parse_bytes
from backstory.channels.email.signing import is_verified, signed
from backstory.conversations.actions import make_dkim_key
from backstory.conversations.letters import Address, Outbound, OutboundAttachment
from backstory.conversations.quoting import ATTRIBUTIONS, attribution, quoted, unquoted
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput

HEADERS = {
    "from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version",
    "content-type", "content-transfer-encoding", "x-backstory-loop", "auto-submitted", "x-auto-response-suppress",
    "list-unsubscribe", "list-unsubscribe-post",
}  # fmt: skip
EVIL = "x\r\nBcc: all@customer.example\r\n\r\nbody"


def outbound(**given: Any) -> Outbound:
    base: dict[str, Any] = {
        "message_id": "m@desk.example",
        "from_address": "care@desk.example",
        "from_name": "Care",
        "to": (Address("maya@customer.example", "Maya"),),
        "subject": "Water",
        "text": "Hello.",
        "sent_at": clock.now(),
    }
    return Outbound(**{**base, **given})


def read(letter: Outbound) -> EmailMessage:
    message = message_from_bytes(render(letter, "token"), policy=default)
    assert isinstance(message, EmailMessage)
    return message


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=300), st.text(max_size=80))
@example(EVIL, EVIL, EVIL, EVIL)
def test_nothing_typed_becomes_a_header_or_breaks_the_letter(subject: str, name: str, text: str, file: str) -> None:
    letter = outbound(
        subject=subject,
        from_name=name,
        to=(Address("maya@customer.example", name),),
        cc=(Address("tom@customer.example", subject),),
        text=text,
        signature=name,
        quoted=quoted(f"{name} wrote:", subject),
        in_reply_to=subject,
        references=(name, subject),
        unsubscribe=f"https://desk.example/{subject}",
        attachments=(OutboundAttachment(file, name, b"data"),),
    )
    data = render(letter, "token")
    message = message_from_bytes(data, policy=default)
    assert {key.lower() for key in message} <= HEADERS
    assert data.isascii() and max(map(len, data.split(b"\r\n"))) <= 998 and b"\n" not in data.replace(b"\r\n", b"")
    assert [one.addr_spec for one in message["to"].addresses] == ["maya@customer.example"]
    assert len(list(message.iter_attachments())) == 1 and not message.defects
    parsed = parse_bytes(data)
    assert [one.email for one in (*parsed.to, *parsed.cc)] == ["maya@customer.example", "tom@customer.example"]


def test_pictures_stand_in_the_text_and_files_beside_it() -> None:
    files = (
        OutboundAttachment("plan.pdf", "application/pdf", b"%PDF"),
        OutboundAttachment("leak.png", "image/png", b"\x89PNG", "one@desk.example"),
        OutboundAttachment("spare.png", "image/png", b"\x89PNG2", "two@desk.example"),
    )
    message = read(outbound(text="See here: [image: leak.png]\n\nand [image: other.png]", attachments=files))
    assert message.get_content_type() == "multipart/mixed"
    html = message.get_body(("html",))
    assert html is not None and '<img src="cid:one@desk.example" alt="leak.png">' in html.get_content()
    assert "[image: other.png]" in html.get_content()
    assert [part.get_filename() for part in message.iter_attachments()] == ["plan.pdf", "spare.png"]
    parsed = parse_bytes(render(outbound(text="[image: leak.png]", attachments=files), "token"))
    assert [(one.name, one.inline, one.cid) for one in parsed.attachments if one.name == "leak.png"] == [
        ("leak.png", True, "one@desk.example")
    ]
    assert len(parsed.attachments) == 3 and not parsed.problems


def test_light_markdown_becomes_html_and_stays_as_typed_in_the_text() -> None:
    typed = "**Today** I will\ncome: https://desk.example/a?b=1.\n\n- a pump\n- a pipe\n\n# 3 is no heading\n2*3*4 = 24"
    html = fragment(typed)
    for piece in ("<strong>Today</strong>", "will<br>", 'href="https://desk.example/a?b=1"', "<li>", "# 3 is", "2*3*4"):
        assert piece in html, piece
    body = read(outbound(text=typed)).get_body(("plain",))
    assert body is not None and body.get_content().replace("\r\n", "\n").strip() == typed


@pytest.mark.parametrize(
    "bad", ["<script>x</script>", "[a](javascript:alert(1))", "<img src=x onerror=y>", "![x](http://t.example/p)"]
)
def test_what_is_typed_never_becomes_a_script_or_a_remote_picture(bad: str) -> None:
    html = letter_html(bad, bad, (bad, bad))
    assert "<script" not in html and "<img" not in html and 'href="javascript' not in html


def test_text_from_right_to_left_says_so() -> None:
    assert direction("123 – שלום") == "rtl" and direction("مرحبا hello") == "rtl" and direction("Hello שלום") == "ltr"
    html = letter_html("שלום מאיה\n\nHello Maya\n\n- פריט", "דנה")
    assert html.count('dir="rtl"') == 4 and "<p>Hello Maya</p>" in html


@pytest.mark.parametrize("language", [*ATTRIBUTIONS, "xx", ""])
def test_the_message_answered_is_quoted_in_the_customers_language_and_told_from_the_answer(language: str) -> None:
    line = attribution(language, "Maya Ortiz", clock.now())
    quotation = quoted(line, "It is cold.\n\n> earlier\nPlease come.")
    assert "Maya Ortiz" in line and "\n" not in line
    assert unquoted(quotation) == (line, "It is cold.\n\n> earlier\nPlease come.")
    parsed = parse_bytes(render(outbound(text="I will come today.", quoted=quotation), "token"))
    assert parsed.parts.reply.strip() == "I will come today."


def test_lists_can_be_left_and_automatic_letters_say_so() -> None:
    message = read(outbound(automatic=True, unsubscribe="https://desk.example/unsubscribe/x/"))
    assert message["List-Unsubscribe"] == "<https://desk.example/unsubscribe/x/>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    plain = read(outbound(unsubscribe="http://localhost/unsubscribe/x/"))
    assert plain["List-Unsubscribe-Post"] is None, "one click needs https (RFC 8058)"


def test_addresses_beyond_ascii_are_written_as_they_must_be() -> None:
    domain = render(outbound(to=(Address("maya@kündin.example"),)), "token")
    assert b"maya@xn--kndin-kva.example" in domain and domain.isascii()
    local = render(outbound(to=(Address("用户@kündin.example"),)), "token")
    assert "用户@xn--kndin-kva.example".encode() in local
    with pytest.raises(InvalidInput, match="cannot be written to"):
        render(outbound(to=(Address(f"maya@{'ü' * 80}.example"),)), "token")


def test_very_long_references_stay_on_lines_that_travel() -> None:
    parents = tuple(f"{number}{'x' * 200}@customer.example" for number in range(20))
    data = render(outbound(references=parents, in_reply_to=parents[-1]), "token")
    assert max(map(len, data.split(b"\r\n"))) <= 998
    found = message_from_bytes(data)["References"].split()
    assert found[0] == f"<{parents[0]}>" and found[-1] == f"<{parents[-1]}>"


@pytest.mark.django_db
def test_a_signed_letter_verifies_until_a_word_is_changed() -> None:
    key = make_dkim_key("Desk.Example", "mail2026")
    data = signed(render(outbound(text="Größe.\n\n.dots\n"), "token"), key)
    assert data.startswith(b"DKIM-Signature:") and b"d=desk.example" in data and b"s=mail2026" in data
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert is_verified(data, key)
    assert not is_verified(data.replace(b"Subject: Water", b"Subject: Wine"), key)
    assert not is_verified(b"From: evil@desk.example\r\n" + data, key)
    assert parse_bytes(data).subject == "Water"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("**Alice Archer**\n_Customer care_, *here for you*", "Alice Archer\nCustomer care, here for you"),
        ("[Our shop](https://shop.example/)", "Our shop (https://shop.example/)"),
        ("https://shop.example/\n<care@shop.example>", "https://shop.example/\ncare@shop.example"),
        ("* one\n* two\n\n  - `three`\n> four", "* one\n* two\n\n  - three\n> four"),
        ("2*3*4 ** 5, snake_case, # 7, 100 %\n-- \n=====", "2*3*4 ** 5, snake_case, # 7, 100 %\n--\n====="),
        ("**two\nlines**", "two\nlines"),
        ("", ""),
    ],
)
def test_a_signatures_marks_are_not_shown_in_the_text_half(typed: str, read: str) -> None:
    assert plain(typed) == read
