"""What a reading says of a message, and what it never does whatever the message."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstory.language import read
from backstory.language.reader import FIELDS
from backstory.language.reading import Reading, Span

HOT_WATER = (
    "You are the worst person in the world! I want you to move my family to another house at once. "
    "There is never enough hot water, it is a danger to my family!"
)
CROUP = " Last night our baby woke with croup and there was no steam to help her breathe."


def quoted(reading: Reading) -> list[Span]:
    """Every span that a reading quotes."""
    found = [*(reading.asks or ()), *(reading.harms or ()), *(reading.facts or ()), *(reading.vulnerability or ())]
    found += [one for spans in (reading.threats or {}).values() for one in spans]
    if reading.gap:
        found += [one for one in (reading.gap.reaction, reading.gap.matter) if one]
    return found


def assert_sound(text: str) -> None:
    reading = read(text, explain=True)
    for span in quoted(reading):
        assert text[span.start : span.end] == span.text
        assert span.text
    for places in (reading.evidence or {}).values():
        assert all(0 <= place.start < place.end <= len(text) for place in places)
    assert set(reading.abstain) == {name for name in FIELDS if getattr(reading, name) is None}
    json.dumps(reading.to_dict())


def test_the_hot_water_letter_is_read_as_a_frightened_and_angry_complaint() -> None:
    reading = read(HOT_WATER, explain=True)
    assert reading.complaint and reading.complaint.is_complaint
    assert reading.ekman and max(reading.ekman, key=reading.ekman.__getitem__) in {"anger", "fear"}
    assert reading.intensity and reading.intensity.overall >= 2
    assert reading.valence is not None and reading.valence < 0
    assert reading.cause and "outage" in {one.label for one in reading.cause}


def test_the_hot_water_letter_endangers_a_family() -> None:
    reading = read(HOT_WATER)
    assert reading.severity and reading.severity.level >= 3 and reading.severity.safety
    assert "danger" in reading.severity.why
    assert "safety" in {one.kind for one in reading.harms or ()}


def test_the_demand_to_move_the_family_is_quoted() -> None:
    demands = [one.text for one in read(HOT_WATER).asks or () if one.kind == "demand"]
    assert any("move my family" in one for one in demands)


def test_a_style_is_named_only_where_it_shows() -> None:
    shown = read(
        "On 3 and 9 May the 7:40 left late (log attached). Clause 4.2 grants 25 %. 1) Which date applies? 2) Please "
        "confirm the sum of 61.50 euros in writing, with reference to invoice 20771."
    ).style
    assert shown and shown.likely == "analytic"
    silent = read("u open sunday?").style
    assert silent and silent.abstain and silent.likely is None


def test_the_gap_closes_when_the_croup_is_told() -> None:
    hidden, told = read(HOT_WATER).gap, read(HOT_WATER + CROUP).gap
    assert hidden and told and hidden.reaction and hidden.matter
    assert hidden.score > 0.4 > told.score
    assert told.matter and "croup" in told.matter.text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Please send me a new key.", "request"),
        ("I demand a full refund.", "demand"),
        ("When will the lift be repaired?", "question"),
        ("Ich verlange die Erstattung meines Geldes.", "demand"),
        ("Könnten Sie bitte die Rechnung schicken?", "request"),
        ("¿Cuándo llega mi pedido?", "question"),
        ("J'exige le remboursement de ma commande.", "demand"),
    ],
)
def test_asks_are_told_apart(text: str, kind: str) -> None:
    assert [one.kind for one in read(text).asks or ()] == [kind]


@pytest.mark.parametrize(
    ("calm", "grave"),
    [
        ("The kettle you sold me is grey.", "The kettle you sold me caught fire."),
        ("Im Keller riecht es nach Farbe.", "Im Keller riecht es nach Gas."),
        ("En el pasillo huele a pan.", "En el pasillo huele a gas."),
        ("Ça sent le pain dans le couloir.", "Ça sent le gaz dans le couloir."),
    ],
)
def test_one_word_of_danger_raises_the_severity(calm: str, grave: str) -> None:
    mild, serious = read(calm).severity, read(grave).severity
    assert mild and serious
    assert mild.level < serious.level == 4 and serious.safety and not mild.safety


def test_a_larger_sum_weighs_more() -> None:
    small = read("You charged me 4 euros twice and I would like it put right.").severity
    large = read("You charged me 4,800 euros twice and I would like it put right.").severity
    assert small and large
    assert small.level < large.level and not large.safety


def test_an_ordinary_visit_to_hospital_is_no_danger() -> None:
    severity = read("Could you come after ten? My mother is back from hospital and sleeps late. Thank you.").severity
    assert severity and severity.level == 0 and not severity.safety


def test_a_denied_danger_is_no_danger() -> None:
    severity = read("The repair was late, but there was no danger to anybody.").severity
    assert severity and not severity.safety


def test_thanks_are_no_complaint() -> None:
    reading = read("Thank you so much for the quick repair, everything works again!")
    assert reading.complaint and not reading.complaint.is_complaint
    assert reading.cause == () and reading.severity and reading.severity.level == 0


def test_a_cry_and_capitals_raise_the_intensity() -> None:
    calm, loud = read("Nobody came again.").intensity, read("NOBODY came AGAIN!!!").intensity
    assert calm and loud and loud.overall > calm.overall


def test_facts_are_quoted_with_their_kind() -> None:
    facts = read("On 12 May you charged 89.50 euros for order 77-1203.").facts or ()
    assert [(one.kind, one.text) for one in facts] == [
        ("date", "12 May"),
        ("amount", "89.50 euros"),
        ("order", "77-1203"),
    ]


def test_threats_are_told_by_kind() -> None:
    threats = read("I will go to a lawyer and switch to another provider.").threats or {}
    assert threats["legal"] and threats["churn"] and not threats["publicity"] and not threats["self-harm"]


def test_french_names_no_fine_emotions_because_nothing_was_trained_for_them() -> None:
    reading = read("Trois jours sans chauffage, c'est insupportable !")
    assert reading.language.code == "fr"
    assert reading.emotions is None and "emotions" in reading.abstain
    assert reading.ekman and reading.valence is not None and reading.valence < 0
    assert reading.complaint and reading.complaint.is_complaint


@pytest.mark.parametrize(
    "text", ["", " \n\t", "😡😡😡", "12345", "\ud83d", "\x00", "Мой заказ до сих пор не пришёл, где он?"]
)
def test_what_cannot_be_read_abstains_by_name(text: str) -> None:
    reading = read(text)
    assert reading.complaint is None and "complaint" in reading.abstain
    assert_sound(text)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_is_read_with_true_quotes(text: str) -> None:
    assert_sound(text)


_WORDS = (
    "I",
    "you",
    "demand",
    "refund",
    "please",
    "never",
    "danger",
    "hot",
    "water",
    "!",
    "?",
    ".",
    "...",
    "ich",
    "no",
    "—",
    "\n\n",
    "'",
    "baby",
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=60))
def test_any_order_of_telling_words_is_read_with_true_quotes(words: list[str]) -> None:
    assert_sound("The boiler is broken and I am " + " ".join(words))


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_the_same_text_gives_the_same_reading(text: str) -> None:
    assert read(text, explain=True) == read(text, explain=True)


def test_twenty_thousand_words_are_read() -> None:
    text = "The heating is broken, please send someone today. " * 2_500
    assert len(text.split()) == 20_000
    reading = read(text)
    assert reading.complaint and reading.complaint.is_complaint and reading.coverage == 1.0
    assert len(reading.asks or ()) <= 40


@pytest.mark.parametrize("text", ["a" * 300_000, "!" * 300_000, "1.1" * 100_000, "no " * 100_000, "\n" * 300_000])
def test_a_monstrous_text_is_read_in_part_and_says_so(text: str) -> None:
    reading = read(text)
    assert 0 < reading.coverage < 1


def test_the_plain_form_names_every_field() -> None:
    plain: dict[str, Any] = read(HOT_WATER, explain=True).to_dict()
    assert {"language", *FIELDS, "abstain", "models", "evidence"} <= set(plain)
    assert plain["complaint"]["is"] is True
    assert "evidence" not in read(HOT_WATER).to_dict()
    assert json.loads(json.dumps(plain)) == plain


def test_a_reading_gives_its_id_back() -> None:
    assert read("Thank you!", id="m-7").to_dict()["id"] == "m-7"
    assert read("Thank you!").to_dict()["id"] is None


def test_only_a_reply_is_weighed_for_empathy() -> None:
    warm = (
        "I am sorry that the baby could not breathe last night, that must have been frightening. How is the baby now?"
    )
    assert read(HOT_WATER).reply is None and "reply" not in read(HOT_WATER).abstain
    shown = read(warm, answers=HOT_WATER + CROUP).reply
    assert shown and (shown.reaction, shown.exploration) == (2, 2) and shown.interpretation >= 1
    cold = read("Your case was closed.", answers=HOT_WATER).reply
    assert cold and (cold.reaction, cold.interpretation, cold.exploration) == (0, 0, 0)


def test_every_verdict_on_a_complaint_carries_its_evidence() -> None:
    evidence = read(HOT_WATER, explain=True).evidence or {}
    named = ("complaint", "ekman", "emotions", "intensity", "severity", "asks", "harms", "cause", "gap")
    assert all(evidence[name] for name in named)
