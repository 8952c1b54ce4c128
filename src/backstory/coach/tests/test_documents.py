"""`docs/coach.md` and `docs/evidence.md` say what the code does, and the figures in them are what is measured."""

from pathlib import Path

import pytest

from backstory.coach import books
from backstory.coach.evaluate import SPLITS, evaluate, pairs

DOCS = Path(__file__).parents[4] / "docs"
NEAR = 0.03


def test_the_pages_of_evidence_are_current():
    if not DOCS.exists():
        pytest.skip("the documents do not come with an installed package")
    from tools import evidence

    assert (DOCS / "evidence.md").read_text(encoding="utf-8") == evidence.evidence(), "run: python -m tools.evidence"
    page = (DOCS / "coach.md").read_text(encoding="utf-8")
    assert evidence.renewed(page) == page, "run: python -m tools.evidence"


@pytest.mark.parametrize("split", SPLITS)
def test_the_published_figures_are_what_is_measured(split: str):
    published = books.load("figures")[split]
    for name, (share, *_) in evaluate(split).items():
        assert share == pytest.approx(published[name][0], abs=NEAR), (
            f"{name}: run python -m backstory.coach.evaluate --write"
        )


def test_no_message_stands_on_both_sides_of_the_split():
    develop, held_out = ({pair["message"] for pair in pairs(split)} for split in SPLITS)
    assert not develop & held_out
    assert len(pairs("develop")) + len(pairs("held_out")) >= 300


@pytest.mark.parametrize("split", SPLITS)
def test_every_labelled_quote_stands_in_its_text(split: str):
    for pair in pairs(split):
        for point in pair["points"]:
            assert point["quote"] in pair["message"]
            assert (point["draft_quote"] is None) == (point["status"] == "missed")
            assert point["draft_quote"] is None or point["draft_quote"] in pair["draft"]
            assert point["kind"] != "harm" or point["status"] != "answered"
