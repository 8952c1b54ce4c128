"""A desk for each test, cheaply: its database is made once and copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.desk import Desk


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a desk with its people and mailboxes, of which nothing runs."""
    folder = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("BACKSTORY_DATABASE_URL", "BACKSTORY_REDIS_URL"):  # these tests are about what everybody has
            patch.delenv(name, raising=False)
        with Desk(folder, parts=()):
            pass
        yield folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the desk of this test has its files."""
    return tmp_path


@pytest.fixture
def desk(prepared: Path, folder: Path) -> Iterator[Desk]:
    """A desk of which nothing runs yet."""
    with copy_of(prepared, folder, {"BACKSTORY_MAIL_OUT_TIMEOUT": "1"}) as present:
        yield present


def copy_of(prepared: Path, folder: Path, settings: dict[str, str]) -> Desk:
    """A desk in a folder of its own with the people of another."""
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    return Desk(folder, settings, parts=(), people=False)
