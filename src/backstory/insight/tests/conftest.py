"""A read model of the test's own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backstory.insight import warehouse
from backstory.insight.warehouse import Snapshot, build


@pytest.fixture
def model(settings: Any, tmp_path: Path) -> Callable[[], Snapshot]:
    """Builds the read model of the test's desk, or brings it up to date; gives the snapshot of now."""
    settings.WAREHOUSE_DIR = tmp_path / "warehouse"

    def current() -> Snapshot:
        try:
            warehouse.update()
        except build.Behind:
            warehouse.rebuild()
        return warehouse.snapshot()

    return current
