"""The pages of reviews."""

import pytest
from django.test import Client
from django.urls import reverse

from backstory.cases.models import Card, Review
from backstory.cases.scorecard import KEYS
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Message
from conftest import Cast

YES = dict.fromkeys(KEYS, "yes")


@pytest.fixture
def review(cast: Cast, letter: Message, alice: Client) -> Review:
    send_reply(cast.alice, letter.conversation_id, "What does it mean for you at home?")
    alice.post(reverse("web:begin_review", args=[letter.conversation_id]))
    return Review.objects.get()


def test_an_agent_judges_first_and_then_the_lead_and_then_both_see_both(
    review: Review, alice: Client, bob: Client
) -> None:
    address = reverse("web:review", args=[review.pk])
    assert "Their own view comes first" in bob.get(address).content.decode()
    assert alice.post(address, {**YES, "note": "I asked <early>."}).status_code == 302
    page = bob.get(address).content.decode()
    assert "I asked" not in page and "Give this view" in page
    bob.post(address, {**YES, "asked": "no"})
    for browser in (alice, bob):
        html = browser.get(address).content.decode()
        assert "I asked &lt;early&gt;." in html and "Bob" in html


def test_a_line_left_open_is_named_and_what_was_chosen_stays(review: Review, alice: Client) -> None:
    answer = alice.post(reverse("web:review", args=[review.pk]), {"asked": "yes", "note": "half"})
    html = answer.content.decode()
    assert answer.status_code == 400 and "for every line" in html and "half</textarea>" in html
    assert not Card.objects.exists()


def test_the_list_says_whose_turn_it_is_and_leads_see_agreement(review: Review, alice: Client, bob: Client) -> None:
    assert "Your turn" in alice.get(reverse("web:reviews")).content.decode()
    html = bob.get(reverse("web:reviews")).content.decode()
    assert "Waits for their own view" in html and "How far we agree" in html


def test_an_empty_list_says_how_to_begin(charlie: Client) -> None:
    assert "No review yet" in charlie.get(reverse("web:reviews")).content.decode()
