"""The phrase rules are data; these hold the data to the form that the finder needs."""

import pytest

from backstory.language import phrases
from backstory.language.phrases import LANGUAGES, book, rules
from backstory.language.service_training import CAUSES, STYLES
from backstory.language.text import Document, fold, parse


def finds(text: str, language: str = "en") -> set[tuple[str, str, bool]]:
    return {(one.rule, one.kind, one.negated) for one in book(language).find(parse(text))}


def patterns(language: str) -> list[str]:
    kinds = [kind for rule in rules(language)["rules"].values() for kind in rule.values()]
    return [pattern for kind in kinds for written in kind.values() for pattern in written]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pattern_is_written_as_the_parser_folds_words(language: str) -> None:
    for pattern in patterns(language):
        assert fold(pattern) == pattern, pattern
        assert not pattern.startswith("..."), pattern


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_rules_and_causes(language: str) -> None:
    own = rules(language)["rules"]
    assert set(own["cause"]) == set(CAUSES)
    assert set(own["style"]) == set(STYLES)
    assert set(own) >= {"ask", "harm", "severity", "complaint", "arousal", "urgency", "vulnerability", "threat"}


def test_a_gap_matches_up_to_three_words_within_the_sentence() -> None:
    assert ("harm", "safety", False) in finds("I smell a lot of gas.")
    assert ("harm", "safety", False) not in finds("I smell. Gas is cheap.")


def test_a_denied_find_is_marked() -> None:
    assert ("harm", "safety", True) in finds("There is no danger.")


def test_the_blend_weighs_every_cause() -> None:
    assert set(rules("blend")["gap"]["causes"]) == set(CAUSES)


def test_a_stem_too_short_to_look_up_is_refused() -> None:
    pattern = phrases._compile("harm", "money", 1.0, "ab*", negators=frozenset())
    with pytest.raises(ValueError, match="stem"):
        phrases._file(pattern, {}, {})


def test_sentences_end_at_marks_and_not_at_dates() -> None:
    document: Document = parse("Am 3. Mai kam nichts. Wo bleibt es? Danke")
    assert [document.text[one.start : one.end] for one in document.sentences] == [
        "Am 3. Mai kam nichts.",
        "Wo bleibt es?",
        "Danke",
    ]
