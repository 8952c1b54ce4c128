"""Every address × method × role. A new address fails here until somebody has thought about who may use it."""

from pathlib import Path

import pytest
from django.test import Client

from tests.permissions import METHODS, ROLES, addresses, ask
from tests.permissions_world import everything

TABLE = Path(__file__).with_name("permission_table.txt")
pytestmark = pytest.mark.django_db


def expected() -> dict[str, dict[str, str]]:
    """The table: a line an address, `pattern | GET LHOOO | POST LHOOR`; methods not named are not there."""
    rows = {}
    for line in TABLE.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            pattern, *cells = (part.strip() for part in line.split(" | "))
            rows[pattern.strip("·")] = dict(cell.split() for cell in cells if cell)
    return rows


@pytest.fixture
def world(cast, write, settings, tmp_path) -> dict[str, str]:
    """One of everything, all of Customer care; values for the patterns' parameters by where they stand."""
    return everything(cast, write, settings, tmp_path)


def fill(pattern: str, world: dict[str, str]) -> str:
    """The pattern with its parameters taken from the world."""
    import re

    path = pattern
    while found := re.search(r"<[^>]+>", path):
        before = re.search(r"((?:\w+/)+)$", path[: found.start()])
        place = before.group(1) if before else ""
        value = world.get(place) or world.get("/".join(place.split("/")[-2:]), "1")
        path = path[: found.start()] + value + path[found.end() :]
    return "/" + re.sub(r"[\^$\\]|\(\?P.*?\)\+?|\[.*?\]\+|\)", "", path)


def clients(cast, world) -> dict[str, tuple[Client, Client]]:
    """For each role a browser and an API client."""
    found = {"anonymous": (Client(), Client())}
    for role in ROLES[1:]:
        browser = Client()
        browser.force_login(getattr(cast, role))
        found[role] = (browser, Client(headers={"Authorization": f"Bearer {world[f'token of {role}']}"}))
    return found


def observed(pattern: str, cast, world: dict[str, str]) -> dict[str, str]:
    """The cells of one address. Everybody asks with a fresh log-in: asking may end one."""
    path, who, cells = fill(pattern, world), clients(cast, world), {}
    for method in METHODS:
        letters = [ask(who[role][path.startswith("/api/")], method, pattern, path) for role in ROLES]
        if set(letters) - {"-", "L"}:
            cells[method] = "".join(letters)
    return cells


def line(pattern: str, cells: dict[str, str]) -> str:
    return " | ".join([pattern or "·", *(f"{method} {letters}" for method, letters in cells.items())])


def test_every_address_answers_everybody_as_the_table_says(cast, world) -> None:
    table, here = expected(), addresses()
    missing, gone = sorted(set(here) - set(table)), sorted(set(table) - set(here))
    assert not missing, f"not in the permission table: {missing}"
    assert not gone, f"in the permission table but no address: {gone}"
    seen = {pattern: observed(pattern, cast, world) for pattern in here}
    wrong = [
        f"{line(pattern, seen[pattern])}   (expected {table[pattern]})"
        for pattern in here
        if seen[pattern] != table[pattern]
    ]
    assert not wrong, "\n".join(wrong)
