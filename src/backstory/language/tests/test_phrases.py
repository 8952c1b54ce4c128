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
    assert set(own) >= {"ask", "harm", "complaint", "arousal", "threat"}
    assert set(rules(f"cues/{language}")["cues"]) == set(rules("cues/en")["cues"])


def test_a_gap_matches_up_to_three_words_within_the_sentence() -> None:
    assert ("harm", "safety", False) in finds("I smell a lot of gas.")
    assert ("harm", "safety", False) not in finds("I smell. Gas is cheap.")


def test_a_denied_find_is_marked() -> None:
    assert ("harm", "safety", True) in finds("There is no danger.")


def test_situations_speak_of_cues_that_there_are() -> None:
    situations, cues = rules("situations"), set(rules("cues/en")["cues"])
    tables = [situations["harm"], situations["vulnerability"], situations["threat"]]
    named = {cue for table in tables for kinds in table.values() for cue in kinds}
    named |= {*situations["danger"], *situations["people"], *situations["floor"]}
    assert named <= cues
    assert set(situations["matter"]) - {"slope", "default"} <= cues


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cue_is_written_as_the_parser_folds_words(language: str) -> None:
    written = rules(f"cues/{language}")
    for patterns in (*written["cues"].values(), *written["classes"].values()):
        assert fold(patterns) == patterns


def test_a_number_a_great_age_and_a_clitic_are_matched_by_their_meaning() -> None:
    assert ("cue", "age", False) in finds("My mother is 84 years old.")
    assert ("cue", "age", False) not in finds("My son is 4 years old.")
    assert ("cue", "death", False) in finds("It is about my brother's death.")
    assert ("cue", "spoiled", False) in finds("L'ascenseur est en panne.", "fr")


def test_one_wrong_letter_in_a_long_word_is_forgiven_and_another_word_is_left_alone() -> None:
    vocabulary = book("en").vocabulary
    assert vocabulary.corrected("wheelchiar") == vocabulary.corrected("wheelchair")
    assert vocabulary.corrected("changed") == "changed"


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
