"""Splitting and merging conversations with all that hangs on their messages, and taking it back."""

import pytest

from backstory import language
from backstory.cases.actions import (
    merge_conversations,
    open_complaint,
    record_reading,
    split_message,
    undo_move,
)
from backstory.cases.models import Complaint, Promise, Reading
from backstory.cases.queries import complaint_for
from backstory.conversations import queries
from backstory.conversations.actions import close, save_draft, send_reply
from backstory.conversations.models import Conversation, Message, Participant, ThreadMove
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def boiler(write) -> Conversation:
    return write("It is cold.", subject="The boiler is cold", message_id="one@customer.example").conversation


@pytest.fixture
def invoice(write) -> Conversation:
    return write("It is wrong.", subject="Invoice 311", message_id="two@customer.example").conversation


def hijacked(cast, write, boiler: Conversation) -> Message:
    send_reply(cast.alice, boiler.pk, "A fitter will come on Friday.")
    return write("Where is my chair?", sender="tom@customer.example", subject="Chair", reply_token=boiler.reply_token)


def test_a_message_split_off_is_a_conversation_of_whoever_wrote_it(cast, write, boiler) -> None:
    message = hijacked(cast, write, boiler)
    move = split_message(cast.alice, message.pk)
    message.refresh_from_db()
    boiler.refresh_from_db()
    new = message.conversation
    assert new.customer.identities.get().value == "tom@customer.example"
    assert (new.subject, new.state, new.waiting_since, new.snippet) == (
        "Chair",
        "open",
        message.created_at,
        "Where is my chair?",
    )
    assert (boiler.state, boiler.snippet, boiler.waiting_since) == ("waiting", "A fitter will come on Friday.", None)
    assert (message.raw.conversation, message.doubt_answer, move.target) == (new, "split", new)
    assert not Participant.objects.exists()
    assert queries.moves_of(boiler) == queries.moves_of(new) == [move]


def test_what_was_split_off_goes_back_with_one_step(cast, write, boiler) -> None:
    message = hijacked(cast, write, boiler)
    move = split_message(cast.alice, message.pk)
    undo_move(cast.bob, move.pk)
    message.refresh_from_db()
    boiler.refresh_from_db()
    assert (message.conversation, message.doubt_answer, boiler.state) == (boiler, "", "open")
    assert Participant.objects.get().conversation == boiler
    assert queries.get_conversation(cast.alice, move.target_id) == boiler
    assert queries.moves_of(boiler) == []
    with pytest.raises(NotFound):
        undo_move(cast.bob, move.pk)


def test_answers_to_what_was_split_off_follow_it(cast, write, boiler) -> None:
    named = {"reply_token": boiler.reply_token, "message_id": "c@customer.example"}
    message = write("And my chair?", subject="Re: boiler", **named)
    split_message(cast.alice, message.pk)
    later = write("Any news of the chair?", in_reply_to="c@customer.example", subject="Re: boiler")
    message.refresh_from_db()
    assert later.conversation == message.conversation != boiler


def test_everything_that_followed_can_go_along_with_its_readings_and_promises(cast, write, boiler) -> None:
    message = write("And my chair?", subject="Re: boiler", reply_token=boiler.reply_token)
    record_reading(message.pk, language.read(message.text))
    answer = send_reply(cast.alice, boiler.pk, "I will send the chair by Friday.")
    Promise.objects.create(conversation=boiler, message=answer, quote="by Friday", owner=cast.alice)
    move = split_message(cast.alice, message.pk, following=True)
    assert list(move.target.messages.all()) == [message, answer]
    assert Reading.objects.get(message=message).conversation == Promise.objects.get().conversation == move.target
    undo_move(cast.alice, move.pk)
    assert Reading.objects.get(message=message).conversation == Promise.objects.get().conversation == boiler


def test_the_only_message_received_is_not_split_off(cast, boiler) -> None:
    with pytest.raises(Conflict):
        split_message(cast.alice, boiler.messages.get().pk)
    reply = send_reply(cast.alice, boiler.pk, "I am sorry.")
    with pytest.raises(InvalidInput):
        split_message(cast.alice, reply.pk)


