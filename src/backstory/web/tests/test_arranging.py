"""What a conversation's page says of doubtful messages, and splitting, merging and taking back from it."""

import pytest
from django.test import Client

from backstory.conversations.actions import ignore, send_reply, store_raw
from backstory.conversations.letters import Address, Forward
from backstory.conversations.models import Message, RawMessage, ThreadMove
from backstory.people.models import AddressTrouble
from conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubtful(cast: Cast, write) -> Message:
    """A letter that joined Maya's thread about the boiler by its subject alone."""
    first = write("It is cold.", subject="The boiler is cold", from_name="Maya Lind")
    send_reply(cast.alice, first.conversation_id, "I am sorry.")
    return write("Hello?", subject="Re: The boiler is cold", from_name="Maya Lind")


def page_of(client: Client, conversation_id: int) -> str:
    answer = client.get(f"/conversations/{conversation_id}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_doubtful_message_is_offered_to_be_split_off(alice: Client, dana: Client, doubtful: Message) -> None:
    page = page_of(alice, doubtful.conversation_id)
    assert "joined by subject and sender, 80 % sure. Not the same matter?" in page.replace("\xa0", " ")
    assert f'action="/messages/{doubtful.pk}/split/"' in page and f'action="/messages/{doubtful.pk}/keep/"' in page
    assert "/split/" not in page_of(dana, doubtful.conversation_id)


def test_splitting_leaves_a_line_that_leads_there_and_back(alice: Client, doubtful: Message) -> None:
    source = doubtful.conversation_id
    assert (
        "Split off into its own conversation."
        in alice.post(f"/messages/{doubtful.pk}/split/", follow=True).content.decode()
    )
    move = ThreadMove.objects.get()
    page = page_of(alice, source)
    assert f'href="/conversations/{move.target_id}/"' in page and "Not the same matter?" not in page
    assert "split this off from" in page_of(alice, move.target_id)
    back = alice.post(f"/moves/{move.pk}/undo/", follow=True)
    assert back.redirect_chain == [(f"/conversations/{source}/", 302)]
    assert "Not the same matter?" in page_of(alice, source)
    assert alice.get(f"/conversations/{move.target_id}/").headers["Location"] == f"/conversations/{source}/"


def test_what_is_kept_can_be_doubted_again(alice: Client, doubtful: Message) -> None:
    alice.post(f"/messages/{doubtful.pk}/keep/")
    page = page_of(alice, doubtful.conversation_id)
    assert "Not the same matter?" not in page and f"/messages/{doubtful.pk}/doubt/" in page
    alice.post(f"/messages/{doubtful.pk}/doubt/")
    assert "Not the same matter?" in page_of(alice, doubtful.conversation_id)


def test_a_split_by_htmx_brings_the_changed_parts(alice: Client, doubtful: Message) -> None:
    here = f"http://testserver/conversations/{doubtful.conversation_id}/"
    headers = {"HX-Request": "true", "HX-Current-URL": here}
    answer = alice.post(f"/messages/{doubtful.pk}/split/", headers=headers)
    page = answer.content.decode()
    assert 'hx-target="#thread-notices"' in page and "Not the same matter?" not in page


def test_merging_leads_to_the_other_conversation(alice: Client, write, doubtful: Message) -> None:
    message = write("It is wrong.", subject="Invoice 311")
    other = message.conversation
    assert "Invoice 311" in page_of(alice, doubtful.conversation_id)
    answer = alice.post(f"/conversations/{other.pk}/merge/", {"target": str(doubtful.conversation_id)})
    assert answer.headers["Location"] == f"/conversations/{doubtful.conversation_id}/"
    page = page_of(alice, doubtful.conversation_id)
    assert "merged “Invoice 311” into this conversation." in page and "It is wrong." in page
    move = ThreadMove.objects.get()
    headers = {"HX-Request": "true"}
    undone = alice.post(f"/moves/{move.pk}/undo/", headers=headers)
    assert undone.headers["HX-Redirect"] == f"/conversations/{other.pk}/"
    assert f'id="message-{message.pk}"' not in page_of(alice, doubtful.conversation_id)


def test_a_refused_merge_says_why(alice: Client, write, doubtful: Message) -> None:
    other = write("My chair.", sender="tom@customer.example", subject="Chair").conversation
    page = alice.post(
        f"/conversations/{other.pk}/merge/", {"target": str(doubtful.conversation_id)}, follow=True
    ).content.decode()
    assert "different customers" in page


def test_whoever_is_not_the_customer_is_named_as_such(alice: Client, write, doubtful: Message) -> None:
    token = doubtful.conversation.reply_token
    write("Let me in.", sender="eve@elsewhere.example", subject="Re: boiler", reply_token=token)
    assert "not known in this conversation" in page_of(alice, doubtful.conversation_id)


def test_what_a_colleague_passed_on_is_marked_and_their_note_is_not_proven(alice: Client, write) -> None:
    by = Address("bob@desk.example", "Bob Byrne")
    message = write("It is cold.", forward=Forward(by, "Please see to it.", confidence=0.9))
    RawMessage.objects.filter(message=message).update(summary={"name": "Bob Byrne"})
    page = page_of(alice, message.conversation_id)
    assert "passed on by Bob Byrne" in page
    assert "by e-mail from bob@desk.example: that it was them is not proven" in page


def test_an_absence_notice_is_a_quiet_line(alice: Client, cast: Cast, doubtful: Message) -> None:
    raw, _ = store_raw("email", cast.mailbox, b"away")
    summary = {"name": "Maya Lind", "excerpt": "Back on <Monday>."}
    RawMessage.objects.filter(pk=raw.pk).update(summary=summary, subject="Out of office")
    ignore(raw.pk, "An automatic answer.", "auto-reply", conversation=doubtful.conversation)
    page = page_of(alice, doubtful.conversation_id)
    assert "Maya Lind answered automatically: Out of office" in page and "Back on &lt;Monday&gt;." in page
    assert f'href="/originals/{raw.pk}/"' in page


def test_an_address_that_does_not_work_is_told_of_until_somebody_says_it_does(
    alice: Client, cast: Cast, doubtful: Message
) -> None:
    AddressTrouble.objects.create(value="maya@customer.example", reason="userunknown 5.1.1")
    page = page_of(alice, doubtful.conversation_id)
    assert "Letters to maya@customer.example come back for good (userunknown 5.1.1" in page
    alice.post("/addresses/clear/", {"address": "maya@customer.example", "conversation": str(doubtful.conversation_id)})
    assert not AddressTrouble.objects.exists()
