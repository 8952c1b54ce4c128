import json
from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import Settings

from backstory.conversations.models import Conversation, Message, RawMessage
from backstory.kernel import clock, files
from backstory.portal import limits, proof, uploads
from backstory.portal.tests.visitors import Visitor, file, solve, take_in
from conftest import Cast


def test_a_form_becomes_a_conversation_with_its_file(visitor: Visitor, cast: Cast) -> None:
    answer = visitor.send(wish="A new kettle", order="A-1001", files=[file(), file("kettle.jpg")])
    assert answer.status_code == 302
    (message,) = take_in()
    assert message.conversation.channel == "form" and message.conversation.team == cast.care
    assert message.conversation.customer.name == "Maya Lind"
    assert message.answer_address == "maya@customer.example"
    assert message.text == (
        "The kettle broke on day two.\n\nWhat would make it right:\nA new kettle\n\nOrder or reference: A-1001"
    )
    assert [attachment.name for attachment in message.attachments.all()] == ["receipt.pdf", "kettle.jpg"]
    assert files.get(message.attachments.all()[0].path).startswith(b"%PDF-1.7")


def test_the_bytes_are_stored_before_anything_reads_them(visitor: Visitor) -> None:
    visitor.send()
    raw = RawMessage.objects.get()
    assert raw.state == RawMessage.State.RECEIVED and not Message.objects.exists()
    assert json.loads(files.get(raw.path))["happened"] == "The kettle broke on day two."


def test_the_reference_on_the_thank_you_page_finds_the_conversation(visitor: Visitor) -> None:
    answer = visitor.send()
    page = visitor.client.get(answer["Location"]).content.decode()
    (message,) = take_in()
    reference = message.conversation.subject.rpartition("[")[2].rstrip("]")
    assert len(reference) == 9 and f"<strong>{reference}</strong>" in page


def test_the_mailbox_in_the_address_gets_the_form(visitor: Visitor, cast: Cast) -> None:
    visitor.send(f"/help/{cast.parts_mailbox.pk}/")
    assert RawMessage.objects.get().mailbox == cast.parts_mailbox


def test_a_visitor_can_choose_among_several_mailboxes(visitor: Visitor, cast: Cast) -> None:
    assert 'name="mailbox"' in visitor.client.get("/help/").content.decode()
    visitor.send(mailbox=str(cast.parts_mailbox.pk))
    assert RawMessage.objects.get().mailbox == cast.parts_mailbox


def test_an_unknown_mailbox_gets_a_kind_page(visitor: Visitor) -> None:
    page = visitor.client.get("/help/99999/")
    assert page.status_code == 404 and "care@desk.example" in page.content.decode()


def test_without_a_mailbox_the_form_says_that_it_is_not_open(db: None) -> None:
    page = Client().get("/help/")
    assert page.status_code == 503 and "not open yet" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": ""}, "Please give your e-mail address"),
        ({"email": "maya@customer"}, "does not look like an e-mail address"),
        ({"email": "maya@customer.example\nBcc: all@desk.example"}, "does not look like an e-mail address"),
        ({"happened": "  \n "}, "Please tell us what happened"),
        ({"happened": "x" * 20_001}, "20000 characters at most"),
        ({"altcha": ""}, "has not finished the small sum"),
        ({"altcha": "bm9uc2Vuc2U="}, "has not finished the small sum"),
        ({"altcha": "eyJjaGFsbGVuZ2UiOlsxXSwic29sdXRpb24iOlsxXX0="}, "has not finished the small sum"),
        ({"altcha": "x" * 5_000}, "has not finished the small sum"),
        ({"fax_number": "555-0100"}, "could not be sure that you are a person"),
        ({"sheet": "made-up"}, "was open for a long time"),
    ],
)
def test_a_form_that_cannot_be_taken_says_why_and_keeps_what_was_typed(
    visitor: Visitor, fields: dict[str, str], words: str
) -> None:
    answer = visitor.send(order="A-1001", **fields)
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page
    assert 'value="A-1001"' in page and not RawMessage.objects.exists()


