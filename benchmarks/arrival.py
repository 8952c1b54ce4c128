"""Seconds from handing a letter to the SMTP listener until it stands in an open queue, in a real browser."""

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.mail_throughput import letter
from tools.desk import PASSWORD, Desk

LETTERS = 20
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.fill("[name=login]", "alice@desk.example")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/accounts/" not in address)


def once(desk: Desk, page: Page, number: int) -> float:
    began = time.perf_counter()
    desk.post(f"customer{number}@customer.example", letter(number))
    expect(page.locator("#queue").get_by_text(f"Customer {number}", exact=True)).to_be_visible(timeout=20_000)
    return time.perf_counter() - began


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Desk(Path(folder)) as desk,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS) as browser,
    ):
        page = browser.new_page()
        log_in(page, desk.url)
        once(desk, page, 0)
        times = [once(desk, page, number) for number in range(1, LETTERS + 1)]
    print(f"\nFrom the SMTP client's first byte to the row in an open queue, seconds, {LETTERS} letters\n")
    print("| median | slowest |\n|---|---|")
    print(f"| {statistics.median(times):.2f} | {max(times):.2f} |")


if __name__ == "__main__":
    main()
