"""Abuse in the thread: what is offered to whoever reads it, and the pages of what was decided."""

import html
import re
from dataclasses import replace

import pytest

from backstory.cases import actions
from backstory.cases.models import ConductDecision, Respite, SensitiveReading
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Delivery
from backstory.language.reading import Abuse, Language, Reading, Span
from backstory.people.actions import add_user
from backstory.people.models import Role

pytestmark = pytest.mark.django_db

HEAVY = Reading(
    Language("en", 0.98), models={"rules": "1"}, abuse=Abuse(-2, ("insult",), (Span("abuse", "two words", 0, 9),))
)
DAY = "2099-01-31"


def text_of(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def insulted(cast, letter):
    actions.assign(cast.alice, letter.conversation_id, cast.alice.pk)
    actions.record_reading(letter.pk, HEAVY)
    return letter


def page_of(message) -> str:
    return f"/conversations/{message.conversation_id}/"


def test_an_abusive_message_comes_with_a_limit_to_say_a_hand_over_and_a_break(alice, insulted) -> None:
    response = alice.get(page_of(insulted))
    shown = text_of(response)
    assert "It is not about you." in shown
    assert "Set a limit" in shown and "Hand over o" in shown and "Take 15 minutes" in shown
    assert 'data-insert="Please write to me without insults.' in response.content.decode()
    assert "Warn, pause or end" not in shown


def test_the_banner_goes_when_the_message_is_answered(alice, cast, insulted) -> None:
    send_reply(cast.alice, insulted.conversation_id, "Let us get your water hot again.")
    assert "Set a limit" not in text_of(alice.get(page_of(insulted)))


def test_anger_at_the_matter_brings_no_banner(alice, cast, letter) -> None:
    actions.record_reading(letter.pk, replace(HEAVY, abuse=Abuse(1, (), ())))
    assert "Set a limit" not in text_of(alice.get(page_of(letter)))


def test_after_three_the_banner_says_that_nobody_has_to_take_another(alice, cast, insulted, write) -> None:
    for number in range(2):
        message = write("You idiots.", f"rude{number}@customer.example")
        actions.assign(cast.alice, message.conversation_id, cast.alice.pk)
        actions.record_reading(message.pk, HEAVY)
    assert "You have had 3 abusive contacts within a day." in text_of(alice.get(page_of(insulted)))


def test_one_key_hands_it_over_to_the_lead(alice, cast, insulted) -> None:
    after = alice.post(f"{page_of(insulted)}handover/", follow=True)
    assert "Bob Byrne has it now." in text_of(after)
    insulted.conversation.refresh_from_db()
    assert insulted.conversation.assignee == cast.bob


def test_a_break_is_taken_with_one_button(alice, cast, insulted) -> None:
    answer = alice.post("/conduct/break/", {"minutes": "15", "conversation": insulted.conversation_id}, follow=True)
    assert "15 minutes without abusive contacts" in text_of(answer)
    assert Respite.objects.get().user == cast.alice


def test_a_lead_warns_with_a_letter_that_is_written_already(bob, alice, insulted) -> None:
    form = bob.get(f"{page_of(insulted)}conduct/")
    assert "Your complaint goes on" in text_of(form)
    bob.post(
        f"{page_of(insulted)}conduct/",
        {"kind": "warning", "reason": "Insults", "letter": "Please write without insults.", "review": "2020-01-01"},
    )
    assert not ConductDecision.objects.exists()
    form = re.search(r'name="review" value="([^"]+)"', form.content.decode())
    sent = {"kind": "warning", "reason": "Insults", "letter": "Please stop.", "review": form.group(1)}
    after = bob.post(f"{page_of(insulted)}conduct/", sent, follow=True)
    assert "Decided, and the letter is on its way." in text_of(after)
    assert Delivery.objects.get().message.text == "Please stop."
    assert "This customer was warned in writing" in text_of(alice.get(page_of(insulted)))


def test_the_page_of_endings_says_that_a_warning_comes_first_and_a_second_person_too(bob, cast, insulted) -> None:
    path = f"{page_of(insulted)}conduct/"
    assert "No warning in writing stands yet." in text_of(bob.get(f"{path}?kind=ending"))
    day = re.search(r'name="review" value="([^"]+)"', bob.get(path).content.decode()).group(1)
    sent = {"kind": "warning", "reason": "Insults", "letter": "Please stop.", "review": day}
    bob.post(path, sent)
    SensitiveReading.objects.create(message=insulted, data={"vulnerability": [{"kind": "health"}]})
    assert "Another lead has to agree" in text_of(bob.get(f"{path}?kind=ending"))
    bob.post(path, {**sent, "kind": "ending"})
    assert Delivery.objects.count() == 1
    assert "You proposed it: another lead has to look at it." in text_of(bob.get("/conduct/"))


def test_another_lead_agrees_on_the_page(bob, cast, insulted, browser_of) -> None:
    erin = browser_of(add_user("erin@desk.example", "Erin", cast.password, Role.LEAD, (cast.care,)))
    made = ConductDecision.objects.create(
        kind="ending", state="proposed", conversation=insulted.conversation, reason="r", letter="l", decided_by=cast.bob
    )
    from backstory.kernel import clock

    ConductDecision.objects.filter(pk=made.pk).update(review_at=clock.ahead(days=90))
    assert bob.post(f"/conduct/{made.pk}/second/", {"decision": "agree"}).status_code == 403
    assert "Agreed: the letter is on its way." in text_of(
        erin.post(f"/conduct/{made.pk}/second/", {"decision": "agree"}, follow=True)
    )
    lifted = erin.post(f"/conduct/{made.pk}/review/", {"decision": "lift", "words": "All calm."}, follow=True)
    assert "Lifted." in text_of(lifted) and "All calm." in text_of(lifted)


def test_a_colleague_who_is_protected_cannot_be_given_it_and_the_page_says_why(bob, cast, insulted) -> None:
    actions.take_break(cast.alice, 60)
    answer = bob.post(f"{page_of(insulted)}assign/", {"assignee": cast.alice.pk}, headers={"HX-Request": "true"})
    assert answer.status_code == 409 or "enough abusive contacts" in text_of(answer)
    assert "enough abusive contacts" in text_of(answer)