def test_a_form_sent_faster_than_anybody_types_is_asked_for_again_and_then_taken(visitor: Visitor) -> None:
    filled = visitor.filled(sheet=visitor.open(seconds=0)["sheet"])
    first = visitor.client.post("/help/", filled)
    assert first.status_code == 422 and "very quick" in first.content.decode()
    assert filled["sheet"] in first.content.decode()
    with clock.travel(clock.ahead(seconds=10)):
        assert visitor.client.post("/help/", filled).status_code == 302


def test_a_page_left_open_for_days_gives_back_the_words_on_a_fresh_page(visitor: Visitor) -> None:
    filled = visitor.filled(sheet=visitor.open(seconds=3 * 86_400)["sheet"])
    answer = visitor.client.post("/help/", filled)
    page = answer.content.decode()
    assert answer.status_code == 422 and "The kettle broke" in page and filled["sheet"] not in page


def test_a_proof_serves_only_once(visitor: Visitor) -> None:
    filled = visitor.filled()
    assert visitor.client.post("/help/", filled).status_code == 302
    again = visitor.client.post("/help/", filled | {"happened": "Buy cheap watches"})
    assert again.status_code == 422 and "sent already" in again.content.decode()
    assert RawMessage.objects.count() == 1


def test_an_old_proof_is_told_apart_from_a_wrong_one(visitor: Visitor) -> None:
    with clock.travel(clock.ahead(minutes=-proof.LIFETIME_MINUTES - 1)):
        old = solve(proof.challenge())
    assert proof.verify(old) == "expired"
    assert "grown too old" in visitor.send(altcha=old).content.decode()


def test_a_proof_of_another_key_is_refused(visitor: Visitor, settings: Settings) -> None:
    key, settings.SECRET_KEY = settings.SECRET_KEY, "somebody else's"
    foreign = solve(proof.challenge())
    settings.SECRET_KEY = key
    assert proof.verify(foreign) == "missing"


