"""Which thread a letter joins, who its sender is there, and what is offered when that is doubtful."""

from datetime import timedelta

import pytest

from backstory.conversations import queries
from backstory.conversations.actions import close, doubt_message_again, keep_message, send_reply, set_team
from backstory.conversations.letters import Address, Forward
from backstory.conversations.models import Message, Participant, RawMessage
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, NotAllowed, NotFound
from backstory.people.models import AddressTrouble

pytestmark = pytest.mark.django_db
Decision = RawMessage.Decision


def decided(message: Message) -> tuple[str, str, float | None]:
    raw = RawMessage.objects.get(message=message)
    assert raw.conversation_id == message.conversation_id and raw.decided_at
    return raw.decision, raw.basis, raw.confidence


@pytest.fixture
def reply(cast, write) -> Message:
    """Alice's reply to Maya about the boiler."""
    first = write("It is cold.", subject="The boiler is cold", message_id="one@customer.example")
    return send_reply(cast.alice, first.conversation_id, "I am sorry. A fitter will come to you on Friday morning.")


def test_each_way_to_join_is_kept_with_how_sure_it_is(write, reply) -> None:
    token = reply.conversation.reply_token
    by_address = write("Thanks.", subject="x", reply_token=token)
    by_reference = write("And?", subject="Re: boiler", in_reply_to=reply.message_id)
    by_subject = write("Hello?", subject="Re: The boiler is cold")
    assert {message.conversation for message in (by_address, by_reference, by_subject)} == {reply.conversation}
    assert decided(by_address) == (Decision.JOINED, "reply-address", 1.0)
    assert decided(by_reference) == (Decision.JOINED, "reference", 0.98)
    assert decided(by_subject) == (Decision.JOINED, "subject", 0.8)
    assert [by_reference.doubt, by_subject.doubt] == ["", Message.Doubt.SUBJECT]


def test_a_new_matter_is_kept_as_such(write) -> None:
    assert decided(write("It is cold.")) == (Decision.NEW, "", None)


def test_a_copied_person_who_answers_all_joins_and_is_known_as_such(cast, write, reply) -> None:
    write("My husband reads along.", in_reply_to=reply.message_id, cc=(Address("ben@home.example", "Ben"),))
    joined = write("I can be there.", sender="ben@home.example", from_name="Ben", in_reply_to=reply.message_id)
    part = Participant.objects.get(address="ben@home.example")
    assert (joined.conversation, part.kind, part.name) == (reply.conversation, Participant.Kind.COPIED, "Ben")
    assert joined.conversation.customer.name != "Ben"


def test_a_copied_person_whose_program_drops_the_references_joins_by_subject(write, reply) -> None:
    write("My husband reads along.", in_reply_to=reply.message_id, cc=(Address("ben@home.example", "Ben"),))
    joined = write("I can be there.", sender="ben@home.example", subject="AW: The boiler is cold")
    assert decided(joined) == (Decision.JOINED, "subject", 0.8)


def test_an_unknown_person_with_the_reply_address_is_no_customer(cast, write, reply) -> None:
    token = reply.conversation.reply_token
    write("Let me in.", sender="eve@elsewhere.example", reply_token=token, subject="Re: boiler")
    assert Participant.objects.get().kind == Participant.Kind.UNKNOWN
    assert queries.answered(reply.conversation, only_customer=True).sender_address == "maya@customer.example"


def test_a_thread_handed_to_another_team_is_found_by_our_letter(cast, write, reply) -> None:
    set_team(cast.alice, reply.conversation_id, cast.parts.pk)
    assert write("Any news?", in_reply_to=reply.message_id).conversation == reply.conversation


def test_a_hijacked_thread_is_offered_to_be_split(cast, write, reply) -> None:
    taken = write(
        "Your invoice is wrong.",
        sender="tom@customer.example",
        subject="Invoice 2026-311",
        references=(reply.message_id,),
    )
    assert (taken.conversation, taken.doubt) == (reply.conversation, Message.Doubt.HIJACK)
    assert decided(taken)[2] == 0.5


def test_a_new_subject_long_after_the_end_is_offered_to_be_split(cast, write, reply) -> None:
    close(cast.alice, reply.conversation_id)
    with clock.travel(clock.now() + timedelta(days=60)):
        taken = write("Now my invoice is wrong.", subject="Invoice 2026-311", in_reply_to=reply.message_id)
    assert taken.doubt == Message.Doubt.HIJACK


def test_a_doubt_is_answered_and_taken_back(cast, write, reply) -> None:
    taken = write("Hello?", subject="Re: The boiler is cold")
    assert keep_message(cast.alice, taken.pk).doubt_answer == "kept"
    assert doubt_message_again(cast.alice, taken.pk).doubt_answer == ""
    with pytest.raises(NotFound):
        keep_message(cast.charlie, taken.pk)
    with pytest.raises(NotAllowed):
        keep_message(cast.dana, taken.pk)
    with pytest.raises(Conflict):
        keep_message(cast.alice, reply.pk)


def test_what_a_colleague_writes_into_a_thread_is_a_note(cast, write, reply) -> None:
    note = write("Be kind to her.", sender="bob@desk.example", from_name="Bob", in_reply_to=reply.message_id)
    assert (note.direction, note.author) == (Message.Direction.NOTE, None)
    assert decided(note) == (Decision.NOTE, "reference", 0.98)
    assert Participant.objects.get().kind == Participant.Kind.COLLEAGUE
    reply.conversation.refresh_from_db()
    assert reply.conversation.state == "waiting"


def test_a_forwarded_original_belongs_to_its_author_and_the_words_with_it_to_the_team(cast, write) -> None:
    by = Address("alice@desk.example", "Alice Archer")
    message = write("It is cold.", forward=Forward(by, "She called me twice.", confidence=0.9))
    note = message.conversation.messages.get(direction=Message.Direction.NOTE)
    assert message.conversation.customer.identities.get().value == "maya@customer.example"
    assert (note.text, note.sender_name, note.author) == ("She called me twice.", "Alice Archer", None)
    assert decided(message) == (Decision.FORWARDED, "", 0.9)


def test_a_forward_of_a_letter_we_have_adds_only_the_words_with_it(cast, write) -> None:
    known = write("It is cold.", message_id="one@customer.example")
    from backstory.conversations.actions import receive, store_raw
    from backstory.conversations.letters import Inbound

    by = Address("alice@desk.example", "Alice Archer")
    raw, _ = store_raw("email", cast.mailbox, b"forwarded")
    again = Inbound(
        channel="email",
        from_address="maya@customer.example",
        text="It is cold.",
        message_id="one@customer.example",
        forward=Forward(by, "Please see to it.", "f@desk.example"),
    )
    assert receive(again, cast.mailbox, raw) is None
    raw.refresh_from_db()
    assert (raw.decision, raw.conversation) == (Decision.DUPLICATE, known.conversation)
    assert [message.text for message in known.conversation.messages.all()] == ["It is cold.", "Please see to it."]


def test_mail_from_an_address_shows_that_it_works(write) -> None:
    AddressTrouble.objects.create(value="maya@customer.example", reason="userunknown")
    message = write("I am here.", sender="Maya@Customer.example")
    assert not AddressTrouble.objects.exists()
    assert message.conversation.pk
