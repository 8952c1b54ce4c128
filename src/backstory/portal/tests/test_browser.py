"""A customer with a real browser: the page's own script solves the proof of work under the real policy."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from huey.contrib.djhuey import HUEY
from playwright.sync_api import Browser, Page, expect

from backstory.cases.models import Complaint
from backstory.conversations.models import Conversation, Message
from backstory.kernel import clock
from backstory.portal.views import form as form_view
from backstory.recovery.actions import schedule_survey, send_due_surveys
from backstory.recovery.models import Survey
from backstory.recovery.queries import status_token
from conftest import Cast
from tools.browser import visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium: Browser, transactional_db: None, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A phone; anything the policy blocks or the script breaks on fails the test. The worker works at once."""
    monkeypatch.setattr(HUEY, "immediate", True)
    monkeypatch.setattr("backstory.portal.sheets.QUICKEST_SECONDS", 0)
    context = visit(chromium, viewport={"width": 390, "height": 844}, locale="en-GB")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    assert not [fault for fault in faults if "422" not in fault]


def fill(page: Page, words: str) -> None:
    page.get_by_label("What happened?").fill(words)
    page.get_by_label("Your e-mail address").fill("maya@customer.example")
    page.get_by_label("Your name").fill("Maya Lind")


def test_a_customer_sends_the_form_with_a_file(page: Page, live_server: Any, tmp_path: Path) -> None:
    photo = tmp_path / "kettle.jpg"
    photo.write_bytes(b"\xff\xd8\xff" + b"x" * 5_000)
    page.goto(f"{live_server.url}/help/")
    fill(page, "The kettle broke on day two.")
    page.get_by_label("Photos or documents").set_input_files(photo)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. It has arrived.")
    message = Message.objects.get()
    assert message.text == "The kettle broke on day two." and message.attachments.get().name == "kettle.jpg"
    assert Conversation.objects.get().customer.name == "Maya Lind"


def test_an_error_keeps_the_words_and_the_second_try_arrives(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/help/?lang=en")
    fill(page, "")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert").first).to_contain_text("Please tell us what happened")
    assert page.evaluate("document.activeElement.id") == "problems"
    assert page.get_by_label("Your name").input_value() == "Maya Lind"
    page.get_by_label("What happened?").fill("It leaks.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. It has arrived.")
    assert Message.objects.get().text == "It leaks."


def test_going_back_and_sending_other_words_is_a_new_message(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/help/")
    fill(page, "It leaks.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. It has arrived.")
    page.go_back()
    fill(page, "And it is loud.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. It has arrived.")
    assert sorted(Message.objects.values_list("text", flat=True)) == ["And it is loud.", "It leaks."]


def test_a_file_that_is_too_large_is_told_before_it_travels(page: Page, live_server: Any, tmp_path: Path) -> None:
    film = tmp_path / "holiday.mp4"
    film.write_bytes(b"x" * (11 * 1024 * 1024))
    page.goto(f"{live_server.url}/help/")
    page.get_by_label("Photos or documents").set_input_files(film)
    expect(page.locator("#files-live")).to_contain_text("“holiday.mp4” is larger than 10 MB")
    page.get_by_role("button", name="Send").click()
    assert page.url.endswith("/help/") and form_view.TRAP in page.content()


def test_without_the_sum_the_page_names_the_other_way(page: Page, live_server: Any) -> None:
    page.route("**/help/challenge/", lambda route: route.fulfill(status=200, body="not json"))
    page.goto(f"{live_server.url}/help/")
    fill(page, "The kettle broke.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#proof-failed")).to_contain_text("care@desk.example")
    expect(page.locator("#proof-failed")).to_be_visible()
    assert page.get_by_label("What happened?").input_value() == "The kettle broke."


def test_without_a_script_the_page_names_the_other_way(chromium: Browser, page: Page, live_server: Any) -> None:
    context = visit(chromium, java_script_enabled=False, locale="en-GB")
    plain = context.new_page()
    plain.goto(f"{live_server.url}/help/")
    assert "needs JavaScript for a small sum" in plain.inner_text("main")
    context.close()


def test_a_customer_writes_back_from_the_status_page(page: Page, live_server: Any, complaint: Complaint) -> None:
    page.goto(f"{live_server.url}/status/{status_token(complaint)}/")
    page.get_by_label("Your message").fill("Any news?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("your message has arrived")
    assert Message.objects.filter(conversation=complaint.conversation, text="Any news?").count() == 1


def test_a_survey_is_answered_with_the_keyboard_alone(page: Page, live_server: Any, closed: Complaint) -> None:
    schedule_survey(closed.pk)
    with clock.travel(clock.ahead(days=4)):
        send_due_surveys()
    page.goto(f"{live_server.url}/survey/{Survey.objects.get().token}/")
    page.get_by_role("radio").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "Tab"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your answer")
    page.get_by_label("What made the difference?").focus()
    page.keyboard.type("Alice listened.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Alice listened.")).to_be_visible()
    assert (Survey.objects.get().score, Survey.objects.get().comment) == (4, "Alice listened.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_has_no_fault_that_axe_finds(page: Page, live_server: Any, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{live_server.url}/help/")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#problems")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