def test_a_double_click_makes_one_message(visitor: Visitor) -> None:
    filled = visitor.filled()
    answers = [visitor.client.post("/help/", filled) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert len(take_in()) == 1 and RawMessage.objects.count() == 1


def test_the_same_words_on_a_new_page_are_a_new_message(visitor: Visitor) -> None:
    visitor.send()
    visitor.send()
    assert len(take_in()) == 2


def test_a_form_without_its_token_is_refused_with_the_words_kept(visitor: Visitor) -> None:
    answer = visitor.send(csrfmiddlewaretoken="x" * 64)
    page = answer.content.decode()
    assert answer.status_code == 403 and "needs a cookie" in page
    assert "The kettle broke on day two." in page and not RawMessage.objects.exists()


def test_too_many_forms_from_one_address_meet_a_page_that_says_how_long_to_wait(visitor: Visitor) -> None:
    filled = visitor.filled(altcha="")
    for _ in range(limits.MOST_SENT):
        assert visitor.client.post("/help/", filled).status_code == 422
    answer = visitor.client.post("/help/", filled)
    assert answer.status_code == 429 and answer["Retry-After"] == "600"
    assert "wait 10 minutes" in answer.content.decode()
    assert visitor.client.post("/help/", filled, REMOTE_ADDR="198.51.100.7").status_code == 422


def test_an_ipv6_household_counts_as_one_sender(visitor: Visitor) -> None:
    filled = visitor.filled(altcha="")
    for number in range(limits.MOST_SENT):
        visitor.client.post("/help/", filled, REMOTE_ADDR=f"2001:db8::{number:x}")
    assert visitor.client.post("/help/", filled, REMOTE_ADDR="2001:db8::ffff").status_code == 429


def test_challenges_are_limited_too(visitor: Visitor) -> None:
    answers = [visitor.client.get("/help/challenge/").status_code for _ in range(limits.MOST_CHALLENGES + 1)]
    assert answers[-1] == 429 and set(answers[:-1]) == {200}


def test_a_file_that_is_too_large_is_refused_by_name_with_the_words_kept(visitor: Visitor, settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 10 * 1024 * 1024
    answer = visitor.send(files=[file("holiday.mp4", 50 * 1024 * 1024), file()])
    page = answer.content.decode()
    assert answer.status_code == 422 and "“holiday.mp4” is larger than 10 MB" in page
    assert "The kettle broke on day two." in page and "choose your files again" in page
    assert not RawMessage.objects.exists()


def test_too_many_files_and_too_much_together_are_refused(visitor: Visitor, settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    many = visitor.send(files=[file(f"{number}.pdf") for number in range(uploads.MOST_FILES + 1)])
    assert "5 files at most; “5.pdf” was left out" in many.content.decode()
    heavy = visitor.send(files=[file(f"{number}.pdf", 900_000) for number in range(3)])
    assert "larger than 2 MB together" in heavy.content.decode()
    assert not RawMessage.objects.exists()


def test_an_empty_file_is_asked_about(visitor: Visitor) -> None:
    assert "is empty" in visitor.send(files=[_empty()]).content.decode()


def _empty() -> object:
    empty = file("photo.jpg")
    empty.file.truncate(0)
    empty.file.seek(0)
    return empty


def test_a_request_beyond_all_measure_is_not_even_read(visitor: Visitor, settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 10_000
    answer = visitor.send(files=[file(size=200_000)])
    assert answer.status_code == 413 and "too large to take" in answer.content.decode()


def test_words_beyond_the_form_limit_get_a_page_and_no_traceback(visitor: Visitor) -> None:
    answer = visitor.send(wish="x" * 6_000_000)
    assert answer.status_code == 413 and "too large to take" in answer.content.decode()


def test_a_torn_request_gets_a_page(visitor: Visitor) -> None:
    answer = visitor.client.generic("POST", "/help/", b"--x\r\nbroken", "multipart/form-data; boundary=")
    assert answer.status_code == 400 and "could not be read" in answer.content.decode()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/etc/shadow", "shadow"),
        ("a\x00b.pdf", "ab.pdf"),
        ("con.pdf", "_con.pdf"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
    ],
)
def test_tricks_in_file_names_are_taken_out(visitor: Visitor, given: str, kept: str) -> None:
    body = [
        *(
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in visitor.filled().items()
        ),
        f'--b\r\nContent-Disposition: form-data; name="files"; filename="{given}"\r\n'.encode(),
        b"Content-Type: application/pdf\r\n\r\n%PDF\r\n--b--\r\n",
    ]
    answer = visitor.client.generic("POST", "/help/", b"".join(body), "multipart/form-data; boundary=b")
    assert answer.status_code == 302
    (message,) = take_in()
    assert [attachment.name for attachment in message.attachments.all()] == [kept]


def test_characters_no_database_takes_are_stored_and_cleaned(visitor: Visitor) -> None:
    visitor.send(happened="nul \x00 here", name="Ma\x1bya", order="\ufffe1")
    (message,) = take_in()
    assert message.text.startswith("nul  here") and message.sender_name == "Maya"


def test_bytes_that_are_no_utf_8_are_no_obstacle(visitor: Visitor) -> None:
    filled = visitor.filled()
    del filled["happened"]
    pairs = "&".join(f"{name}={value}" for name, value in filled.items() if name != "altcha")
    body = f"{pairs}&altcha={quote(filled['altcha'], safe='')}&happened=caf%E9+%ED%A0%80".encode()
    answer = visitor.client.generic("POST", "/help/", body, "application/x-www-form-urlencoded")
    assert answer.status_code == 302
    (message,) = take_in()
    message.text.encode()
    assert message.text.startswith("caf\ufffd")


def test_html_in_a_field_comes_back_as_text(visitor: Visitor) -> None:
    trick = '"><script>alert(1)</script>'
    page = visitor.send(email=trick, name=trick, happened=trick).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


def test_a_forged_thank_you_page_is_none(visitor: Visitor) -> None:
    assert visitor.client.get("/help/thanks/WyJYIiwxXQ:abc/").status_code == 404


def test_a_form_that_lost_its_way_leaves_no_conversation(visitor: Visitor) -> None:
    visitor.send(happened="")
    assert not Conversation.objects.exists()
