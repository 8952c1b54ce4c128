"""The pages of the ledger and the quarantine, as administrators and agents meet them."""

import pytest
from django.test import Client

from backstory.channels import ingest as door
from backstory.conversations.actions import delete_original, store_raw
from backstory.conversations.models import RawMessage
from conftest import Cast

pytestmark = pytest.mark.django_db
LETTER = b"From: Maya Lind <maya@customer.example>\r\nTo: care@desk.example\r\nSubject: No hot water\r\n"


def take_in(cast: Cast, data: bytes) -> RawMessage:
    raw, _ = store_raw("email", cast.mailbox, data, {"sender": "maya@customer.example", "peer": "192.0.2.7"})
    door.ingest(raw.pk)
    raw.refresh_from_db()
    return raw


@pytest.fixture
def odd(cast: Cast) -> RawMessage:
    """An original in quarantine: nobody signed it."""
    return take_in(cast, b"To: care@desk.example\r\nSubject: <b>Odd</b>\r\n\r\nWho am I? <script>alert(1)</script>")


def text(client: Client, url: str, **given: str) -> str:
    answer = client.get(url, given)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def test_the_ledger_says_of_each_original_what_was_decided_and_why(dana: Client, cast: Cast, odd: RawMessage) -> None:
    raw = take_in(cast, LETTER + b"\r\nThe water is cold.")
    page = text(dana, "/originals/")
    for words in ("Began a conversation", "No hot water", "maya@customer.example", "No sender address", "no sender"):
        assert words in page
    assert f'href="/conversations/{raw.conversation_id}/#message-{raw.message.pk}"' in page
    assert "Complete" in page and "<b>Odd" not in page


def test_the_ledger_is_searched_and_filtered(dana: Client, cast: Cast, odd: RawMessage) -> None:
    take_in(cast, LETTER + b"\r\nThe water is cold.")
    assert "No hot water" not in text(dana, "/originals/", q="subject:odd")
    assert "No hot water" not in text(dana, "/originals/", decision="quarantined")
    assert "No hot water" in text(dana, "/originals/", decision="new", q="from:maya", since="2020-01-01")
    assert "Nothing fits" in text(dana, "/originals/", until="2020-01-01")
    assert "No hot water" in text(dana, "/originals/", decision="nonsense", mailbox="x", since="never", page="99")


def test_an_original_is_shown_as_text_with_all_that_is_known(dana: Client, odd: RawMessage) -> None:
    page = text(dana, f"/originals/{odd.pk}/")
    for words in (
        "Who am I? &lt;script&gt;",
        odd.sha256,
        "192.0.2.7",
        "An original was stored.",
        "Correct and release",
    ):
        assert words in page
    assert "<script>alert" not in page


def test_bytes_without_any_letter_are_shown_as_they_came(dana: Client, cast: Cast) -> None:
    raw = take_in(cast, b"\x00\x1b[31m\xff no letter")
    page = text(dana, f"/originals/{raw.pk}/")
    assert "no letter" in page and "\x1b" not in page and "\x00" not in page


def test_a_corrected_sender_makes_a_letter_of_it(dana: Client, cast: Cast, odd: RawMessage) -> None:
    given = {"sender": "tom@customer.example", "mailbox": str(cast.mailbox.pk)}
    answer = dana.post(f"/originals/{odd.pk}/correct/", given)
    assert answer.headers["Location"] == f"/originals/{odd.pk}/"
    door.ingest(odd.pk)
    assert RawMessage.objects.get(pk=odd.pk).message.sender_address == "tom@customer.example"


def test_a_wrong_correction_is_refused_in_words(dana: Client, odd: RawMessage) -> None:
    page = dana.post(f"/originals/{odd.pk}/correct/", {"sender": "tom"}, follow=True).content.decode()
    assert "“tom” is not an e-mail address" in page


def test_several_are_released_or_deleted_at_once(dana: Client, cast: Cast, odd: RawMessage) -> None:
    other = take_in(cast, b"Subject: x\r\n\r\nnobody")
    ids = [str(odd.pk), str(other.pk)]
    assert (
        "2 go through the door again."
        in dana.post("/originals/several/", {"id": ids, "what": "release"}, follow=True).content.decode()
    )
    for pk in ids:
        door.ingest(int(pk))
    refused = dana.post("/originals/several/", {"id": ids, "what": "delete"}, follow=True)
    assert "Say why" in refused.content.decode()
    dana.post("/originals/several/", {"id": ids, "what": "delete", "reason": "Advertising"})
    assert set(RawMessage.objects.values_list("state", "reason")) == {("deleted", "Advertising")}
    assert "The quarantine is empty" in text(dana, "/quarantine/")
    assert "Deleted by Dana Diaz." in text(dana, f"/originals/{odd.pk}/")
    assert dana.get(f"/originals/{odd.pk}/source/").status_code in (200, 404)
    for given in ({}, {"id": ids}):
        assert dana.post("/originals/several/", given).status_code == 302


def test_bytes_that_were_deleted_are_not_there_any_more(
    dana: Client, cast: Cast, odd: RawMessage, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        delete_original(cast.dana, odd.pk, "Advertising")
    assert dana.get(f"/originals/{odd.pk}/source/").status_code == 404


def test_an_agent_sees_the_record_of_what_came_for_a_conversation_and_no_other(
    alice: Client, charlie: Client, cast: Cast, odd: RawMessage
) -> None:
    raw = take_in(cast, LETTER + b"\r\nThe water is cold.")
    page = text(alice, f"/originals/{raw.pk}/")
    assert "Began a conversation" in page and "Delete for good" not in page
    assert charlie.get(f"/originals/{raw.pk}/").status_code == 404
    assert alice.get(f"/originals/{odd.pk}/").status_code == 404
    for url in ("/originals/", "/quarantine/"):
        assert alice.get(url).status_code == 403


def test_the_palette_finds_originals_for_administrators(dana: Client, alice: Client, odd: RawMessage) -> None:
    assert f'data-href="/originals/{odd.pk}/"' in text(dana, "/palette/", q=odd.sha256[:16])
    assert f"/originals/{odd.pk}/" not in text(alice, "/palette/", q=odd.sha256[:16])


def test_the_pages_of_the_ledger_keep_what_was_asked(dana: Client, cast: Cast) -> None:
    for number in range(51):
        take_in(cast, b"Subject: odd\r\n\r\n%d" % number)
    assert "?page=2&amp;q=odd" in text(dana, "/originals/", q="odd")


def test_a_page_of_the_ledger_needs_the_same_number_of_questions_however_long(
    dana: Client, cast: Cast, django_assert_max_num_queries
) -> None:
    for number in range(20):
        take_in(cast, LETTER + b"Message-ID: <%d@x.example>\r\n\r\n%d" % (number, number))
    with django_assert_max_num_queries(14):
        dana.get("/originals/")
