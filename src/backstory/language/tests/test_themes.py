"""Themes are found where several say the same, and nowhere else."""

import pytest

from backstory.kernel.errors import InvalidInput
from backstory.language import themes

WHEN = ("today", "yesterday", "again", "early", "late")
LID = [f"The lid of the kettle broke {when}, the hinge of the lid snapped." for when in WHEN]
VAN = [f"Your van blocked my driveway {when}, the driver of the van shouted." for when in WHEN]
ALONE = ["I lost my umbrella.", "Where is the museum?", "My cousin sings opera.", "Nobody likes cold soup."]


def test_two_matters_are_two_themes_and_strays_belong_to_none() -> None:
    texts = [*LID, *ALONE, *VAN]
    found = themes.find(texts)
    members = [{place for place, _ in one.members} for one in found]
    assert sorted(members, key=min) == [set(range(5)), set(range(9, 14))]
    told = {" ".join(one.words) for one in found}
    assert any("lid" in words for words in told) and any("van" in words for words in told)


def test_the_same_texts_give_the_same_themes() -> None:
    texts = [*VAN, *ALONE, *LID]
    assert themes.find(texts) == themes.find(texts)


def test_a_name_said_by_one_person_names_no_theme() -> None:
    texts = [text.replace("early", "by Wilhelmina Krause") for text in LID]
    words = " ".join(word for one in themes.find(texts + ALONE) for word in one.words)
    assert "wilhelmina" not in words and "krause" not in words


@pytest.mark.parametrize("texts", [[], LID[:4], [""] * 9, ["!!!"] * 9, ["one", "two", "three", "four", "five"]])
def test_too_little_to_go_by_gives_no_theme(texts) -> None:
    assert themes.find(texts) == []


def test_more_texts_than_fit_into_memory_are_refused() -> None:
    with pytest.raises(InvalidInput, match="At most"):
        themes.find(["word"] * (themes.MOST + 1))


def test_other_texts_are_placed_nowhere() -> None:
    found = themes.find([*LID, *ALONE], VAN * 3)
    assert [{place for place, _ in one.members} for one in found] == [set(range(5))]
