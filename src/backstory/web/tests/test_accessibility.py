"""What axe finds on the pages, in both themes, wide and on a phone; and that no page needs inline code."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from backstory.cases.models import Complaint
from backstory.conversations.models import Message
from backstory.people.models import User
from conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in found]


def test_the_queue_and_the_log_in_page_are_clean(
    open_page: Callable[[User, str], Page], cast: Cast, letter: Message
) -> None:
    assert violations(open_page(cast.alice, "/")) == []
    assert violations(open_page(cast.alice, "/?q=nothing")) == []


def test_a_conversation_with_advice_is_clean(
    open_page: Callable[[User, str], Page], cast: Cast, complaint: Complaint
) -> None:
    page = open_page(cast.alice, f"/conversations/{complaint.conversation_id}/")
    page.fill("#composer-text", "Dear Maya, calm down, that is our policy.")
    page.wait_for_selector("#advice .finding")
    assert violations(page) == []


def test_the_palette_and_the_list_of_keys_are_clean(
    open_page: Callable[[User, str], Page], cast: Cast, letter: Message
) -> None:
    page = open_page(cast.alice, "/")
    page.keyboard.press("Control+k")
    page.wait_for_selector(".palette-hit")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.wait_for_selector("#palette:not([open])", state="attached")
    page.keyboard.press("?")
    page.wait_for_selector("#shortcuts[open]")
    assert violations(page) == []


def test_the_settings_of_mailboxes_are_clean(open_page: Callable[[User, str], Page], cast: Cast) -> None:
    settings = f"/settings/mailboxes/{cast.mailbox.pk}/"
    for path in ("/settings/mailboxes/", settings, f"{settings}incoming/?guide=1", f"{settings}letters/"):
        assert violations(open_page(cast.dana, path)) == [], path
    page = open_page(cast.dana, f"{settings}outgoing/")
    page.check("[value=provider]")
    page.select_option("#provider", "mailgun")
    assert page.is_visible("[name='mailgun.api_key']") and not page.is_visible("[name='brevo.api_key']")
    assert violations(page) == []


def test_the_leads_and_the_administrators_pages_are_clean(open_page: Callable[[User, str], Page], cast: Cast) -> None:
    for user, path in [(cast.bob, "/approvals/"), (cast.bob, "/causes/"), (cast.dana, "/quarantine/")]:
        assert violations(open_page(user, path)) == [], path
    for path in ("/promises/", "/profile/", "/nowhere/"):
        assert violations(open_page(cast.alice, path)) == [], path
