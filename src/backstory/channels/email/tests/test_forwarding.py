"""What a colleague passes on is the original customer's letter, in whatever program and language it was forwarded."""

import pytest

from backstory.channels import ingest as door
from backstory.channels.email.forwarding import originals_in
from backstory.channels.email.parse import parse_bytes
from backstory.conversations.actions import send_reply, store_raw
from backstory.conversations.models import Conversation, Message, RawMessage
from conftest import Cast

GMAIL = """Please see to it.

---------- Forwarded message ---------
From: Maya Lind <maya@customer.example>
Date: Mon, 2 Mar 2026 at 09:30
Subject: No hot water
To: <info@desk.example>


The water is cold.

Maya
"""
OUTLOOK_GERMAN = """Bitte kümmern.

Mit freundlichen Grüßen
Alice

Von: Maya Lind <maya@customer.example>
Gesendet: Montag, 2. März 2026 09:30
An: info@desk.example
Betreff: Kein Warmwasser

Das Wasser ist kalt.
"""
APPLE = """For you.

> Begin forwarded message:
>
> From: Maya Lind <maya@customer.example>
> Subject: No hot water
> Date: 2 March 2026 at 09:30:00 CET
> To: info@desk.example
>
> The water is cold.
> It has been since Monday.
"""
FRENCH = """À traiter.

-------- Message transféré --------
Sujet : Plus d'eau chaude
Date : lundi 2 mars 2026
De : Maya Lind <maya@customer.example>
Pour : info@desk.example
Objet : Plus d'eau chaude

L'eau est froide.
"""
BOLD = """FYI

*From:* Maya Lind [mailto:maya@customer.example]
*Sent:* Monday, 2 March 2026 09:30
*To:* info@desk.example
*Subject:* No hot water

The water is cold.
"""
SPANISH = """De: Maya Lind <maya@customer.example>
Enviado: lunes, 2 de marzo de 2026
Para: info@desk.example
Asunto: Sin agua

El agua está fría.
"""
JAPANESE = """対応お願いします。

---------- Forwarded message ---------
差出人: Maya Lind <maya@customer.example>
日付: 2026年3月2日
件名: お湯が出ません
宛先: info@desk.example

水が冷たいです。
"""
POLISH = """---------- Wiadomość przekazana dalej ----------
Od: Maya Lind <maya@customer.example>
Data: 2 marca 2026
Temat: Brak ciepłej wody
Do: info@desk.example

Woda jest zimna.
"""
RUSSIAN = """-------- Пересылаемое сообщение --------
От кого: Maya Lind <maya@customer.example>
Кому: info@desk.example
Дата: 2 марта 2026
Тема: Нет горячей воды

Вода холодная.
"""


def forward(text: str, subject: str = "Fwd: No hot water", sender: str = "alice@desk.example", more: str = "") -> bytes:
    header = f"From: Alice Archer <{sender}>\nTo: care@desk.example\nSubject: {subject}\nMessage-ID: <f@desk.example>\n"
    return f"{header}{more}Content-Type: text/plain; charset=utf-8\n\n{text}".encode()


@pytest.mark.parametrize(
    ("text", "mark", "subject", "said", "words"),
    [
        (GMAIL, "Fwd:", "No hot water", "The water is cold.\n\nMaya", "Please see to it."),
        (OUTLOOK_GERMAN, "WG:", "Kein Warmwasser", "Das Wasser ist kalt.", "Bitte kümmern."),
        (APPLE, "Fwd:", "No hot water", "The water is cold.\nIt has been since Monday.", "For you."),
        (FRENCH, "TR :", "Plus d'eau chaude", "L'eau est froide.", "À traiter."),
        (BOLD, "FW:", "No hot water", "The water is cold.", "FYI"),
        (SPANISH, "RV:", "Sin agua", "El agua está fría.", ""),
        (JAPANESE, "Fwd:", "お湯が出ません", "水が冷たいです。", "対応お願いします。"),
        (POLISH, "PD:", "Brak ciepłej wody", "Woda jest zimna.", ""),
        (RUSSIAN, "Fwd:", "Нет горячей воды", "Вода холодная.", ""),
    ],
    ids=["gmail", "outlook-german", "apple", "french", "bold", "spanish", "japanese", "polish", "russian"],
)
def test_the_original_is_read_from_below_its_header_lines(
    text: str, mark: str, subject: str, said: str, words: str
) -> None:
    (original,) = originals_in(parse_bytes(forward(text, f"{mark} x")))
    assert (original.sender.email, original.sender.name) == ("maya@customer.example", "Maya Lind")
    assert (original.subject, original.text, original.words.split("\n")[0]) == (subject, said, words)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (OUTLOOK_GERMAN, "AW: Kein Warmwasser"),
        ("From: the bottom of my heart\nTo: you\nSubject: nothing", "Fwd: x"),
        ("From: maya@customer.example\n\nnothing else", "Fwd: x"),
        ("Just words.", "Fwd: No hot water"),
    ],
)
def test_an_answer_or_a_few_words_are_no_forward(text: str, subject: str) -> None:
    assert originals_in(parse_bytes(forward(text, subject))) == []


def test_a_long_text_is_looked_through_in_no_time() -> None:
    assert originals_in(parse_bytes(forward("From: x\n" * 20_000))) == []


ENCLOSED = (
    b"From: Alice Archer <alice@desk.example>\r\nTo: care@desk.example\r\nSubject: for the team\r\n"
    b'Message-ID: <f@desk.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain\r\n\r\nShe rang twice.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
    b"From: Maya Lind <maya@customer.example>\r\nReply-To: maya.home@customer.example\r\nTo: info@desk.example\r\n"
    b"Subject: No hot water\r\nMessage-ID: <first@customer.example>\r\n\r\nThe water is cold.\r\n--b--\r\n"
)


