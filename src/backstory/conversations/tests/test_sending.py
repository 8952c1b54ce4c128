"""Whom replies go to, taking them back, files of drafts, and that notes stay inside."""

from datetime import timedelta
from typing import Any

import pytest

from backstory.conversations import queries
from backstory.conversations.actions import (
    add_note,
    assign,
    attach,
    attend_delivery,
    begin_handing_over,
    cancel_delivery,
    claim_delivery,
    close,
    confirm_delivery,
    detach,
    discard_draft,
    mark_bounced,
    mark_deferred,
    mark_sent,
    mark_uncertain,
    retry_delivery,
    save_draft,
    send_notice,
    send_reply,
    undo_send,
)
from backstory.conversations.letters import Address, Dispatch
from backstory.conversations.models import Attachment, Conversation, Delivery, Draft, Message
from backstory.conversations.queries.outgoing import LONG
from backstory.conversations.recipients import UnconfirmedRecipients
from backstory.kernel import clock, files
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backstory.live.models import Event
from backstory.people.actions import note_trouble

pytestmark = pytest.mark.django_db
HELD = Dispatch(hold_seconds=10)
State = Delivery.State
TOM = Address("tom@partner.example", "Tom")


def emails(people: list[dict[str, str]]) -> list[str]:
    return [one["email"] for one in people]


def test_a_reply_keeps_everybody_in_copy_but_our_own_mailboxes(cast, write) -> None:
    to = (Address("care@desk.example"), Address("sue@customer.example"))
    first = write("Cold.", to=to, cc=(TOM, Address("parts+x@desk.example")))
    reply = send_reply(cast.alice, first.conversation_id, "I am on it.", Dispatch(confirmed=frozenset()))
    assert emails(reply.to) == ["maya@customer.example"]
    assert emails(reply.cc) == ["sue@customer.example", "tom@partner.example"]
    assert reply.delivery.domain == "customer.example"


def test_a_notice_goes_to_the_customer_alone(cast, write) -> None:
    notice = send_notice(write("Cold.", cc=(TOM,)).conversation, "Your link.")
    assert (emails(notice.to), notice.cc, notice.quoted) == (["maya@customer.example"], [], "")


def test_a_doubtful_recipient_is_written_to_only_when_every_warning_was_seen(cast, write) -> None:
    first = write("Cold.")
    to = (Address("maya@customer.example"), Address("maya@custorner.example"))
    with pytest.raises(UnconfirmedRecipients) as refused:
        send_reply(cast.alice, first.conversation_id, "Hi", Dispatch(to=to, cc=(TOM,), confirmed=frozenset({"new"})))
    assert [str(one.doubt) for one in refused.value.warnings] == ["lookalike", "new"]
    assert not Delivery.objects.exists()
    seen = frozenset(one.key for one in refused.value.warnings)
    note_trouble("maya@customer.example", "undeliverable", "userunknown")
    with pytest.raises(UnconfirmedRecipients):
        send_reply(cast.alice, first.conversation_id, "Hi", Dispatch(to=to, cc=(TOM,), confirmed=seen))
    seen |= {"undeliverable:maya@customer.example:userunknown"}
    reply = send_reply(cast.alice, first.conversation_id, "Hi", Dispatch(to=to, cc=(TOM,), confirmed=seen))
    assert emails(reply.cc) == ["tom@partner.example"]


@pytest.mark.parametrize("to", [(), (Address("maya"),), tuple(Address(f"a{n}@b.example") for n in range(51))])
def test_recipients_that_make_no_letter_are_refused(cast, write, to) -> None:
    with pytest.raises(InvalidInput):
        send_reply(cast.alice, write("Cold.").conversation_id, "Hi", Dispatch(to=to, cc=()))


def test_what_is_quoted_is_the_message_answered_and_never_a_note(cast, write) -> None:
    first = write("It is cold.", from_name="Maya")
    add_note(cast.alice, first.conversation_id, "SECRET: she is difficult")
    reply = send_reply(cast.alice, first.conversation_id, "I will come.", Dispatch(quote=True))
    add_note(cast.bob, first.conversation_id, "SECRET again")
    again = send_reply(cast.alice, first.conversation_id, "I came.", Dispatch(quote=True))
    for message in (reply, again):
        assert message.quoted.endswith("Maya wrote:\n> It is cold.")
    assert send_reply(cast.alice, first.conversation_id, "Bye.", Dispatch(quote=False)).quoted == ""


def test_quoting_is_as_the_mailbox_does_unless_its_writer_says_otherwise(cast, write) -> None:
    conversation = write("Cold.").conversation
    assert queries.quotes(cast.alice, conversation)
    conversation.mailbox.quote_replies = False
    assert not queries.quotes(cast.alice, conversation)
    cast.alice.quote_replies = "yes"
    assert queries.quotes(cast.alice, conversation)


