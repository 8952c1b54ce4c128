"""What is at stake: minimal pairs in four languages, quotes that are true, and what must not count."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstory.language import read
from backstory.language.reading import Reading


def severity(text: str) -> tuple[int, bool]:
    found = read(text).severity
    assert found
    return found.level, found.safety


def drivers(text: str) -> set[str]:
    return {one.kind for one in read(text).vulnerability or ()}


@pytest.mark.parametrize(
    ("calm", "grave"),
    [
        ("The plug of the heater is white.", "The plug of the heater melted and there were flames."),
        ("The tablets arrived on Monday.", "The pharmacy gave my son the wrong tablets and he collapsed."),
        ("The brakes are red, I like them.", "The brakes failed on the motorway and I nearly crashed."),
        ("Der Stecker ist weiß.", "Der Stecker ist verschmort und es kam Rauch heraus."),
        ("La barandilla es verde.", "La barandilla estaba suelta y mi hijo se cayó por la escalera."),
        ("La prise est blanche.", "La prise a fondu et il y avait des flammes."),
    ],
)
def test_a_danger_to_somebody_is_told_from_a_plain_sentence(calm: str, grave: str) -> None:
    assert severity(calm)[1] is False
    level, safety = severity(grave)
    assert safety and level >= 2


@pytest.mark.parametrize(
    "text",
    [
        "No danger, nothing burnt, it is only that the toaster makes everything too dark.",
        "FIRE SALE this weekend, I got the new tablet for forty quid, I'm dying 😂",
        "Shoutout to the 6am spin crew, killer class!!",
        "Is the blanket safe for kids?",
        "Keine Gefahr, es ist niemand verletzt, nur die Farbe gefällt mir nicht.",
    ],
)
def test_what_is_denied_a_figure_of_speech_or_a_mere_question_is_no_danger(text: str) -> None:
    assert not severity(text)[1]


@pytest.mark.parametrize(
    ("text", "driver"),
    [
        ("My mother is 84 and cannot climb the stairs.", "health"),
        ("My husband died in March and I have to change the contract.", "life-event"),
        ("We are on universal credit and cannot pay the bill.", "resilience"),
        ("Sorry, my English is not good, I do not understand the letter.", "capability"),
        ("Ich sitze im Rollstuhl und der Aufzug ist kaputt.", "health"),
        ("Meine Frau ist im Mai gestorben.", "life-event"),
        ("Wir leben von Bürgergeld und können die Rechnung nicht bezahlen.", "resilience"),
        ("Mi madre tiene alzhéimer y vive sola.", "health"),
        ("Je suis au chômage depuis mars et je n'ai plus d'argent.", "life-event"),
        ("Je ne comprends pas ce courrier, je lis mal le français.", "capability"),
    ],
)
def test_each_driver_of_vulnerability_is_found(text: str, driver: str) -> None:
    assert driver in drivers(text)


@pytest.mark.parametrize(
    "text", ["Two pizzas please, no onions.", "Wann öffnet der Laden am Samstag?", "Merci, parfait !"]
)
def test_an_ordinary_message_hints_at_no_hardship(text: str) -> None:
    assert not drivers(text)


def test_a_deadline_is_quoted_and_resolved_where_the_moment_of_writing_is_known() -> None:
    text = "The heating is off and it is urgent. Please send an engineer by Friday."
    urgency = read(text, written_at=datetime(2026, 3, 3, 9, tzinfo=UTC)).urgency
    assert urgency and urgency.level >= 2 and urgency.by_when == "by Friday"
    assert urgency.due and urgency.due.startswith("2026-03-06")
    assert (read(text).urgency or urgency).due is None


def test_a_time_in_the_past_is_no_deadline() -> None:
    urgency = read("The lift failed on Monday and the letter came on Tuesday.").urgency
    assert urgency and urgency.by_when is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The charge is wrong and I was billed twice. Cancel it.", "demand"),
        ("Cancel my subscription, I am moving to Spain.", "request"),
        ("how many screens can watch at once on the family plan", "question"),
        ("Die Rechnung ist schon wieder falsch. Korrigieren Sie das.", "demand"),
        ("Llevo tres semanas sin luz. Devuélvanme el dinero.", "demand"),
        ("Mon colis est cassé. Remboursez-moi.", "demand"),
    ],
)
def test_an_order_is_a_demand_where_something_failed(text: str, kind: str) -> None:
    assert kind in {one.kind for one in read(text).asks or ()}


@pytest.mark.parametrize(
    "text", ["Are you kidding me?", "Your app crashed again. How dare you?", "Soll das ein Witz sein?"]
)
def test_a_rhetorical_question_asks_nothing(text: str) -> None:
    assert read(text).asks == ()


def test_a_sentence_in_another_language_is_read_in_its_own() -> None:
    text = "Good morning, I have a question about my order and the delivery. "
    text += "Meine Mutter ist im Rollstuhl und es ist dringend."
    assert "health" in drivers(text)


def test_figures_of_despair_are_no_threat_and_despair_is() -> None:
    assert not (read("This queue kills me, I could die laughing.").threats or {})["self-harm"]
    assert (read("I don't want to live anymore.").threats or {})["self-harm"]
    assert (read("Ich will nicht mehr leben.").threats or {})["self-harm"]


@pytest.mark.parametrize("swap", ["Mary", "Mohammed", "Jewish", "black", "trans"])
def test_who_somebody_is_makes_no_danger_and_no_hardship(swap: str) -> None:
    told = "My {}friend waited two hours, nobody came and you still charged him. I want a refund."
    before, after = told.format(""), told.format(f"{swap} ")
    assert severity(before)[1] == severity(after)[1]
    assert drivers(before) == drivers(after) == set()
    assert abs(severity(before)[0] - severity(after)[0]) <= 1


def sound(reading: Reading, text: str) -> None:
    """Every quote is where it says it is, and as long as it says."""
    quotes = [*(reading.asks or ()), *(reading.harms or ()), *(reading.facts or ()), *(reading.vulnerability or ())]
    quotes += [one for spans in (reading.threats or {}).values() for one in spans]
    assert all(text[one.start : one.end] == one.text and one.text for one in quotes)


_TELLING = (
    "my mother baby gas fire smell 84 € 4,800 by Friday tomorrow please wheelchair died cannot pay nicht Rollstuhl "
    "heute madre murió l'ascenseur panne 😀 ! ? . don't n° 12.05. order AB-123 ’ … “ ” ß İ"
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(_TELLING.split()), max_size=40))
def test_any_order_of_grave_words_is_read_with_true_quotes(words: list[str]) -> None:
    text = " ".join(words)
    sound(read(text), text)


def test_a_text_of_many_sentences_is_read_with_each_of_its_dangers_once() -> None:
    text = "My mother is 84 and the heating is off since Monday, please send somebody by Friday. " * 800
    reading = read(text)
    sound(reading, text)
    assert len(reading.vulnerability or ()) <= 40 and len(reading.asks or ()) <= 40
