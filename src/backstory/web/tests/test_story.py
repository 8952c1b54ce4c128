"""The backstory beside the thread: the customer's words, what was told before, what had to be told again."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from backstory import language
from backstory.cases import actions
from backstory.cases.models import Backstory, Complaint, Retelling
from backstory.conversations.models import Message
from backstory.live.models import Event
from conftest import Cast

LETTER = (
    "There is NEVER enough hot water!!! This is outrageous, you are the worst. "
    "Move my family to another house at once! "
    "I work until 6, please don't call before."
)


@pytest.fixture
def letter(write: Callable[..., Message]) -> Message:
    message = write(LETTER)
    actions.record_reading(message.pk, language.read(LETTER, explain=True))
    return message


@pytest.fixture
def complaint(cast: Cast, letter: Message) -> Complaint:
    return actions.open_complaint(cast.alice, letter.conversation_id)


def page(client: Client, message: Message) -> str:
    return client.get(reverse("web:conversation", args=[message.conversation_id])).content.decode()


def test_an_empty_form_holds_the_customers_words_and_shows_where_they_stand(
    alice: Client, letter: Message, complaint: Complaint
) -> None:
    html = page(alice, letter)
    assert "I work until 6, please don&#39;t call before.</textarea>" in html
    assert f'class="story-source" href="#message-{letter.pk}"' in html
    assert not Backstory.objects.exists()


def test_the_consequences_are_saved_with_the_rest(alice: Client, complaint: Complaint) -> None:
    sent = {"stated_problem": "cold water", "affected": "the baby", "matters_by": "tonight"}
    alice.post(reverse("web:backstory", args=[complaint.pk]), sent)
    row = Backstory.objects.get()
    assert (row.stated_problem, row.affected, row.matters_by, row.need) == ("cold water", "the baby", "tonight", "")


def test_their_yes_is_offered_and_recorded_with_one_press(
    cast: Cast, alice: Client, letter: Message, complaint: Complaint, write: Callable[..., Message]
) -> None:
    actions.save_backstory(cast.alice, complaint.pk, need="the child's safety")
    actions.send_summary(cast.alice, complaint.pk, "This is what I heard. Right?")
    write("Yes, exactly that.", reply_token=letter.conversation.reply_token)
    html = page(alice, letter)
    assert "sounds like a yes" in html and 'data-key="h"' in html
    alice.post(reverse("web:confirm_backstory", args=[complaint.pk]), {"confirmation": "Yes, exactly that."})
    assert Backstory.objects.get().confirmation == "Yes, exactly that."


def test_an_earlier_complaint_opens_beside_the_new_one_and_the_reading_is_recorded(
    cast: Cast, alice: Client, complaint: Complaint, write: Callable[..., Message]
) -> None:
    actions.save_backstory(cast.alice, complaint.pk, backstory="the baby has croup")
    html = page(alice, write("The lift is broken.", subject="Lift"))
    assert complaint.number in html and "croup" not in html
    Event.objects.filter(kind="backstory.read").delete()
    opened = alice.get(reverse("web:story", args=[complaint.pk])).content.decode()
    assert "the baby has croup" in opened
    assert Event.objects.filter(kind="backstory.read").count() == 1


def test_what_had_to_be_told_again_stands_above_the_thread_until_somebody_says_not_so(
    alice: Client, letter: Message
) -> None:
    row = Retelling.objects.create(
        message=letter,
        conversation_id=letter.conversation_id,
        earlier=letter,
        ground="says_so",
        quote="as I <b>said</b>",
        other_agent=True,
    )
    html = page(alice, letter)
    assert "as I &lt;b&gt;said&lt;/b&gt;" in html and "Somebody else here heard it first." in html
    alice.post(reverse("web:deny_retelling", args=[row.pk]))
    assert "heard it first" not in page(alice, letter)


def test_a_reaction_larger_than_the_matter_is_a_reason_to_ask(alice: Client, letter: Message) -> None:
    message = letter
    message.reading.data["gap"] = {
        "score": 0.9,
        "reaction": {"kind": "reaction", "text": "you are the worst", "start": 55, "end": 72},
        "matter": {"kind": "matter", "text": "never enough hot water", "start": 9, "end": 31},
    }
    message.reading.save()
    html = page(alice, letter)
    assert "The reaction is larger than the stated matter" in html and "you are the worst" in html
    assert "data-insert" in html  # questions are offered before it is a complaint
