"""Phrases in the reply box and on the team's page."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from backstory.cases.actions import note_phrases
from backstory.cases.models import Phrase
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Message
from backstory.web.tests.conftest import HTMX, Opener
from conftest import Cast

pytestmark = pytest.mark.django_db


def test_phrases_that_fit_are_offered_with_the_customers_name_in_them(
    cast: Cast, alice: Client, charlie: Client, letter: Message
) -> None:
    path = f"/conversations/{letter.conversation_id}/phrases/"
    found = alice.get(path, {"q": "thank telling"}, headers=HTMX).content.decode()
    name = letter.conversation.customer.name.split(" ")[0]
    assert f"Thank you for telling me this, {name}." in found and "Connect" in found and "not sent yet" in found
    assert "No phrase has these words." in alice.get(path, {"q": "xyzzy"}).content.decode()
    assert charlie.get(path).status_code == 404


def test_what_followed_is_shown_with_too_few_said_so(cast: Cast, alice: Client, letter: Message) -> None:
    note_phrases(send_reply(cast.alice, letter.conversation_id, "Hello, who else does this affect?").pk)
    shown = alice.get("/phrases/?q=affect").content.decode()
    assert "sent 1 time" in shown
    assert "Save" not in shown  # agents read, leads edit


def test_a_lead_adds_changes_hides_and_restores(cast: Cast, bob: Client, alice: Client) -> None:
    team = str(cast.care.pk)
    add = {"team": team, "language": "en", "decision": "save", "text": "We are neighbours.", "step": "connect"}
    assert bob.post("/phrases/", add).status_code == 302
    assert alice.post("/phrases/", add).status_code == 403
    assert "We are neighbours." in alice.get("/phrases/").content.decode()
    bob.post("/phrases/", {"team": team, "language": "en", "decision": "hide", "key": "ask-affected"})
    assert "not offered" in bob.get("/phrases/?q=ask-affected").content.decode()
    bob.post("/phrases/", {"team": team, "language": "en", "decision": "restore", "key": "ask-affected"})
    assert Phrase.objects.get().text == "We are neighbours."
    assert bob.post("/phrases/", add | {"text": ""}, headers=HTMX).status_code in (400, 422)


def test_somebody_in_no_team_has_no_phrases(dana: Client) -> None:
    assert dana.get("/phrases/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_phrase_is_found_by_key_put_at_the_caret_and_filled_in(
    cast: Cast, letter: Message, wide_page: Opener
) -> None:
    page = wide_page(cast.alice, f"/conversations/{letter.conversation_id}/")
    box = page.locator("#composer-text")
    box.fill("Hello Maya,")
    box.press("Alt+p")
    page.locator("#phrase-query").fill("one of two things")
    expect(page.locator("#phrase-results [data-phrase]")).to_have_count(1)
    page.locator("#phrase-query").press("Enter")
    expect(box).to_have_value(re.compile(r"^Hello Maya, I can do one of two things: \[option one\]"))
    expect(box).to_be_focused()
    page.keyboard.type("a refund")
    expect(box).to_have_value(re.compile("things: a refund, or"))
