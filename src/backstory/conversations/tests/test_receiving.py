"""From bytes to a message in a thread."""

from collections.abc import Callable

import pytest

from backstory.conversations import queries
from backstory.conversations.actions import (
    close,
    ignore,
    quarantine,
    receive,
    release_original,
    send_reply,
    store_raw,
)
from backstory.conversations.letters import Inbound, InboundAttachment
from backstory.conversations.models import Conversation, Message, RawMessage
from backstory.kernel import files
from backstory.kernel.errors import InvalidInput, NotAllowed
from backstory.live.models import Event
from backstory.people.models import Customer

pytestmark = pytest.mark.django_db


def test_a_new_matter_starts_a_conversation_with_its_customer(cast, write) -> None:
    message = write("The boiler is cold.", from_name="Maya Lind", subject="Cold again")
    conversation = message.conversation
    assert conversation.subject == "Cold again"
    assert conversation.customer.name == "Maya Lind"
    assert conversation.state == Conversation.State.OPEN
    assert conversation.waiting_since == message.created_at
    assert conversation.team == cast.care


def test_the_same_bytes_twice_are_stored_once(cast) -> None:
    first, is_new = store_raw("email", cast.mailbox, b"some bytes", {"from": "maya@customer.example"})
    second, is_new_again = store_raw("email", cast.mailbox, b"some bytes")
    assert (first.pk, is_new, is_new_again) == (second.pk, True, False)
    assert files.get(first.path) == b"some bytes"


def test_the_same_bytes_to_another_mailbox_are_another_letter(cast) -> None:
    first, _ = store_raw("email", cast.mailbox, b"some bytes")
    second, is_new = store_raw("email", cast.parts_mailbox, b"some bytes")
    assert is_new
    assert first.path == second.path


def test_receiving_the_same_original_again_changes_nothing(cast, write) -> None:
    message = write("Hello")
    again = receive(
        Inbound(channel="email", from_address="maya@customer.example", text="Hello"),
        cast.mailbox,
        message.raw,
    )
    assert again == message
    assert Message.objects.count() == 1


def test_a_letter_delivered_twice_with_other_transport_headers_is_one_message(cast, write) -> None:
    write("Hello", message_id="a@customer.example")
    raw, _ = store_raw("email", cast.mailbox, b"the same letter by another route")
    inbound = Inbound(
        channel="email", from_address="maya@customer.example", text="Hello", message_id="a@customer.example"
    )
    assert receive(inbound, cast.mailbox, raw) is None
    raw.refresh_from_db()
    assert raw.state == RawMessage.State.IGNORED
    assert "Repeats message" in raw.reason


def test_an_answer_joins_its_thread_by_in_reply_to(cast, write) -> None:
    first = write("It is cold.", message_id="one@customer.example")
    reply = send_reply(cast.alice, first.conversation_id, "I am sorry. When did it start?")
    answer = write("On Monday.", in_reply_to=reply.message_id)
    assert answer.conversation_id == first.conversation_id


def test_an_answer_joins_its_thread_by_the_nearest_known_reference(cast, write) -> None:
    first = write("It is cold.", message_id="one@customer.example")
    answer = write("Any news?", references=("unknown@x.example", "one@customer.example"))
    assert answer.conversation_id == first.conversation_id


def test_an_answer_joins_its_thread_by_the_reply_address_alone(cast, write) -> None:
    first = write("It is cold.")
    answer = write("Any news?", sender="maya.private@customer.example", reply_token=first.conversation.reply_token)
    assert answer.conversation_id == first.conversation_id


def test_a_message_id_of_another_team_does_not_open_its_thread(cast, write) -> None:
    theirs = write("Which valve?", mailbox=cast.parts_mailbox, message_id="valve@customer.example")
    mine = write("Look inside.", sender="eve@customer.example", in_reply_to="valve@customer.example")
    assert mine.conversation_id != theirs.conversation_id


def test_a_closed_conversation_opens_again_when_the_customer_writes(cast, write) -> None:
    first = write("It is cold.", message_id="one@customer.example")
    close(cast.alice, first.conversation_id)
    write("It is cold again.", in_reply_to="one@customer.example")
    first.conversation.refresh_from_db()
    assert first.conversation.state == Conversation.State.OPEN
    assert Event.objects.filter(kind="conversation.reopened").exists()


def test_the_same_address_in_other_letters_is_the_same_customer(cast, write) -> None:
    write("One", sender="Maya@Customer.example")
    write("Two", sender="maya@customer.EXAMPLE")
    assert Customer.objects.count() == 1


def test_a_letter_without_a_sender_is_refused_for_quarantine_and_its_bytes_stay(cast) -> None:
    raw, _ = store_raw("email", cast.mailbox, b"anonymous")
    with pytest.raises(InvalidInput, match="No sender"):
        receive(Inbound(channel="email", text="anonymous"), cast.mailbox, raw)
    quarantine(raw.pk, "No sender.")
    assert queries.quarantined(cast.dana).get() == raw
    assert files.get(raw.path) == b"anonymous"


def test_only_an_administrator_sees_the_quarantine(cast) -> None:
    for viewer in (cast.alice, cast.bob, cast.charlie):
        with pytest.raises(NotAllowed):
            queries.quarantined(viewer)


def test_an_administrator_can_send_an_original_through_the_door_again(cast) -> None:
    raw, _ = store_raw("email", cast.mailbox, b"odd")
    quarantine(raw.pk, "Odd.")
    assert release_original(cast.dana, raw.pk).state == RawMessage.State.RECEIVED
    assert queries.due_raw(raw.created_at) == [raw.pk]


def test_an_accepted_original_cannot_be_quarantined_or_ignored(write) -> None:
    raw = write("Hello").raw
    quarantine(raw.pk, "late")
    ignore(raw.pk, "late")
    raw.refresh_from_db()
    assert raw.state == RawMessage.State.ACCEPTED


def test_files_that_come_along_are_kept_with_the_message(cast) -> None:
    raw, _ = store_raw("email", cast.mailbox, b"with a file")
    photo = InboundAttachment(name="leak.jpg", content_type="image/jpeg", data=b"\xff\xd8leak")
    inbound = Inbound(channel="email", from_address="tom@customer.example", text="See photo", attachments=(photo,))
    message = receive(inbound, cast.mailbox, raw)
    assert message is not None
    kept = message.attachments.get()
    assert (kept.name, kept.size, files.get(kept.path)) == ("leak.jpg", 6, b"\xff\xd8leak")


def test_each_step_is_in_the_event_log(cast, write, django_capture_on_commit_callbacks: Callable) -> None:
    message = write("Hello")
    kinds = list(Event.objects.filter(subject_id__isnull=False).values_list("kind", flat=True))
    assert "raw.stored" in kinds
    event = Event.objects.get(kind="message.received")
    assert (event.actor_kind, event.conversation_id, event.team_id) == (
        "customer",
        message.conversation_id,
        cast.care.pk,
    )
