"""The picture in the README, from a running demo desk: python tools/readme_picture.py [http://localhost:8000]

It opens Tom's letter, makes a complaint of it and begins a reply, so run it on a demo that may be changed.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

OUT = Path(__file__).parent.parent / "docs" / "pictures" / "conversation.png"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DRAFT = (
    "Dear Tom, calm down. Never any hot water, and your family in danger: I can hear how frightened you are.\n\n"
    "What happened last night, and who in your family is it worst for? I will call you by Friday."
)


def compose(page: Page, url: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.fill("[name=login]", "alice@kestrel-heating.example")
    page.fill("[name=password]", "warm water for all")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/accounts/" not in address)
    page.locator("#queue").get_by_text("Tom Brannigan").first.click()
    page.locator("#thread-body").wait_for()
    if not page.locator("#care-connect").count():
        page.keyboard.press("c")
    page.locator("#care-connect").wait_for()
    page.locator("#composer-text").fill(DRAFT)
    page.locator("[data-finding]").first.wait_for()
    page.locator(".toast-line").first.wait_for(state="detached")


def main() -> None:
    url = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000"
    OUT.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        compose(page, url)
        page.screenshot(path=str(OUT))
        browser.close()


if __name__ == "__main__":
    main()
