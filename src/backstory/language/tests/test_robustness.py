"""A quick part of `python -m backstory.language.robustness`: limits a little above what `docs/reading.md` states."""

import pytest

from backstory.language import perturbations, robustness
from backstory.language.evaluation_set import LANGUAGES
from backstory.language.reader import read
from backstory.language.robustness_swaps import moves

EVERY = 16


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("small letters", 0.0),
        ("line breaks", 0.0),
        ("no accents", 0.0),
        ("two letters swapped", 0.12),
        ("a letter missing", 0.12),
        ("CAPITALS", 0.12),
    ],
)
def test_case_typos_and_line_breaks_turn_few_complaints(name: str, most: float) -> None:
    assert next(robustness.change_figures(name, EVERY)).value <= most


def test_every_perturbation_changes_the_text_and_is_the_same_on_every_run() -> None:
    text = "Die Lieferung wäre für Montag, den 3., angekündigt gewesen; gekommen ist bisher nichts und niemand."
    changed = {name: change(text, "de") for name, change in perturbations.PERTURBATIONS.items()}
    assert text not in changed.values()
    assert changed == {name: change(text, "de") for name, change in perturbations.PERTURBATIONS.items()}


@pytest.mark.parametrize("capability", ["negation", "look-alikes", "plain words"])
def test_minimal_pairs_are_mostly_told_apart(capability: str) -> None:
    found = [one for language in LANGUAGES for one in robustness.pair_failures(capability, language)]
    failed = [(text, expected) for text, expected, wrong in found if wrong]
    assert len(found) >= 40
    assert len(failed) <= 0.3 * len(found), failed


def test_a_sentence_of_anger_never_lowers_intensity() -> None:
    for language, text in robustness.bases(EVERY):
        sentence = robustness.material()["added"][language][0][0]
        before, after = read(text).intensity, read(f"{text} {sentence}").intensity
        assert before is None or after is None or after.overall >= before.overall - robustness.SLACK, text


@pytest.mark.parametrize("kind", ["name", "origin", "religion", "sexuality"])
def test_who_somebody_is_hardly_moves_whether_they_complain(kind: str) -> None:
    """The verdict of complaint moves by no more than .3 in any template (the published table has every verdict)."""
    group = robustness.material()["swaps"]["en"][kind]
    far = {one: move for one in group["templates"] if (move := moves(one, group["terms"])["complaint"])[0] > 0.3}
    assert far == {}
