"""Which messages count as abuse: words that are meant for a person, and what people said."""

import pytest

from backstory.cases.playbooks.abuse import level_of


def read(text: str, *foul: str, level: int = -1, language: str = "en", **more: object) -> int:
    spans = [
        {"kind": "abuse", "text": word, "start": text.index(word), "end": text.index(word) + len(word)} for word in foul
    ]
    data = {"language": {"code": language}, "abuse": {"level": level, "kinds": ["insult"], "spans": spans}, **more}
    return level_of(data, text)


@pytest.mark.parametrize(
    ("text", "foul"),
    [
        ("right you useless clowns, 18 days no heat", ("useless clowns",)),
        ("What, are you stupid? Send somebody.", ("stupid",)),
        ("Idiots. And liars too.", ("Idiots", "liars")),
    ],
)
def test_words_that_are_meant_for_somebody_count(text: str, foul: tuple[str, ...]) -> None:
    assert read(text, *foul) == -1
    assert read(text, *foul, level=-3) == -3


@pytest.mark.parametrize(
    ("text", "foul"),
    [
        ("You will think me silly for writing about a noise.", ("silly",)),
        ("Hi all, stupid question, maybe.", ("stupid",)),
        ("I feel stupid for crying about a heating company.", ("stupid",)),
        ("The worst company I have ever dealt with, damn it.", ("damn",)),
        ("Third morning in a row I can see my own breath in the kitchen.", ()),
    ],
)
def test_a_level_without_words_for_a_person_is_ambivalent(text: str, foul: tuple[str, ...]) -> None:
    assert read(text, *foul) == 0


def test_a_listed_insult_counts_and_what_people_said_holds() -> None:
    assert read("Nur Penner in dem Amt", "Penner", language="de") == -1
    assert read("Only calm words here.", corrected=["abuse"]) == -1
    assert read("right you useless clowns", "useless clowns", level=1, corrected=["abuse"]) == 1


def test_what_was_not_read_is_no_abuse() -> None:
    assert level_of(None, "You idiot") == level_of({}, "You idiot") == 1
