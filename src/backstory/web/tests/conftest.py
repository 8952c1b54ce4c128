"""Browsers of the cast, and Maya's conversation."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from backstory.cases.actions import open_complaint, record_reading
from backstory.cases.models import Complaint
from backstory.conversations.models import Message
from backstory.language import read
from backstory.people.models import User
from conftest import Cast
from tools.browser import visit

LETTER = (
    "There is never enough hot water! The water is cold every night and my baby is ill. "
    "Please move my family to another house. When will you come?"
)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser_of() -> Callable[[User], Client]:
    """A client in which this person is logged in."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return log_in


@pytest.fixture
def alice(cast: Cast, browser_of: Callable[[User], Client]) -> Client:
    return browser_of(cast.alice)


@pytest.fixture
def bob(cast: Cast, browser_of: Callable[[User], Client]) -> Client:
    return browser_of(cast.bob)


@pytest.fixture
def charlie(cast: Cast, browser_of: Callable[[User], Client]) -> Client:
    return browser_of(cast.charlie)


@pytest.fixture
def dana(cast: Cast, browser_of: Callable[[User], Client]) -> Client:
    return browser_of(cast.dana)


@pytest.fixture
def letter(write: Callable[..., Message]) -> Message:
    return write(LETTER, subject="No hot water", from_name="Maya Ortiz")


@pytest.fixture
def read_letter(letter: Message) -> Message:
    record_reading(letter.pk, read(letter.text, explain=True))
    return letter


@pytest.fixture
def complaint(cast: Cast, read_letter: Message) -> Complaint:
    return open_complaint(cast.alice, read_letter.conversation_id)


LOOKS = [("light", 1280, 800), ("dark", 390, 844)]
"""Each theme and each width once: no rule that axe knows hangs on both."""

Opener = Callable[..., Page]


@contextmanager
def opener(
    chromium: Browser,
    live_server: LiveServer,
    browser_of: Callable[[User], Client],
    look: tuple[str, int, int],
    **options: Any,
) -> Iterator[Opener]:
    """Opens a page as somebody; afterwards, nothing may have been blocked and no script may have failed."""
    theme, width, height = look
    context = visit(chromium, color_scheme=theme, viewport={"width": width, "height": height}, **options)
    context.route("**/live/", lambda route: route.abort())  # the stream needs the asynchronous server
    faults: list[str] = []

    def show(user: User, path: str) -> Page:
        session = browser_of(user).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda line: faults.append(line.text) if "Security Policy" in line.text else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield show
    context.close()
    assert faults == []


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def open_page(
    request: pytest.FixtureRequest, chromium: Browser, live_server: LiveServer, browser_of: Callable[[User], Client]
) -> Iterator[Opener]:
    with opener(chromium, live_server, browser_of, request.param) as show:
        yield show


@pytest.fixture
def wide_page(chromium: Browser, live_server: LiveServer, browser_of: Callable[[User], Client]) -> Iterator[Opener]:
    with opener(chromium, live_server, browser_of, LOOKS[0]) as show:
        yield show