def test_a_merged_conversation_leads_to_the_one_it_is_in(cast, write, boiler, invoice) -> None:
    save_draft(cast.alice, invoice.pk, "Dear Maya")
    move = merge_conversations(cast.alice, invoice.pk, boiler.pk)
    assert queries.get_conversation(cast.alice, invoice.pk) == boiler
    assert [row.pk for row in queries.queue(cast.alice, "all")] == [boiler.pk]
    assert [message.text for message in boiler.messages.all()] == ["It is cold.", "It is wrong."]
    assert queries.draft_of(cast.alice, boiler).text == "Dear Maya"
    assert write("Still wrong.", reply_token=invoice.reply_token, subject="Re: Invoice 311").conversation == boiler
    assert send_reply(cast.alice, invoice.pk, "I see.").conversation == boiler
    assert queries.moves_of(boiler) == [move]


def test_a_merge_opens_what_was_closed_and_its_undoing_closes_it_again(cast, boiler, invoice) -> None:
    close(cast.alice, boiler.pk)
    move = merge_conversations(cast.alice, invoice.pk, boiler.pk)
    boiler.refresh_from_db()
    assert (boiler.state, boiler.waiting_since) == ("open", boiler.messages.first().created_at)
    undo_move(cast.alice, move.pk)
    boiler.refresh_from_db()
    invoice.refresh_from_db()
    assert (boiler.state, invoice.state, invoice.merged_into) == ("closed", "open", None)
    assert boiler.closed_at and invoice.messages.count() == 1


def test_a_complaint_goes_along_and_comes_back(cast, boiler, invoice) -> None:
    complaint = open_complaint(cast.alice, invoice.pk)
    move = merge_conversations(cast.alice, invoice.pk, boiler.pk)
    assert complaint_for(cast.alice, boiler.pk) == complaint
    assert open_complaint(cast.alice, invoice.pk) == complaint
    undo_move(cast.alice, move.pk)
    assert Complaint.objects.get().conversation == invoice


def test_two_complaints_stay_two(cast, boiler, invoice) -> None:
    for each in (boiler, invoice):
        open_complaint(cast.alice, each.pk)
    with pytest.raises(Conflict, match="Both are complaints"):
        merge_conversations(cast.alice, invoice.pk, boiler.pk)
    assert not ThreadMove.objects.exists()
    assert invoice.messages.count() == 1


def test_conversations_of_two_customers_are_never_merged(cast, write, boiler) -> None:
    other = write("My chair.", sender="tom@customer.example", subject="Chair").conversation
    with pytest.raises(Conflict, match="different customers"):
        merge_conversations(cast.alice, other.pk, boiler.pk)


def test_who_may_not_move_messages_is_told_so(cast, write, boiler, invoice) -> None:
    message = write("And my chair?", subject="Re: boiler", reply_token=boiler.reply_token)
    for viewer, error in ((cast.charlie, NotFound), (cast.dana, NotAllowed)):
        with pytest.raises(error):
            split_message(viewer, message.pk)
        with pytest.raises(error):
            merge_conversations(viewer, invoice.pk, boiler.pk)
    move = merge_conversations(cast.alice, invoice.pk, boiler.pk)
    for viewer, error in ((cast.charlie, NotFound), (cast.dana, NotAllowed)):
        with pytest.raises(error):
            undo_move(viewer, move.pk)


def test_a_step_is_taken_back_only_from_where_the_messages_are(cast, write, boiler, invoice) -> None:
    chair = write("My chair.", subject="Chair").conversation
    first = merge_conversations(cast.alice, chair.pk, invoice.pk)
    second = merge_conversations(cast.alice, invoice.pk, boiler.pk)
    assert queries.get_conversation(cast.alice, chair.pk) == boiler
    with pytest.raises(Conflict, match="moved on"):
        undo_move(cast.alice, first.pk)
    undo_move(cast.alice, second.pk)
    undo_move(cast.alice, first.pk)
    assert [each.messages.count() for each in (boiler, invoice, chair)] == [1, 1, 1]


def test_a_conversation_in_which_more_was_said_is_not_folded_back(cast, write, boiler) -> None:
    message = write("And my chair?", subject="Re: boiler", reply_token=boiler.reply_token)
    move = split_message(cast.alice, message.pk)
    send_reply(cast.alice, move.target_id, "It is on its way.")
    with pytest.raises(Conflict, match="More was said"):
        undo_move(cast.alice, move.pk)
