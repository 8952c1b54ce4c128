"""What the desk says, and how it goes out."""

from datetime import timedelta

import pytest

from backstory.conversations import queries
from backstory.conversations.actions import (
    add_note,
    assign,
    begin_handing_over,
    claim_delivery,
    close,
    mark_deferred,
    mark_failed,
    mark_sent,
    release_stuck,
    reopen,
    retry_delivery,
    save_draft,
    send_notice,
    send_reply,
)
from backstory.conversations.models import Conversation, Delivery, Draft, Message
from backstory.conversations.rules import BACK_OFF_MINUTES
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotFound

pytestmark = pytest.mark.django_db


def test_a_reply_carries_threading_headers_and_waits_to_be_sent(cast, write) -> None:
    first = write("Cold.", message_id="one@customer.example", references=("zero@customer.example",), subject="Cold")
    reply = send_reply(cast.alice, first.conversation_id, "I am on it.")
    assert reply.in_reply_to == "one@customer.example"
    assert reply.references == ["zero@customer.example", "one@customer.example"]
    assert reply.subject == "Re: Cold"
    assert reply.to == [{"name": "Maya", "email": "maya@customer.example"}]
    assert reply.delivery.state == Delivery.State.WAITING
    assert reply.message_id.endswith("@desk.example")


def test_a_reply_makes_the_conversation_wait_and_takes_it(cast, write) -> None:
    conversation = write("Cold.").conversation
    send_reply(cast.alice, conversation.pk, "I am on it.")
    conversation.refresh_from_db()
    assert (conversation.state, conversation.assignee, conversation.waiting_since) == (
        Conversation.State.WAITING,
        cast.alice,
        None,
    )


def test_a_reply_goes_to_the_address_the_customer_asked_for(cast, write) -> None:
    from backstory.conversations.letters import Address

    first = write("Cold.", reply_to=(Address("maya.work@customer.example"),))
    assert send_reply(cast.alice, first.conversation_id, "Hello").to[0]["email"] == "maya.work@customer.example"


def test_an_empty_reply_is_refused_in_words(cast, write) -> None:
    with pytest.raises(InvalidInput, match="nothing written"):
        send_reply(cast.alice, write("Cold.").conversation_id, " \n ")


def test_somebody_of_another_team_finds_no_such_conversation(cast, write) -> None:
    conversation = write("Cold.").conversation
    for step in (
        lambda: send_reply(cast.charlie, conversation.pk, "Hello"),
        lambda: add_note(cast.charlie, conversation.pk, "Hello"),
        lambda: save_draft(cast.charlie, conversation.pk, "Hello"),
        lambda: assign(cast.charlie, conversation.pk, cast.charlie.pk),
        lambda: close(cast.charlie, conversation.pk),
        lambda: queries.get_conversation(cast.charlie, conversation.pk),
    ):
        with pytest.raises(NotFound):
            step()


def test_a_note_has_no_delivery_and_so_can_never_become_mail(cast, write) -> None:
    note = add_note(cast.alice, write("Cold.").conversation_id, "She sounded worried.")
    assert note.direction == Message.Direction.NOTE
    assert not Delivery.objects.filter(message=note).exists()


def test_a_draft_is_kept_per_agent_and_gone_when_sent(cast, write) -> None:
    conversation = write("Cold.").conversation
    save_draft(cast.alice, conversation.pk, "Dear Ma")
    save_draft(cast.bob, conversation.pk, "Hello")
    assert queries.draft_of(cast.alice, conversation).text == "Dear Ma"
    send_reply(cast.alice, conversation.pk, "Dear Maya")
    assert [draft.user for draft in Draft.objects.all()] == [cast.bob]


def test_only_a_colleague_of_the_team_can_be_given_a_conversation(cast, write) -> None:
    conversation = write("Cold.").conversation
    assert assign(cast.alice, conversation.pk, cast.bob.pk).assignee == cast.bob
    with pytest.raises(InvalidInput):
        assign(cast.alice, conversation.pk, cast.charlie.pk)
    assert assign(cast.alice, conversation.pk, None).assignee is None


def test_closing_twice_and_reopening_twice_is_harmless(cast, write) -> None:
    conversation = write("Cold.").conversation
    assert close(cast.alice, conversation.pk).state == close(cast.alice, conversation.pk).state == "closed"
    assert reopen(cast.alice, conversation.pk).state == reopen(cast.alice, conversation.pk).state == "open"