def test_a_reply_is_held_for_a_moment_and_then_goes(cast, write) -> None:
    delivery = send_reply(cast.alice, write("Cold.").conversation_id, "I am on it.", HELD).delivery
    assert delivery.state == State.HELD and claim_delivery(delivery.pk) is None
    assert queries.due_deliveries(clock.now()) == []
    with clock.travel(clock.ahead(seconds=11)):
        assert queries.due_deliveries(clock.now()) == [delivery.pk]
        assert claim_delivery(delivery.pk) is not None
        with pytest.raises(Conflict, match="Too late"):
            undo_send(cast.alice, delivery.pk)


def test_a_reply_taken_back_is_a_draft_again_and_the_conversation_as_it_was(cast, write) -> None:
    conversation = close(cast.bob, write("Cold.").conversation_id)
    conversation.refresh_from_db()
    before = Conversation.objects.filter(pk=conversation.pk).values().get()
    file = attach(cast.alice, conversation.pk, "plan.pdf", b"%PDF")
    sent = send_reply(
        cast.alice,
        conversation.pk,
        "I am on it.",
        Dispatch(to=(TOM,), cc=(), files=(file.pk,), quote=False, hold_seconds=10),
    )
    assert list(sent.attachments.all()) == [file] and not Draft.objects.exists()
    draft = undo_send(cast.alice, sent.delivery.pk)
    assert (draft.text, draft.mode, draft.quote) == ("I am on it.", "reply", False)
    assert (emails(draft.to), draft.cc, list(draft.attachments.all())) == (["tom@partner.example"], [], [file])
    assert Conversation.objects.filter(pk=conversation.pk).values().get() == before
    assert not Message.objects.filter(pk=sent.pk).exists() and not Delivery.objects.exists()
    assert Event.objects.filter(kind="message.taken_back", actor_name="Alice Archer").count() == 1


def test_what_was_begun_meanwhile_is_kept_and_a_note_never_becomes_part_of_a_reply(cast, write) -> None:
    pk = write("Cold.").conversation_id
    sent = send_reply(cast.alice, pk, "I am on it.", HELD)
    save_draft(cast.alice, pk, "She is difficult.", mode="note")
    draft = undo_send(cast.alice, sent.delivery.pk)
    assert (draft.text, draft.mode) == ("I am on it.\n\nShe is difficult.", "note")


def test_only_its_writer_takes_a_letter_back_and_only_once(cast, write) -> None:
    sent = send_reply(cast.alice, write("Cold.").conversation_id, "I am on it.", HELD)
    with pytest.raises(NotAllowed):
        undo_send(cast.bob, sent.delivery.pk)
    with pytest.raises(NotFound):
        undo_send(cast.charlie, sent.delivery.pk)
    undo_send(cast.alice, sent.delivery.pk)
    with pytest.raises(NotFound):
        undo_send(cast.alice, sent.delivery.pk)


def test_taking_back_keeps_what_happened_since(cast, write) -> None:
    first = write("Cold.")
    sent = send_reply(cast.alice, first.conversation_id, "I am on it.", HELD)
    write("And dark.", reply_token=first.conversation.reply_token)
    assign(cast.bob, first.conversation_id, cast.bob.pk)
    undo_send(cast.alice, sent.delivery.pk)
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.assignee, conversation.snippet) == ("open", cast.bob, "And dark.")
    assert conversation.waiting_since == first.created_at


def test_files_of_a_draft_are_its_writers_and_go_with_it(
    cast, write, settings: Any, django_capture_on_commit_callbacks
) -> None:
    pk = write("Cold.").conversation_id
    settings.ATTACHMENTS_MAX_BYTES = 10
    first = attach(cast.alice, pk, "a.txt", b"12345")
    assert attach(cast.alice, pk, "a.txt", b"1").name == "a-2.txt"
    for name, data in (("b.txt", b"123456"), ("run.EXE ", b"1"), ("empty.txt", b"")):
        with pytest.raises(InvalidInput):
            attach(cast.alice, pk, name, data)
    assert queries.get_attachment(cast.alice, first.pk) == first
    for other in (cast.bob, cast.charlie):
        with pytest.raises(NotFound):
            queries.get_attachment(other, first.pk)
    with pytest.raises(Conflict):
        send_reply(cast.bob, pk, "Hi", Dispatch(files=(first.pk,)))
    with django_capture_on_commit_callbacks(execute=True):
        detach(cast.alice, pk, first.pk)
    with pytest.raises(OSError):
        files.get(first.path)
    discard_draft(cast.alice, pk)
    assert not Attachment.objects.exists() and not Draft.objects.exists()


def test_a_note_takes_its_files_and_can_never_become_mail(cast, write) -> None:
    pk = write("Cold.").conversation_id
    file = attach(cast.alice, pk, "plan.pdf", b"%PDF")
    note = add_note(cast.alice, pk, "See the plan.", (file.pk,))
    assert list(note.attachments.all()) == [file] and not Delivery.objects.exists()


