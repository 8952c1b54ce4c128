"""Role-play in a browser: by keyboard, with the coach in the margin, and clean for a screen reader."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from backstory.practice.models import PracticeSession
from conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def violations(page: Page) -> list[str]:
    return [
        f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in Axe().run(page).response["violations"]
    ]


def test_the_hot_water_story_is_played_by_keyboard_with_the_coach(wide_page: Callable[..., Page], cast: Cast) -> None:
    page = wide_page(cast.alice, "/practice/")
    assert violations(page) == []
    page.locator(".practice-card [value=with]").first.click()
    page.wait_for_url("**/practice/sessions/**")
    page.wait_for_load_state("load")  # the script listens from then on; the field is in focus before
    expect(page.locator("#practice-said")).to_be_focused()
    page.keyboard.type("Please calm down.")
    expect(page.locator("#practice-advice .finding.warning")).to_be_visible()
    page.locator("#practice-said").fill("I am sorry. No hot water, a family in danger: frightening. What happened?")
    expect(page.locator("#practice-advice .finding")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#newest")).to_contain_text("tank is empty")
    expect(page.locator("#practice-said")).to_have_value("")
    expect(page.locator("#practice-said")).to_be_focused()
    page.locator("[data-practice-insert]").first.click()
    expect(page.locator("#practice-said")).not_to_have_value("")
    assert violations(page) == []
    page.get_by_role("button", name="End the conversation").click()
    expect(page.locator(".practice-curve svg")).to_be_visible()
    assert violations(page) == []
    assert PracticeSession.objects.get().ending == "stopped"