def test_a_notice_leaves_the_state_of_the_conversation_alone(cast, write) -> None:
    conversation = close(cast.alice, write("Cold.").conversation_id)
    notice = send_notice(conversation, "Your link: …", kind=Delivery.Kind.NOTICE)
    conversation.refresh_from_db()
    assert conversation.state == Conversation.State.CLOSED
    assert notice.author is None
    assert notice.delivery.kind == Delivery.Kind.NOTICE


def test_a_status_link_never_goes_to_somebody_else_who_joined_the_thread(cast, write) -> None:
    first = write("Cold.", message_id="cold@customer.example")
    write("I am Maya.", sender="mallory@elsewhere.example", in_reply_to="cold@customer.example")
    notice = send_notice(first.conversation, "Your link: …", kind=Delivery.Kind.NOTICE)
    assert [one["email"] for one in notice.to] == ["maya@customer.example"]
    assert notice.in_reply_to == "cold@customer.example"
    reply = send_reply(cast.alice, first.conversation_id, "What do you need?")
    assert [one["email"] for one in reply.to] == ["mallory@elsewhere.example"], "a person sees whom they answer"


def waiting(cast, write) -> Delivery:
    return send_reply(cast.alice, write("Cold.").conversation_id, "I am on it.").delivery


def test_a_letter_can_be_claimed_by_one_worker_only(cast, write) -> None:
    delivery = waiting(cast, write)
    assert claim_delivery(delivery.pk) is not None
    assert claim_delivery(delivery.pk) is None


def test_a_deferred_letter_is_tried_again_later_and_then_given_up(cast, write) -> None:
    delivery = waiting(cast, write)
    moment = clock.now()
    for _ in BACK_OFF_MINUTES:
        with clock.travel(moment):
            claimed = claim_delivery(delivery.pk)
            assert claimed is not None
            mark_deferred(claimed, "451 later")
            assert claimed.state == Delivery.State.DEFERRED
            assert claim_delivery(delivery.pk) is None
            moment = claimed.next_attempt_at
    with clock.travel(moment):
        last = claim_delivery(delivery.pk)
        assert last is not None
        mark_deferred(last, "451 later")
    assert last.state == Delivery.State.FAILED
    assert "Given up" in last.last_error


def test_a_failed_letter_can_be_sent_again_by_a_person_but_a_sent_one_not(cast, write) -> None:
    claimed = claim_delivery(waiting(cast, write).pk)
    assert claimed is not None
    mark_failed(claimed, "550 no such user")
    assert retry_delivery(cast.alice, claimed.pk).state == Delivery.State.WAITING
    claimed = claim_delivery(claimed.pk)
    assert claimed is not None
    mark_sent(claimed)
    with pytest.raises(Conflict):
        retry_delivery(cast.alice, claimed.pk)


def test_a_letter_whose_worker_died_before_handing_it_over_is_tried_again(cast, write) -> None:
    claimed = claim_delivery(waiting(cast, write).pk)
    assert claimed is not None
    with clock.travel(clock.now() + timedelta(minutes=11)):
        assert release_stuck() == 1
        assert claim_delivery(claimed.pk) is not None
    assert not begin_handing_over(claimed), "the worker that was only slow must not send it too"
    mark_failed(claimed, "550 no such user")
    claimed.refresh_from_db()
    assert claimed.state == Delivery.State.SENDING, "nor say what became of it"


def test_a_letter_whose_worker_died_handing_it_over_is_shown_as_uncertain_not_sent_again(cast, write) -> None:
    claimed = claim_delivery(waiting(cast, write).pk)
    assert claimed is not None
    assert begin_handing_over(claimed)
    with clock.travel(clock.now() + timedelta(minutes=11)):
        assert release_stuck() == 1
    claimed.refresh_from_db()
    assert claimed.state == Delivery.State.UNCERTAIN
    assert claim_delivery(claimed.pk) is None


def test_a_draft_remembers_that_it_was_begun_as_a_note(cast, write) -> None:
    conversation = write("Cold.").conversation
    save_draft(cast.alice, conversation.pk, "She sounded worried.", mode="note")
    assert queries.draft_of(cast.alice, conversation).mode == "note"
    save_draft(cast.alice, conversation.pk, "Dear Maya", mode="reply")
    assert queries.draft_of(cast.alice, conversation).mode == "reply"
