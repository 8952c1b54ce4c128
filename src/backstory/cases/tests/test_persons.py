"""Two customers who are one person: proposed on grounds, said by a person, and taken back."""

from collections.abc import Callable

import pytest

from backstory.cases.actions import merge_conversations, undo_move
from backstory.conversations import queries
from backstory.conversations.actions import same_person, send_reply, undo_same_person
from backstory.conversations.letters import Address
from backstory.conversations.models import Conversation, Message, Participant
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backstory.live.models import Event
from backstory.people.actions import decline_surveys
from backstory.people.models import Customer, CustomerMerge
from backstory.people.queries import customer_by_unsubscribe_token, unsubscribe_link
from conftest import Cast

pytestmark = pytest.mark.django_db
HOME, WORK = "maya.lind@home.example", "m.lind@work.example"
Write = Callable[..., Message]


def talk(write: Write, sender: str, **fields: object) -> Conversation:
    return write("It is cold.", sender=sender, from_name="Maya Lind", **fields).conversation


def proposed(cast: Cast, conversation: Conversation) -> dict[str, tuple[str, ...]]:
    return {each.addresses[0]: each.grounds for each in queries.perhaps_same(cast.alice, conversation)}


def test_the_other_address_joins_the_threads_of_the_same_person(cast: Cast, write: Write) -> None:
    home = talk(write, HOME, subject="The boiler is cold")
    work = talk(write, WORK, subject="A broken chair")
    send_reply(cast.alice, home.pk, "A fitter comes on Friday.")
    apart = write("And?", sender=WORK, from_name="Maya Lind", subject="Re: The boiler is cold").conversation
    assert apart not in (home, work), "before anybody said so it is a stranger's"
    same_person(cast.alice, home.pk, work.pk)
    joined = write("And now?", sender=WORK, from_name="Maya Lind", subject="Re: The boiler is cold")
    assert joined.conversation.customer.name == "Maya Lind"
    assert joined.conversation in (home, apart)
    first = write("Thanks", sender=WORK, subject="A new matter").conversation
    assert first.customer_id == home.customer_id


def test_everything_that_named_the_one_names_the_other(cast: Cast, write: Write) -> None:
    home, work = talk(write, HOME), talk(write, WORK)
    old = work.customer
    link = unsubscribe_link(old).rstrip("/").rpartition("/")[2]
    merge = same_person(cast.alice, home.pk, work.pk)
    assert set(home.customer.conversations.all()) == {home, work}
    assert set(home.customer.identities.values_list("value", flat=True)) == {HOME, WORK}
    assert merge.moved.keys() == {"people.identity.customer", "conversations.conversation.customer"}
    assert customer_by_unsubscribe_token(link) == home.customer, "a link that was given out leads on"
    told = Event.objects.filter(kind="customer.merged").values_list("conversation_id", flat=True)
    assert set(told) == {home.pk, work.pk}


def test_whoever_wants_no_questions_gets_none_and_what_is_taken_back_is_as_before(cast: Cast, write: Write) -> None:
    home, work = talk(write, HOME), talk(write, WORK)
    decline_surveys(work.customer_id)
    merge = same_person(cast.alice, home.pk, work.pk)
    assert Customer.objects.get(pk=home.customer_id).surveys_declined_at
    later = talk(write, WORK, subject="Another matter")
    undo_same_person(cast.alice, merge.pk)
    for row in (home, work, later):
        row.refresh_from_db()
    assert work.customer_id == later.customer_id != home.customer_id
    assert list(home.customer.identities.values_list("value", flat=True)) == [HOME]
    assert not Customer.objects.get(pk=home.customer_id).surveys_declined_at
    assert work.customer.surveys_declined_at and work.customer.merged_into is None
    with pytest.raises(NotFound):
        undo_same_person(cast.alice, merge.pk)


