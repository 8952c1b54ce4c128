"""The charts in a real browser: drawn without anything that the content security policy forbids."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from backstory.cases.models import Complaint
from backstory.people.models import User
from backstory.web.tests.conftest import opener
from conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(
    chromium: Browser,
    live_server: LiveServer,
    cast: Cast,
    complaint: Complaint,
    browser_of: Callable[[User], Client],
) -> Iterator[Page]:
    """Bob's insight page, with nothing that moves; no script may have failed and nothing may have been blocked."""
    with opener(chromium, live_server, browser_of, ("light", 1280, 720), reduced_motion="reduce") as show:
        yield show(cast.bob, "/insight/?period=4w")


def bars(page: Page, chart: str, fill: str) -> int:
    """How many shapes of a chart have this colour."""
    return page.locator(f'[data-chart="{chart}"] svg path[fill="{fill}"]').count()


def test_charts_are_drawn_and_follow_the_theme(page: Page) -> None:
    page.wait_for_selector('[data-chart="causes"] svg path[fill="#3566b0"]')
    assert bars(page, "causes", "#3566b0") == 1
    this_week_is_over = timezone.localdate().weekday() == 6
    assert bars(page, "time", "#9db8df") == (0 if this_week_is_over else 1)
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector('[data-chart="causes"] svg path[fill="#6ea2ee"]')
    assert bars(page, "causes", "#3566b0") == 0


def test_dates_are_asked_for_only_when_the_period_is_a_custom_one(page: Page) -> None:
    assert page.locator('input[name="from"]').is_hidden()
    page.select_option("[name=period]", "custom")
    assert page.locator('input[name="from"]').is_visible()
    page.click("text=Show")
    assert "from=" in page.url


def test_a_bar_leads_to_its_complaints(page: Page, complaint: Complaint) -> None:
    bar = page.wait_for_selector('[data-chart="causes"] svg path[fill="#3566b0"]')
    assert bar
    bar.click()
    page.wait_for_url("**cause=*")
    assert page.locator("#complaints").inner_text().count(complaint.number) == 1