def test_a_reply_by_a_program_sends_no_file_that_nobody_named(cast, write) -> None:
    pk = write("Cold.").conversation_id
    attach(cast.alice, pk, "plan.pdf", b"%PDF")
    assert not send_reply(cast.alice, pk, "Hi").attachments.exists()


def claimed(cast, write) -> Delivery:
    found = claim_delivery(send_reply(cast.alice, write("Cold.", cc=(TOM,)).conversation_id, "Hi").delivery.pk)
    assert found is not None
    return found


def test_each_recipient_is_remembered_and_only_the_others_are_tried_again(cast, write) -> None:
    delivery = claimed(cast, write)
    mark_deferred(delivery, "450 later", {"maya@customer.example": "sent"})
    assert delivery.state == State.DEFERRED and delivery.sent_at
    with clock.travel(delivery.next_attempt_at):
        again = claim_delivery(delivery.pk)
        assert again is not None and again.results == {"maya@customer.example": "sent"}
        mark_sent(again, results={"tom@partner.example": "550 no such user"})
    assert again.state == State.SENT and "Not taken for tom@partner.example" in again.last_error
    assert list(queries.stuck_deliveries(cast.bob)) == [again]
    assert retry_delivery(cast.alice, again.pk).results == {"maya@customer.example": "sent"}


def test_a_copy_that_came_back_is_tried_again_alone(cast, write) -> None:
    delivery = claimed(cast, write)
    mark_sent(delivery, results={"maya@customer.example": "sent", "tom@partner.example": "sent"})
    mark_bounced(delivery, "tom: userunknown", "Tom@partner.example")
    assert retry_delivery(cast.alice, delivery.pk).results == {"maya@customer.example": "sent"}
    again = claim_delivery(delivery.pk)
    assert again is not None
    mark_sent(again, results={"tom@partner.example": "sent"})
    mark_bounced(again, "nobody knows whose")
    assert retry_delivery(cast.alice, delivery.pk).results == {}


def test_a_person_decides_about_a_letter_that_was_perhaps_sent(cast, write) -> None:
    delivery = claimed(cast, write)
    begin_handing_over(delivery)
    mark_uncertain(delivery, "broken")
    assert list(queries.stuck_deliveries(cast.dana)) == [delivery]
    assert confirm_delivery(cast.dana, delivery.pk).state == State.SENT
    assert not queries.stuck_deliveries(cast.bob).exists()
    with pytest.raises(Conflict):
        confirm_delivery(cast.alice, delivery.pk)


def test_a_letter_that_waits_is_stopped_and_one_that_came_back_is_set_aside(cast, write) -> None:
    delivery = claimed(cast, write)
    with pytest.raises(Conflict):
        cancel_delivery(cast.bob, delivery.pk)
    mark_deferred(delivery, "450 later")
    assert cancel_delivery(cast.bob, delivery.pk).state == State.FAILED
    assert not queries.stuck_deliveries(cast.bob).exists() and claim_delivery(delivery.pk) is None
    mark_bounced(delivery, "tom: userunknown 5.1.1")
    assert delivery.state == State.BOUNCED and queries.stuck_deliveries(cast.bob).exists()
    attend_delivery(cast.bob, delivery.pk)
    assert not queries.stuck_deliveries(cast.bob).exists()


def test_who_may_see_the_letters_that_did_not_get_through(cast, write) -> None:
    mark_deferred(claimed(cast, write), "450 later")
    for agent in (cast.alice, cast.charlie):
        with pytest.raises(NotAllowed):
            queries.stuck_deliveries(agent)
    assert not queries.stuck_deliveries(cast.bob).exists(), "one try is no reason to worry"
    Delivery.objects.update(attempts=LONG)
    assert queries.stuck_deliveries(cast.bob).count() == queries.stuck_deliveries(cast.dana).count() == 1


def test_a_letter_that_no_worker_takes_is_noticed(cast, write) -> None:
    send_reply(cast.alice, write("Cold.").conversation_id, "Hi")
    assert not queries.stuck_deliveries(cast.bob).exists()
    with clock.travel(clock.now() + timedelta(minutes=6)):
        assert queries.stuck_deliveries(cast.bob).count() == 1


def test_a_domain_is_written_to_no_faster_than_its_rate(cast, write, settings: Any) -> None:
    settings.MAIL_DOMAIN_RATE = 2
    pk = write("Cold.").conversation_id
    waiting = [send_reply(cast.alice, pk, f"Letter {n}").delivery.pk for n in range(3)]
    other = send_reply(cast.alice, write("Hi", sender="priya@other.example").conversation_id, "Hi").delivery.pk
    assert [claim_delivery(each) is not None for each in (*waiting, other)] == [True, True, False, True]
    last = Delivery.objects.get(pk=waiting[2])
    assert last.state == State.WAITING and "Waits for its turn" in last.last_error
    with clock.travel(last.next_attempt_at):
        assert claim_delivery(last.pk) is not None
