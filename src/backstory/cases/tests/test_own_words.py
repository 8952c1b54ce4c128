"""What customers say of what is at stake, found in their own words."""

import pytest

from backstory import language
from backstory.cases.own_words import Told, filled_from, needs, quotes, says_yes

GOLDEN = (
    "There is never enough hot water! It is a danger to my family. Move us to another house at once! "
    "All I want is warm water at night. I work until 6, please don't call before. We need it by Friday."
)


def told(text: str, message_id: int = 1) -> Told:
    data = language.read(text, explain=True).to_dict()
    return Told(message_id, text, data, {"vulnerability": data["vulnerability"]})


def test_each_field_is_quoted_from_where_the_customer_said_it() -> None:
    found = {name: [quote.text for quote in places] for name, places in quotes([told(GOLDEN)]).items()}
    assert found["stated_problem"] == ["There is never enough hot water!"]
    assert found["demand"][0] == "Move us to another house at once"
    assert found["make_right"] == ["All I want is warm water at night."]
    assert found["constraints"] == ["I work until 6, please don't call before."]
    assert found["affected"] == ["my family"]
    assert found["matters_by"] == ["We need it by Friday."]
    assert "need" not in found


def test_every_quote_stands_in_the_letter_where_it_says() -> None:
    letter = told(GOLDEN)
    for places in quotes([letter]).values():
        assert all(letter.text[quote.start : quote.end] == quote.text for quote in places)


def test_what_somebody_disclosed_of_themselves_is_backstory_and_never_the_matter() -> None:
    text = "Das Wasser ist jede Nacht kalt. Meine kleine Tochter hat Krupp. Mir würde schon ein zweiter Kessel helfen."
    found = quotes([told(text)])
    assert [quote.text for quote in found["stated_problem"]] == ["Das Wasser ist jede Nacht kalt."]
    assert [quote.text for quote in found["backstory"]] == ["Meine kleine Tochter hat Krupp."]
    assert [quote.text for quote in found["affected"]] == ["Meine kleine Tochter"]
    assert found["make_right"][0].text == "Mir würde schon ein zweiter Kessel helfen."


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("Solo quiero que me devuelvan el dinero. Mi madre depende de esto.", "make_right", "Solo quiero"),
        ("Je veux juste que ma mère ait du chauffage.", "affected", "ma mère"),
        ("Bitte nicht anrufen, ich arbeite nachts. Die Heizung ist kaputt.", "constraints", "Bitte nicht anrufen"),
        ("The lift is broken again. My elderly mother cannot get out.", "affected", "My elderly mother"),
    ],
)
def test_four_languages_say_what_would_help_and_whom_it_concerns(text: str, field: str, words: str) -> None:
    assert words in quotes([told(text)])[field][0].text


def test_a_letter_with_nothing_at_stake_offers_nothing() -> None:
    assert quotes([told("Thanks, the parcel arrived today.")]) == {}
    assert quotes([told("")]) == {}


def test_the_same_words_in_two_letters_are_offered_once() -> None:
    found = quotes([told("My son cannot sleep.", 1), told("My son cannot sleep.", 2)])
    assert [quote.message_id for quote in found["affected"]] == [1]


def test_needs_follow_from_the_harms_gravest_first() -> None:
    assert needs([told("You charged me twice and the gas leaks, it is dangerous for us.")])[0] == "safety"


def test_what_an_agent_wrote_rests_on_the_quotes_it_holds() -> None:
    offered = quotes([told(GOLDEN)])["demand"]
    assert filled_from("They say: move us to  another house\nat once", offered) == offered[:1]
    assert filled_from("a bigger tank", offered) == []


@pytest.mark.parametrize(
    "text", ["Yes, that's exactly it.", "Genau so ist es!", "Sí, eso es", "Oui, c’est ça.", "You understood me well."]
)
def test_a_yes_is_known_in_four_languages(text: str) -> None:
    assert says_yes(text)


@pytest.mark.parametrize(
    "text",
    ["Yes, but it was Monday.", "Ja, aber der Betrag ist falsch.", "No.", "When will you come?", "", "Yes. " * 90],
)
def test_a_yes_with_a_but_or_with_a_story_confirms_nothing(text: str) -> None:
    assert not says_yes(text)
