"""What the script adds in a browser: keys, evidence, theme, and nothing lost when the connection is."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from backstory.cases.models import Complaint
from backstory.conversations.models import Conversation, Delivery, Dismissal, Draft, Message
from conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def desk(wide_page: Callable[..., Page], cast: Cast, read_letter: Message) -> Page:
    """Alice in front of the queue, with Maya's letter in it."""
    return wide_page(cast.alice, "/")


def opened(page: Page) -> Page:
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#thread-body")).to_contain_text("never enough hot water")
    return page


def settled(page: Page) -> None:
    """The advice shown is about the words that stand in the box now."""
    expect(page.locator("#advice")).not_to_have_attribute("aria-busy", "true")


def test_a_conversation_is_opened_answered_and_closed_without_a_mouse(desk: Page) -> None:
    opened(desk)
    assert desk.url.endswith(f"/conversations/{Conversation.objects.get().pk}/")
    assert desk.title() == "No hot water · Backstory"
    desk.keyboard.press("r")
    desk.keyboard.type("Dear Maya, I am sorry that your baby is ill and the water is cold. I will come today.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".message.out")).to_contain_text("I will come today.")
    expect(desk.locator("#composer-text")).to_have_value("")
    desk.locator("#composer-text").blur()
    desk.keyboard.press("e")
    expect(desk.locator("#thread-head")).to_contain_text("Closed")
    assert Conversation.objects.get().state == "closed"


def test_a_note_is_written_by_its_key_and_stays_inside(desk: Page) -> None:
    opened(desk)
    desk.keyboard.press("n")
    desk.keyboard.type("Ask Bob.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".message.note")).to_contain_text("Ask Bob.")
    assert not Delivery.objects.exists()


def test_one_key_takes_the_conversation_and_one_makes_a_complaint_of_it(desk: Page, cast: Cast) -> None:
    opened(desk)
    desk.keyboard.press("a")
    expect(desk.locator("#thread-head")).to_contain_text("Assigned to Alice Archer")
    desk.keyboard.press("c")
    expect(desk.locator("#care-connect")).to_be_visible()
    assert Complaint.objects.get().owner == cast.alice


def test_keys_are_letters_while_one_types(desk: Page) -> None:
    opened(desk)
    desk.keyboard.press("r")
    desk.keyboard.type("ecpa jk /?")
    expect(desk.locator("#composer-text")).to_have_value("ecpa jk /?")
    assert Conversation.objects.get().state == "open"


def test_escape_closes_the_palette_with_words_in_it_and_no_key_acts_below_it(desk: Page) -> None:
    opened(desk)
    desk.keyboard.press("Control+k")
    desk.keyboard.type("maya")
    desk.evaluate("document.activeElement.blur()")
    desk.keyboard.press("e")
    desk.locator("#palette-query").focus()
    desk.keyboard.press("Escape")
    expect(desk.locator("#palette")).to_be_hidden()
    desk.keyboard.press("/")
    expect(desk.locator("#queue-search")).to_be_focused()
    assert Conversation.objects.get().state == "open"


def test_advice_is_applied_and_dismissed_by_key(desk: Page) -> None:
    opened(desk)
    desk.keyboard.press("r")
    desk.keyboard.type("Dear Maya, calm down. I am sorry that the water is cold.")
    expect(desk.locator("#advice [data-apply]").first).to_be_visible()
    desk.keyboard.press("Alt+a")
    expect(desk.locator("#composer-text")).not_to_have_value("Dear Maya, calm down. I am sorry that the water is cold.")
    desk.locator("#composer-text").fill("Dear Maya, calm down. Calm down now.")
    settled(desk)
    expect(desk.locator("#advice")).to_contain_text("Calm down now")
    before = desk.locator("[data-finding]").count()
    desk.keyboard.press("Alt+d")
    expect(desk.locator("[data-finding]")).to_have_count(before - 1)
    assert Dismissal.objects.count() == 1


def test_advice_in_a_later_paragraph_is_applied_where_it_points(desk: Page) -> None:
    opened(desk)
    desk.locator("#composer-text").fill("Dear Maya,\n\nI am sorry.\n\nCalm down please. I look into it today.")
    expect(desk.locator("#advice")).to_contain_text("Calm down please")
    desk.locator(".finding", has_text="Calm down please").locator("[data-apply]").click()
    expect(desk.locator("#composer-text")).to_have_value("Dear Maya,\n\nI am sorry.\n\nI look into it today.")


def test_pointing_at_a_verdict_marks_the_words_it_rests_on(desk: Page, read_letter: Message) -> None:
    opened(desk)
    chip = desk.locator("[data-evidence]").first
    chip.focus()
    expect(desk.locator("[data-evidence-text] mark").first).to_be_visible()
    assert desk.locator("[data-evidence-text]").first.inner_text() == read_letter.text
    chip.blur()
    expect(desk.locator("[data-evidence-text] mark")).to_have_count(0)


def test_a_suggested_question_lands_in_the_reply(desk: Page) -> None:
    opened(desk)
    desk.keyboard.press("c")
    question = desk.locator("[data-insert]:visible").first
    question.click()
    expect(desk.locator("#composer-text")).to_have_value(question.get_attribute("data-insert") or "")


def test_what_is_typed_offline_is_saved_when_the_connection_is_back(desk: Page) -> None:
    opened(desk)
    desk.context.set_offline(True)
    expect(desk.locator("#banner")).to_contain_text("You are offline")
    desk.keyboard.press("r")
    desk.keyboard.type("Words from a tunnel")
    expect(desk.locator("#draft-status")).to_have_text("Not saved yet: will try again")
    desk.context.set_offline(False)
    expect(desk.locator("#draft-status")).to_have_text("Draft saved")
    assert Draft.objects.get().text == "Words from a tunnel"


def test_words_are_kept_when_another_conversation_is_opened_at_once(
    desk: Page, cast: Cast, write: Callable[..., Message]
) -> None:
    write("Second matter", subject="Second", sender="tom@customer.example")
    desk.reload()
    desk.locator(".queue-link", has_text="No hot water").click()
    expect(desk.locator("#thread-body")).to_contain_text("never enough hot water")
    desk.keyboard.press("r")
    desk.keyboard.type("Half a")
    desk.locator(".queue-link", has_text="Second").click()
    expect(desk.locator("#thread-body")).to_contain_text("Second matter")
    desk.locator(".queue-link", has_text="No hot water").click()
    expect(desk.locator("#composer-text")).to_have_value("Half a")


def test_the_theme_changes_at_once_and_stays(desk: Page) -> None:
    desk.locator("details.menu > summary").first.click()
    desk.locator("[data-themes] button[value=dark]").click()
    expect(desk.locator("html")).to_have_attribute("data-bs-theme", "dark")
    desk.reload()
    expect(desk.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_palette_goes_where_its_words_point(desk: Page) -> None:
    desk.keyboard.press("Control+k")
    desk.keyboard.type("promi")
    expect(desk.locator(".palette-hit").first).to_contain_text("Promises")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/promises/")


def test_a_reply_to_several_with_a_file_is_confirmed_sent_and_taken_back_by_key(desk: Page, settings: Any) -> None:
    settings.UNDO_SEND_SECONDS = 600
    opened(desk)
    desk.locator("#recipients-cc-input").fill("tom@partner.example")
    desk.keyboard.press("Enter")
    expect(desk.locator(".caution")).to_contain_text("tom@partner.example is new to this conversation")
    desk.locator("[name=upload]").set_input_files(
        {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    )
    expect(desk.locator(".draft-file a")).to_have_text("plan.pdf")
    desk.locator("#composer-text").fill("I will come today.")
    desk.locator("[name=confirmed]").check()
    desk.locator("#composer-text").press("Control+Enter")
    expect(desk.locator(".message.out")).to_contain_text("tom@partner.example")
    expect(desk.locator(".undo-bar")).to_be_visible()
    expect(desk.locator("#composer-text")).to_have_value("")
    desk.locator("#thread-body").focus()
    desk.keyboard.press("z")
    expect(desk.locator("#composer-text")).to_have_value("I will come today.")
    expect(desk.locator(".message.out")).to_have_count(0)
    expect(desk.locator(".recipient")).to_have_count(2)
    expect(desk.locator(".draft-file a")).to_have_text("plan.pdf")
    desk.locator("#recipients-cc-input").focus()
    desk.keyboard.press("Backspace")
    desk.keyboard.press("Backspace")
    expect(desk.locator(".recipient")).to_have_count(1)
    assert not Delivery.objects.exists()
