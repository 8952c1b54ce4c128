"""The cast of every test: Alice, Bob, Charlie and Dana at the desk; Maya, Tom and Priya write to it."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from backstory.conversations.models import Mailbox, Message
    from backstory.people.models import Team, User

# Playwright keeps an event loop in the test's thread; the tests themselves are synchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PASSWORD = "correct horse battery"
ONCE = (
    "src/backstory/portal/tests/test_browser",
    "src/backstory/web/tests/test_accessibility",
    "src/backstory/web/tests/test_insight_charts",
    "src/backstory/web/tests/test_script",
    "tests/test_concurrency",
    "tests/test_permissions",
)
"""Tests that use a database, but whose outcome no other one can change (scripts and styles in the browser, the policy)
or that are about SQLite: running them again adds nothing."""
DATABASE = {"db", "transactional_db", "django_db_setup", "desk"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what knows neither database nor queue."""
    for item in items:
        asks = item.get_closest_marker("django_db") or DATABASE & set(getattr(item, "fixturenames", ()))
        if not asks or item.nodeid.startswith(ONCE):
            item.add_marker("once")


@pytest.fixture(scope="module")
def chromium() -> "Iterator[Browser]":
    """A browser for the tests of a file."""
    from tools import browser

    if browser.PATH is None:
        pytest.skip("no Chromium on this machine; .ci/run installs Debian's")
    with browser.chromium() as running:
        yield running


@dataclass
class Cast:
    """Alice and Bob are Customer care; Charlie is in Spare parts; Dana runs the desk and is in no team."""

    care: "Team"
    parts: "Team"
    alice: "User"
    bob: "User"
    charlie: "User"
    dana: "User"
    mailbox: "Mailbox"
    parts_mailbox: "Mailbox"
    password: str = PASSWORD


@pytest.fixture
def shared() -> Path:
    """The folder of data that is not part of this project; the test is skipped where it is absent."""
    folder = Path(os.environ.get("BACKSTORY_SHARED", Path(__file__).parent.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip("needs the shared data folder (BACKSTORY_SHARED), which this checkout does not have")
    return folder


@pytest.fixture
def cast(db: None) -> Cast:
    from backstory.cases.actions import seed_causes
    from backstory.conversations.actions import add_mailbox
    from backstory.people.actions import add_team, add_user
    from backstory.people.models import Role
    from backstory.recovery.actions import seed_limits

    seed_causes()
    seed_limits()
    care, parts = add_team("Customer care"), add_team("Spare parts")
    return Cast(
        care=care,
        parts=parts,
        alice=add_user("alice@desk.example", "Alice Archer", PASSWORD, Role.AGENT, (care,)),
        bob=add_user("bob@desk.example", "Bob Byrne", PASSWORD, Role.LEAD, (care,)),
        charlie=add_user("charlie@desk.example", "Charlie Cole", PASSWORD, Role.AGENT, (parts,)),
        dana=add_user("dana@desk.example", "Dana Diaz", PASSWORD, Role.ADMINISTRATOR),
        mailbox=add_mailbox("Customer care", "care@desk.example", care),
        parts_mailbox=add_mailbox("Spare parts", "parts@desk.example", parts),
    )


@pytest.fixture
def write(cast: Cast) -> "Callable[..., Message]":
    """A customer writes: `write("text", sender="maya@customer.example", …Inbound fields)` gives the message."""
    from backstory.conversations.actions import receive, store_raw
    from backstory.conversations.letters import Inbound

    def send(text: str, sender: str = "maya@customer.example", **fields: Any) -> "Message":
        mailbox = fields.pop("mailbox", cast.mailbox)
        given = {"channel": "email", "subject": "A question", "from_address": sender, "text": text, **fields}
        envelope = json.dumps({key: str(value) for key, value in given.items()}).encode()
        raw, _ = store_raw(given["channel"], mailbox, envelope)
        message = receive(Inbound(**given), mailbox, raw)
        assert message is not None
        return message

    return send
