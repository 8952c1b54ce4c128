"""A whole desk and a real browser."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page

from tools.browser import visit
from tools.desk import PASSWORD, Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with Desk(tmp_path_factory.mktemp("desk")) as running:
        yield running


class Visitor:
    """Somebody with a browser of their own, who notices every fault a page reports."""

    def __init__(self, browser: Browser, desk: Desk, width: int = 1440) -> None:
        self.context = visit(browser, viewport={"width": width, "height": 900}, base_url=desk.url)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message: object) -> None:
        if getattr(message, "type", "") == "error":
            self.faults.append(str(getattr(message, "text", "")))

    def log_in(self, email: str) -> Page:
        self.page.goto("/accounts/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/accounts/" not in url)
        return self.page


@pytest.fixture
def visitors(chromium: Browser, desk: Desk) -> Iterator[list[Visitor]]:
    """Closes the browsers of a test and fails it for any error on their consoles."""
    present: list[Visitor] = []
    yield present
    faults = [fault for visitor in present for fault in visitor.faults]
    for visitor in present:
        visitor.context.close()
    assert not faults, faults


def opened(letter: bytes) -> EmailMessage:
    """A letter as a mail program reads it."""
    message = message_from_bytes(letter, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def words(letter: bytes) -> str:
    body = opened(letter).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def links(letter: bytes) -> list[str]:
    return re.findall(r"https?://\S+", words(letter))
