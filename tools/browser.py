"""Chromium for tests and pictures: Debian's or the system's, patient with a busy machine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

PATH = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE = 60_000
"""Milliseconds to wait for what must come. It costs nothing where it comes at once; only a failure takes as long."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser whose expectations wait with patience."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PATH, args=ARGUMENTS, timeout=PATIENCE)
        yield browser
        browser.close()


def visit(browser: Browser, **options: Any) -> BrowserContext:
    """A visitor's own context (cookies, window, preferences) of a browser."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    return context
