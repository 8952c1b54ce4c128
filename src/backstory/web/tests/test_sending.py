"""The reply box before and after sending: recipients, warnings, files, taking back; the page of lost letters."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backstory.conversations.actions import attach, claim_delivery, mark_failed, save_draft, send_reply
from backstory.conversations.letters import Address, Dispatch
from backstory.conversations.models import Attachment, Delivery, Draft, Message
from backstory.web.tests.conftest import HTMX
from conftest import Cast

MAYA = "Maya Ortiz <maya@customer.example>"
DOUBTFUL = "maya@custorner.example"
KEY = "lookalike:maya@custorner.example:customer.example"


def here(message: Message, part: str = "") -> str:
    return f"/conversations/{message.conversation_id}/{part}"


def htmx(message: Message) -> dict[str, str]:
    return {"HX-Current-URL": f"http://testserver{here(message)}", **HTMX}


def test_the_box_shows_to_whom_a_reply_goes(alice: Client, letter: Message, write: Callable[..., Message]) -> None:
    token = letter.conversation.reply_token
    write("And my neighbour.", cc=(Address("tom@partner.example", "Tom"),), from_name="Maya Ortiz", reply_token=token)
    page = alice.get(here(letter)).content.decode()
    assert 'name="to" value="Maya Ortiz &lt;maya@customer.example&gt;"' in page
    assert 'name="cc" value="Tom &lt;tom@partner.example&gt;"' in page
    assert 'name="confirmed"' not in page


def test_warnings_come_while_one_types_and_stop_what_is_sent_unseen(alice: Client, letter: Message) -> None:
    data = {"mode": "reply", "text": "I am coming.", "to": f"{MAYA}, {DOUBTFUL}", "cc": ""}
    shown = alice.post(here(letter, "recipients/"), data, headers=HTMX).content.decode()
    assert f'value="{KEY}"' in shown and "only looks like somebody at customer.example" in shown
    refused = alice.post(here(letter, "send/"), data, headers=htmx(letter))
    assert refused.status_code == 409
    assert 'hx-target="#recipient-warnings"' in refused.content.decode() and KEY in refused.content.decode()
    assert not Delivery.objects.exists()
    assert alice.post(here(letter, "send/"), {**data, "confirmed": KEY}, headers=htmx(letter)).status_code == 200
    assert [one["email"] for one in Delivery.objects.get().message.to] == ["maya@customer.example", DOUBTFUL]


def test_without_script_a_warning_comes_back_with_the_draft(alice: Client, letter: Message) -> None:
    data = {"mode": "reply", "text": "I am coming.", "to": DOUBTFUL, "cc": "", "offered": "x"}
    page = alice.post(here(letter, "send/"), data, follow=True, headers={"Referer": f"http://testserver{here(letter)}"})
    text = page.content.decode()
    assert f'name="confirmed" value="{KEY}"' in text and f'name="to" value="{DOUBTFUL}"' in text
    assert not Delivery.objects.exists()


def test_what_is_no_address_is_refused_by_name(alice: Client, letter: Message) -> None:
    answer = alice.post(
        here(letter, "send/"), {"mode": "reply", "text": "Hi", "to": "maya, tom@"}, headers=htmx(letter)
    )
    assert answer.status_code == 422 and "“maya” is not an e-mail address" in answer.content.decode()


def test_a_draft_keeps_recipients_only_where_somebody_changed_them(alice: Client, letter: Message) -> None:
    offered = f"{MAYA} / "
    data = {"text": "Dear", "mode": "reply", "to": MAYA, "cc": "", "offered": offered, "quote_shown": "yes"}
    alice.post(here(letter, "draft/"), data)
    draft = Draft.objects.get()
    assert (draft.to, draft.cc, draft.quote) == (None, None, False)
    alice.post(here(letter, "draft/"), {**data, "cc": "tom@partner.example", "quote": "yes"})
    draft.refresh_from_db()
    assert draft.cc == [{"name": "", "email": "tom@partner.example"}] and draft.quote is True


def test_files_are_kept_with_the_draft_sent_with_the_letter_and_taken_out(alice: Client, letter: Message) -> None:
    files = [SimpleUploadedFile("a\u202egnp.exe.png", b"\x89PNG"), SimpleUploadedFile("plan.pdf", b"%PDF")]
    shown = alice.post(here(letter, "files/"), {"upload": files}, headers=HTMX).content.decode()
    assert shown.count('name="file"') == 2 and "data-place-image" in shown and "\u202e" not in shown
    first, second = Attachment.objects.order_by("id")
    assert alice.get(f"/attachments/{first.pk}/").status_code == 200
    after = alice.post(here(letter, "files/remove/"), {"remove": first.pk}, headers=HTMX).content.decode()
    assert "plan.pdf" in after and after.count('name="file"') == 1
    alice.post(here(letter, "send/"), {"mode": "reply", "text": "See the plan.", "file": second.pk}, headers=HTMX)
    assert list(Delivery.objects.get().message.attachments.all()) == [second]


@pytest.mark.parametrize(("name", "words"), [("virus.exe", "mail servers refuse"), ("empty.txt", "is empty")])
def test_a_file_that_cannot_go_is_refused_in_words(alice: Client, letter: Message, name: str, words: str) -> None:
    file = SimpleUploadedFile(name, b"" if name == "empty.txt" else b"MZ")
    answer = alice.post(here(letter, "files/"), {"upload": file}, headers=HTMX)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("path", ["files/", "send/"])
def test_what_is_larger_than_a_letter_takes_is_refused_before_it_is_read(
    alice: Client, letter: Message, settings: Any, path: str
) -> None:
    settings.ATTACHMENTS_MAX_BYTES = 1000
    file = SimpleUploadedFile("plan.pdf", b"x" * 2_000_000)
    with patch("django.http.multipartparser.Parser") as read:
        answer = alice.post(here(letter, path), {"upload": file}, headers=HTMX)
    assert answer.status_code == 413 and "more than the desk takes" in answer.content.decode()
    assert not read.called


def test_a_reply_can_be_taken_back_with_what_was_begun_since(
    alice: Client, cast: Cast, letter: Message, settings: Any
) -> None:
    settings.UNDO_SEND_SECONDS = 10
    file = attach(cast.alice, letter.conversation_id, "plan.pdf", b"%PDF")
    data = {"mode": "reply", "text": "I am coming.", "to": MAYA, "cc": "", "file": file.pk}
    bar = alice.post(here(letter, "send/"), data, headers=htmx(letter)).content.decode()
    delivery = Delivery.objects.get()
    assert delivery.state == Delivery.State.HELD
    assert f"/deliveries/{delivery.pk}/undo/" in bar and 'data-key="z"' in bar and 'hx-target="#undo"' in bar
    back = alice.post(f"/deliveries/{delivery.pk}/undo/", {"text": "And", "mode": "reply"}, headers=htmx(letter))
    page = back.content.decode()
    assert "I am coming.\n\nAnd</textarea>" in page and "plan.pdf" in page and 'hx-target="#composer"' in page
    assert not Message.objects.filter(direction=Message.Direction.OUT).exists()
    assert alice.post(f"/deliveries/{delivery.pk}/undo/", headers=HTMX).status_code == 404


def test_a_reply_that_has_left_cannot_be_taken_back(alice: Client, cast: Cast, letter: Message) -> None:
    delivery = send_reply(cast.alice, letter.conversation_id, "Hi", Dispatch(hold_seconds=10)).delivery
    Delivery.objects.update(next_attempt_at=None)
    assert claim_delivery(delivery.pk) is not None
    answer = alice.post(f"/deliveries/{delivery.pk}/undo/", headers=HTMX)
    assert answer.status_code == 409 and "on its way" in answer.content.decode()


def test_a_note_begun_as_a_note_is_never_posted_as_a_letter_by_taking_back(
    alice: Client, cast: Cast, letter: Message
) -> None:
    delivery = send_reply(cast.alice, letter.conversation_id, "I am coming.", Dispatch(hold_seconds=10)).delivery
    save_draft(cast.alice, letter.conversation_id, "She is difficult.", mode="note")
    page = alice.post(f"/deliveries/{delivery.pk}/undo/", headers=htmx(letter)).content.decode()
    assert 'class="composer is-note"' in page and Draft.objects.get().mode == "note"


def test_lost_letters_stand_on_a_page_until_somebody_has_decided(
    alice: Client, bob: Client, dana: Client, cast: Cast, letter: Message
) -> None:
    delivery = claim_delivery(send_reply(cast.alice, letter.conversation_id, "Hi").delivery.pk)
    assert delivery is not None
    mark_failed(delivery, "550 no such <b>mailbox</b>")
    assert "Deliveries" not in alice.get("/").content.decode()
    for client in (bob, dana):
        page = client.get("/deliveries/").content.decode()
        assert "550 no such &lt;b&gt;mailbox" in page and "No hot water" in page and "not through" in page
    bob.post(f"/deliveries/{delivery.pk}/attend/", {"next": "/deliveries/"})
    page = bob.get("/deliveries/").content.decode()
    assert "Every letter got through" in page and "not through" not in page


def test_a_customer_declines_surveys_by_page_and_by_one_click(letter: Message) -> None:
    from backstory.people.models import Customer
    from backstory.people.queries import unsubscribe_link

    cache.clear()  # the portal counts how often one address sends
    path = "/" + unsubscribe_link(letter.conversation.customer).split("/", 3)[3]
    strict = Client(enforce_csrf_checks=True)
    assert "maya@customer.example" in strict.get(path).content.decode()
    assert Customer.objects.get().surveys_declined_at is None, "looking declines nothing"
    answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and Customer.objects.get().surveys_declined_at is not None
    assert strict.get("/unsubscribe/forged/").status_code == 404


def test_the_place_of_a_picture_is_no_blank_that_was_forgotten(alice: Client, letter: Message) -> None:
    def advice(text: str) -> str:
        return alice.post(here(letter, "check/"), {"text": text, "mode": "reply"}, headers=HTMX).content.decode()

    assert "[image: leak.png]" not in advice("Dear Maya,\n\nsee here:\n\n[image: leak.png]\n")
    after = advice("[image: leak.png]\nCalm down. That is our policy.")
    assert 'data-start="18"' in after, "and the places of other advice are those in the box"
