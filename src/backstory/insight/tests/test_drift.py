"""The arithmetic of drift."""

import pytest

from backstory.insight import drift


def test_the_same_mix_has_an_index_of_nothing_and_a_shift_a_large_one() -> None:
    assert drift.stability_index([50, 50], [100, 100]) == pytest.approx(0, abs=1e-4)
    index = drift.stability_index([80, 20], [20, 80])
    assert index == pytest.approx(1.6251, abs=1e-4), "twice 60/101 times ln(80.5/20.5)"
    assert drift.verdict(index) == "shifted"


def test_an_empty_bin_does_not_make_it_infinite() -> None:
    assert drift.stability_index([100, 0], [0, 100]) is not None


def test_too_few_messages_are_not_compared() -> None:
    assert drift.stability_index([49], [1000]) is None
    assert drift.mix_index({}, {"en": 100}) is None
    assert drift.verdict(None) == "unknown"


@pytest.mark.parametrize(("index", "said"), [(0.0, "steady"), (0.1, "moved"), (0.25, "shifted")])
def test_the_limits_are_the_usual_ones(index: float, said: str) -> None:
    assert drift.verdict(index) == said


def test_languages_are_compared_by_name() -> None:
    assert drift.verdict(drift.mix_index({"en": 90, "de": 10}, {"de": 90, "en": 10})) == "shifted"
    assert drift.verdict(drift.mix_index({"en": 90, "de": 10}, {"en": 91, "de": 9})) == "steady"