def take_in(cast: Cast, data: bytes, **envelope: object) -> RawMessage:
    raw, _ = store_raw("email", cast.mailbox, data, dict(envelope))
    door.ingest(raw.pk)
    raw.refresh_from_db()
    return raw


def texts(conversation: Conversation) -> list[tuple[str, str]]:
    return list(conversation.messages.values_list("direction", "text"))


@pytest.mark.django_db
def test_an_enclosed_letter_becomes_its_authors_conversation_with_the_forwarders_note(cast: Cast) -> None:
    raw = take_in(cast, ENCLOSED)
    message = raw.message
    assert (raw.decision, raw.confidence, raw.sender) == ("forwarded", 1.0, "alice@desk.example")
    assert (message.sender_address, message.answer_address) == ("maya@customer.example", "maya.home@customer.example")
    assert (message.subject, message.message_id) == ("No hot water", "first@customer.example")
    assert sorted(texts(message.conversation)) == [("in", "The water is cold."), ("note", "She rang twice.")]
    assert message.conversation.customer.name == "Maya Lind"


def enclosed(*letters: str) -> bytes:
    head = ENCLOSED[: ENCLOSED.index(b"--b\r\nContent-Type: message/rfc822")]
    parts = [f"--b\r\nContent-Type: message/rfc822\r\n\r\n{one}\r\n".encode() for one in letters]
    return head + b"".join(parts) + b"--b--\r\n"


MAYA = (
    "From: Maya Lind <maya@customer.example>\r\nSubject: No hot water\r\nMessage-ID: <first@customer.example>\r\n\r\n"
)
AGAIN = (
    "From: Maya Lind <maya@customer.example>\r\nSubject: Re: No hot water\r\nMessage-ID: <second@customer.example>\r\n"
    "References: <first@customer.example>\r\n\r\n"
)
TOM = "From: Tom <tom@customer.example>\r\nSubject: Parcel\r\nMessage-ID: <third@customer.example>\r\n\r\n"
OURS = "From: Customer care <care@desk.example>\r\nSubject: Re: No hot water\r\n\r\nWe come."


@pytest.mark.django_db
def test_each_of_several_enclosed_letters_becomes_a_message_in_their_order(cast: Cast) -> None:
    letters = (MAYA + "The water is cold.", OURS, AGAIN + "It still is.", TOM + "Where is my parcel?")
    raw = take_in(cast, enclosed(*letters))
    maya = raw.message.conversation
    tom = Conversation.objects.get(customer__identities__value="tom@customer.example")
    said = list(maya.messages.filter(direction="in").order_by("id").values_list("text", flat=True))
    assert said == ["The water is cold.", "It still is."]
    assert texts(tom) == [("in", "Where is my parcel?")]
    assert [text for way, text in texts(maya) if way == "note"] == ["She rang twice."]
    assert [one.content_type for one in raw.message.attachments.all()] == ["message/rfc822"]  # what we wrote ourselves
    originals = RawMessage.objects.order_by("id")
    assert [(one.decision, one.state) for one in originals] == [("forwarded", "accepted")] * 3
    assert [one.envelope.get("enclosed_in") for one in originals] == [None, raw.pk, raw.pk]


@pytest.mark.django_db
def test_enclosed_letters_that_came_before_are_not_taken_twice(cast: Cast) -> None:
    take_in(cast, enclosed(MAYA + "The water is cold.", AGAIN + "It still is."))
    raw = take_in(cast, enclosed(AGAIN + "It still is.", TOM + "Where is my parcel?"))
    assert raw.decision == "duplicate"
    assert Message.objects.filter(direction="in").count() == 3
    take_in(cast, enclosed(AGAIN + "It still is.", TOM + "Where is my parcel?", MAYA + "The water is cold."))
    assert Message.objects.filter(direction="in").count() == 3


@pytest.mark.django_db
def test_an_answer_to_a_forwarded_letter_goes_to_its_author(cast: Cast) -> None:
    message = take_in(cast, forward(GMAIL)).message
    reply = send_reply(cast.alice, message.conversation_id, "We are on our way.")
    assert [each["email"] for each in reply.to] == ["maya@customer.example"]


@pytest.mark.django_db
def test_a_forward_of_what_we_have_already_adds_the_note_alone(cast: Cast) -> None:
    own = b"From: Maya Lind <maya@customer.example>\r\nMessage-ID: <first@customer.example>\r\n\r\nThe water is cold."
    first = take_in(cast, own).message
    raw = take_in(cast, ENCLOSED)
    assert raw.decision == "duplicate"
    assert sorted(texts(first.conversation)) == [("in", "The water is cold."), ("note", "She rang twice.")]


@pytest.mark.django_db
def test_what_a_customer_forwards_is_the_customers_own_letter(cast: Cast) -> None:
    raw = take_in(cast, forward(GMAIL, sender="tom@customer.example"))
    assert (raw.decision, raw.message.sender_address) == ("new", "tom@customer.example")


@pytest.mark.django_db
def test_a_colleagues_own_letter_is_a_conversation_with_them(cast: Cast) -> None:
    raw = take_in(cast, forward("My own heating is cold, too.", "No heat"))
    assert (raw.decision, raw.message.sender_address) == ("new", "alice@desk.example")
    assert raw.message.direction == Message.Direction.IN