def test_who_took_part_by_the_other_address_was_the_customer_until_it_is_taken_back(cast: Cast, write: Write) -> None:
    home, work = talk(write, HOME), talk(write, WORK)
    write("From my desk.", sender=WORK, from_name="Maya Lind", reply_token=home.reply_token)
    part = Participant.objects.get(conversation=home, address=WORK)
    assert part.kind == Participant.Kind.UNKNOWN
    assert proposed(cast, home) == {WORK: ("answered",)}
    merge = same_person(cast.alice, home.pk, work.pk)
    part.refresh_from_db()
    assert part.kind == Participant.Kind.OTHER_ADDRESS
    assert proposed(cast, home) == {}
    undo_same_person(cast.alice, merge.pk)
    part.refresh_from_db()
    assert part.kind == Participant.Kind.UNKNOWN


def test_an_address_that_only_took_part_becomes_the_customers_own(cast: Cast, write: Write) -> None:
    home = talk(write, HOME)
    write("From my desk.", sender=WORK, from_name="Maya Lind", reply_token=home.reply_token)
    write("He is in.", sender="ben@home.example", from_name="Ben", reply_token=home.reply_token)
    assert proposed(cast, home) == {WORK: ("answered",)}
    same_person(cast.alice, home.pk, address=WORK)
    assert talk(write, WORK, subject="A new matter").customer_id == home.customer_id
    with pytest.raises(InvalidInput):
        same_person(cast.alice, home.pk, address="nobody@home.example")


def test_a_number_under_the_same_name_and_a_copy_to_oneself_are_grounds_and_a_name_alone_is_none(
    cast: Cast, write: Write
) -> None:
    home = talk(write, HOME, signature="Maya Lind\nTel. +49 30 555 01234", cc=(Address("maya.l@club.example", "Maya"),))
    talk(write, WORK, signature="M. Lind\n030/55501234")
    write("Hello", sender="maya.l@club.example", from_name="Maya Lind", subject="x")
    write("Hello", sender="maya@other.example", from_name="Maya Lind", subject="y")
    write("Hello", sender="ben@home.example", from_name="Ben Lind", signature="030 55501234", subject="z")
    assert proposed(cast, home) == {WORK: ("phone",), "maya.l@club.example": ("copied",)}


def test_nobody_is_proposed_or_merged_whom_the_viewer_may_not_see(cast: Cast, write: Write) -> None:
    home = talk(write, HOME, signature="030 55501234")
    elsewhere = talk(write, WORK, signature="030 55501234", mailbox=cast.parts_mailbox)
    assert proposed(cast, home) == {}
    assert queries.look_up(cast.alice, home, "lind") == []
    with pytest.raises(NotFound):
        same_person(cast.alice, home.pk, elsewhere.pk)
    with pytest.raises(NotAllowed):  # sees both, and works in neither team
        same_person(cast.dana, home.pk, elsewhere.pk)


def test_chains_and_conversations_merged_since_are_taken_back_in_order(cast: Cast, write: Write) -> None:

    home, work = talk(write, HOME), talk(write, WORK, subject="Other")
    club = write("Hello", sender="club@maya.example", from_name="M. L.", subject="x").conversation
    first = same_person(cast.alice, work.pk, club.pk)
    second = same_person(cast.alice, home.pk, work.pk)
    with pytest.raises(Conflict):
        undo_same_person(cast.alice, first.pk)
    move = merge_conversations(cast.alice, work.pk, home.pk)
    with pytest.raises(Conflict, match="merged since"):
        undo_same_person(cast.alice, second.pk)
    undo_move(cast.alice, move.pk)
    undo_same_person(cast.alice, second.pk)
    undo_same_person(cast.alice, first.pk)
    names = {row.pk: row.customer_id for row in Conversation.objects.all()}
    assert len(set(names.values())) == 3
    assert not CustomerMerge.objects.filter(undone_at=None).exists()


def test_they_are_found_by_name_and_address_to_choose_from(cast: Cast, write: Write) -> None:
    home, work = talk(write, HOME), talk(write, WORK)
    assert [each.conversation for each in queries.look_up(cast.alice, home, "work.ex")] == [work]
    assert queries.look_up(cast.alice, home, " ") == []
    same_person(cast.alice, home.pk, work.pk)
    with pytest.raises(InvalidInput, match="already"):
        same_person(cast.alice, home.pk, work.pk)
