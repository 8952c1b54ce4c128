"""Maya on her phone: she opens the link, gets a code by mail, accepts, adds a file and asks; Alice sees all that."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from huey.contrib.djhuey import HUEY
from playwright.sync_api import Browser, Page, expect

from backstory.cases.models import Complaint
from backstory.channels.email.send import letter_of
from backstory.conversations.models import Delivery, Message
from backstory.recovery.actions import offer_remedy
from backstory.recovery.models import AccessCode, Remedy
from backstory.recovery.queries import status_token
from conftest import Cast
from tools.browser import visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(chromium: Browser, transactional_db: None, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.setattr(HUEY, "immediate", True)
    context = visit(chromium, viewport={"width": 390, "height": 844}, locale="en-GB", is_mobile=True, has_touch=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    assert not faults


def code_in(delivery: Delivery) -> str:
    found = re.search(r"^\d{6}$", letter_of(delivery).text, re.MULTILINE)
    assert found
    return found.group()


def no_fault(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_maya_accepts_an_offer_adds_a_file_and_asks_on_her_phone(
    phone: Page, live_server: Any, cast: Cast, complaint: Complaint, tmp_path: Path
) -> None:
    offer_remedy(cast.alice, complaint.pk, "refund", "25", "EUR", "cold nights")
    phone.goto(f"{live_server.url}/status/{status_token(complaint)}/", wait_until="load")
    expect(phone.locator("#offers")).to_contain_text("€25.00")
    no_fault(phone)
    phone.locator("#offers").get_by_role("button", name="Send me a code").click()
    expect(phone.get_by_role("status")).to_contain_text("on its way")
    no_fault(phone)
    message = AccessCode.objects.get().message
    assert message is not None
    phone.get_by_label("The six digits").fill(code_in(message.delivery))
    phone.get_by_role("button", name="Open", exact=True).click()
    phone.get_by_role("button", name="Accept").click()
    expect(phone.locator("#offers")).to_contain_text("You have accepted this.")
    assert Remedy.objects.get().answer == "accepted"
    photo = tmp_path / "boiler.jpg"
    photo.write_bytes(b"\xff\xd8\xff" + b"x" * 5_000)
    phone.get_by_label("Your message").fill("When does the money come?")
    phone.get_by_label("Photos or documents").set_input_files(photo)
    phone.locator("#write").get_by_role("button", name="Send").click()
    expect(phone.get_by_role("status")).to_contain_text("your message has arrived")
    no_fault(phone)
    phone.get_by_role("link", name="Read our letters and files").click()
    expect(phone.get_by_role("link", name="boiler.jpg")).to_be_visible()
    no_fault(phone)
    alice = Client()
    alice.force_login(cast.alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = alice.get(f"/conversations/{complaint.conversation_id}/").content.decode()
    for seen in ("When does the money come?", "boiler.jpg", "The customer accepted: refund", "opened with a code"):
        assert seen in page
    assert Message.objects.filter(conversation=complaint.conversation, direction="in").count() == 2
