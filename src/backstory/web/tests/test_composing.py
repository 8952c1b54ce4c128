"""Drafts, advice, replies and notes."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backstory.cases.actions import save_backstory
from backstory.cases.models import Backstory, Complaint
from backstory.conversations.models import Delivery, Draft, Message
from backstory.web.tests.conftest import HTMX
from conftest import Cast

HARSH = "Dear Maya, calm down, that is our policy."


def post(client: Client, message: Message, part: str, htmx: bool = True, **data: str) -> tuple[int, str]:
    answer = client.post(f"/conversations/{message.conversation_id}/{part}/", data, headers=HTMX if htmx else None)
    return answer.status_code, answer.content.decode()


def test_a_draft_is_kept_while_typing_and_shown_again(alice: Client, letter: Message) -> None:
    assert post(alice, letter, "draft", text="Dear Maya, I am")[0] == 204
    assert "Dear Maya, I am" in alice.get(f"/conversations/{letter.conversation_id}/").content.decode()


def test_a_draft_belongs_to_who_wrote_it(alice: Client, bob: Client, letter: Message) -> None:
    post(alice, letter, "draft", text="Only Alice's words")
    assert "Only Alice" not in bob.get(f"/conversations/{letter.conversation_id}/").content.decode()


def test_advice_is_given_on_a_draft_and_nothing_is_written(alice: Client, letter: Message) -> None:
    from django.db import connection

    with CaptureQueriesContext(connection) as asked:
        status, advice = post(alice, letter, "check", text=HARSH)
    assert status == 200
    assert "calm down" in advice and "data-finding" in advice
    assert not [query["sql"] for query in asked if not query["sql"].startswith("SELECT")]


def test_an_empty_draft_gets_no_advice(alice: Client, letter: Message) -> None:
    assert "data-finding" not in post(alice, letter, "check", text="  ")[1]


def test_advice_points_at_places_in_the_box_although_forms_travel_with_crlf(alice: Client, letter: Message) -> None:
    typed = "Hi,\n\nfirst line\n\nCalm down please. We look into it."
    advice = post(alice, letter, "check", text=typed.replace("\n", "\r\n"))[1]
    assert f'data-start="{typed.index("Calm down")}"' in advice


def test_somebody_else_in_the_thread_is_named_by_address_and_the_reply_says_where_it_goes(
    alice: Client, letter: Message, write: Callable[..., Message]
) -> None:
    token = letter.conversation.reply_token
    write("Send me her file.", sender="mallory@elsewhere.example", from_name="Maya Malik", reply_token=token)
    page = alice.get(f"/conversations/{letter.conversation_id}/changes/").content.decode()
    assert "Maya Malik &lt;mallory@elsewhere.example&gt;" in page
    assert 'name="to" value="Maya Malik &lt;mallory@elsewhere.example&gt;"' in page
    assert "mallory@elsewhere.example belongs to another customer." in page


def test_a_note_that_was_kept_never_comes_back_as_a_reply(alice: Client, letter: Message) -> None:
    post(alice, letter, "draft", text="She sounds exhaus")
    post(alice, letter, "send", text="She sounds exhausted", mode="note", seen=str(letter.pk))
    assert not Draft.objects.exists()
    page = alice.get(f"/conversations/{letter.conversation_id}/").content.decode()
    assert "She sounds exhaus" not in page.split('id="composer-text"', 1)[1]


def test_advice_once_dismissed_stays_away(alice: Client, letter: Message) -> None:
    before = post(alice, letter, "check", text=HARSH)[1]
    key = before.split('data-finding="', 1)[1].split('"', 1)[0]
    post(alice, letter, "check", text=HARSH, dismiss=key.replace("&#39;", "'"))
    assert f'data-finding="{key}"' not in post(alice, letter, "check", text=HARSH)[1]


def test_what_the_customer_said_is_held_against_the_draft(alice: Client, letter: Message) -> None:
    advice = post(alice, letter, "check", text="Dear Maya, thank you for writing.")[1]
    assert "Missed" in advice


def test_a_reply_goes_out_and_empties_the_box(alice: Client, cast: Cast, letter: Message) -> None:
    post(alice, letter, "draft", text="Dear")
    here = {"HX-Current-URL": f"http://testserver/conversations/{letter.conversation_id}/", **HTMX}
    answer = alice.post(
        f"/conversations/{letter.conversation_id}/send/",
        {"mode": "reply", "text": "Dear Maya, I am coming."},
        headers=here,
    )
    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'hx-target="#composer"' in page and "Dear Maya, I am coming." in page and "Sent." in page
    assert Delivery.objects.get().message.text == "Dear Maya, I am coming."
    assert not Draft.objects.exists()


def test_without_script_a_reply_is_a_plain_form(alice: Client, letter: Message) -> None:
    answer = alice.post(
        f"/conversations/{letter.conversation_id}/send/", {"mode": "reply", "text": "Hello"}, follow=True
    )
    assert answer.redirect_chain == [(f"/conversations/{letter.conversation_id}/", 302)]
    assert "Sent." in answer.content.decode()


def test_without_script_a_refused_reply_keeps_its_words(
    alice: Client, letter: Message, write: Callable[..., Message]
) -> None:
    write("One more thing.", in_reply_to=letter.message_id, reply_token=letter.conversation.reply_token)
    here = f"/conversations/{letter.conversation_id}/"
    data = {"mode": "reply", "text": "A long and careful answer", "seen": str(letter.pk)}
    page = alice.post(
        here + "send/", data, follow=True, headers={"Referer": f"http://testserver{here}"}
    ).content.decode()
    assert "wrote again in the meantime" in page and "A long and careful answer</textarea>" in page
    assert not Delivery.objects.exists()


def test_a_note_never_becomes_mail(alice: Client, letter: Message) -> None:
    assert post(alice, letter, "send", mode="note", text="Ask Bob first.")[0] == 200
    assert not Delivery.objects.exists()
    assert Message.objects.filter(direction=Message.Direction.NOTE, text="Ask Bob first.").exists()


@pytest.mark.parametrize("mode", ["reply", "note"])
def test_nothing_written_is_refused_in_words(alice: Client, letter: Message, mode: str) -> None:
    status, notice = post(alice, letter, "send", mode=mode, text="   ")
    assert status == 422
    assert "There is nothing written yet." in notice and "#toasts" in notice


def test_nobody_answers_a_message_they_have_not_seen(
    alice: Client, letter: Message, write: Callable[..., Message]
) -> None:
    later = write(
        "Forget it, it works again.", in_reply_to=letter.message_id, reply_token=letter.conversation.reply_token
    )
    assert later.conversation_id == letter.conversation_id
    status, notice = post(alice, letter, "send", mode="reply", text="I will come.", seen=str(letter.pk))
    assert status == 409 and "wrote again in the meantime" in notice
    assert not Delivery.objects.exists()
    assert post(alice, letter, "send", mode="reply", text="I am glad.", seen=str(later.pk))[0] == 200


def test_an_outsider_writes_nothing(charlie: Client, dana: Client, letter: Message) -> None:
    for part in ("draft", "check", "send"):
        assert post(charlie, letter, part, mode="reply", text="x")[0] == 404, part
    assert post(dana, letter, "send", mode="reply", text="x")[0] == 403
    assert not Delivery.objects.exists()


def test_the_summary_is_sent_as_edited_and_can_then_be_confirmed(
    alice: Client, cast: Cast, complaint: Complaint
) -> None:
    save_backstory(cast.alice, complaint.pk, stated_problem="cold", demand="", backstory="", need="")
    message = complaint.conversation.messages.first()
    assert message is not None
    assert post(alice, message, "send", mode="reply", text="I heard: cold.", summary=str(complaint.pk))[0] == 200
    row = Backstory.objects.select_related("summary_message").get()
    assert row.summary_message is not None and row.summary_message.text == "I heard: cold."
    answer = alice.post(f"/complaints/{complaint.pk}/confirm/", {"confirmation": "Yes, that is it."}, headers=HTMX)
    assert answer.status_code == 200
    row.refresh_from_db()
    assert row.confirmation == "Yes, that is it."
