"""`docs/coach.md` says what the code does."""

from pathlib import Path

import pytest

from backstory.coach.evaluate import evaluate
from backstory.coach.table import renewed

DOCUMENT = Path(__file__).parents[4] / "docs" / "coach.md"


def figure(value: float) -> str:
    return f"{value:.2f}".lstrip("0") if value < 1 else "1.00"


@pytest.fixture
def document() -> str:
    if not DOCUMENT.exists():
        pytest.skip("the documents do not come with an installed package")
    return DOCUMENT.read_text(encoding="utf-8")


def test_the_table_of_checks_is_current(document: str):
    assert renewed(document) == document, "run: python -m backstory.coach.table --write docs/coach.md"


@pytest.mark.parametrize(("split", "name"), [("tune", "tuned on"), ("held-out", "kept aside")])
def test_the_published_figures_are_what_is_measured(document: str, split: str, name: str):
    one = evaluate()[split]
    points = [str(one["pairs"]), str(one["points"]), *(figure(one[part]) for part in ("precision", "recall", "status"))]
    assert f"| {name} | {' | '.join(points)} |" in document
