"""The customer remembers, tells what is asked for well, and reacts to limits as they are due."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from backstory.practice import customer, plays, scenarios
from backstory.practice.customer import State
from backstory.practice.rules import Mood
from backstory.practice.scenarios import Scenario
from backstory.practice.table import renewed
from backstory.practice.voice import GrammarVoice, Speech, faithful

DOCUMENT = Path(__file__).parents[4] / "docs" / "practice.md"


def story(name: str, language: str = "en") -> Scenario:
    return scenarios.shipped()[(name, language)]


def kinds(exchange: customer.Exchange) -> set[str]:
    return {signal.kind for signal in exchange.signals}


def calm(scenario: Scenario) -> State:
    """The customer where they would talk: calm enough and trusting."""
    return replace(customer.begin(scenario, 1), mood=Mood(40, 60, heard=True, validated=True))


def test_a_closed_question_gets_a_short_answer_and_an_open_one_the_story() -> None:
    hot = story("hot_water")
    closed = customer.answer(hot, calm(hot), "Was your baby ill?", 1)
    assert closed.told == ()
    opened = customer.answer(hot, calm(hot), "What does this mean for your family?", 1)
    assert "croup" in opened.told and "could not breathe" in opened.answer


def test_a_customer_who_is_beside_himself_tells_nothing_to_a_good_question_alone() -> None:
    hot = story("hot_water")
    asked = customer.answer(hot, customer.begin(hot, 1), "What does this mean for your family?", 1)
    assert asked.told == ()


def test_what_was_told_and_is_asked_for_again_heats_but_taking_it_up_does_not() -> None:
    hot = story("hot_water")
    told = customer.answer(hot, calm(hot), "What does this mean for your family?", 1).state
    again = customer.answer(hot, told, "What does this mean for you?", 1)
    assert "asked_again" in kinds(again)
    taken = customer.answer(hot, told, "A baby who could not breathe, and no steam: that is terrifying.", 1)
    assert "took_up" in kinds(taken) and "asked_again" not in kinds(taken)
    passed = customer.answer(hot, told, "Thank you. Here is our brochure.", 1)
    assert "passed_over" in kinds(passed)


def test_earlier_words_are_held_against_the_agent() -> None:
    talk = story("promised_callback")
    first = customer.answer(talk, customer.begin(talk, 1), "That's our policy.", 1)
    second = customer.answer(talk, first.state, "Someone will contact you as soon as possible.", 1)
    assert "policy" in second.answer


def test_a_step_for_a_need_that_nobody_asked_about_is_only_a_step() -> None:
    hot = story("hot_water")
    guessed = customer.answer(hot, calm(hot), "I will bring you a kettle for steam today by four.", 1)
    assert "acted_need" not in kinds(guessed) and "acted" in kinds(guessed)


def test_abuse_goes_on_until_a_limit_is_set_and_only_then_is_ending_it_right() -> None:
    rage = story("night_caller")
    start = customer.begin(rage, 1)
    patient = customer.answer(rage, start, "I understand that you are angry. What do you need the water for?", 1)
    assert "no_limit" in kinds(patient) and patient.state.abusive
    cut = customer.answer(rage, start, "I am ending this call now.", 1)
    assert cut.state.ending == "ended_badly"
    warned = customer.answer(rage, start, "Please do not call me names. If it goes on, I will end this call.", 1)
    assert warned.state.mood.arousal < start.mood.arousal
    ended = customer.answer(rage, warned.state, "I am ending this call now. You can call us again at any time.", 1)
    assert ended.state.ending == "ended_properly"


def test_a_limit_set_to_somebody_who_is_only_angry_heats() -> None:
    hot = story("hot_water")
    exchange = customer.answer(hot, customer.begin(hot, 1), "Please stop insulting me.", 1)
    assert "limit_unfair" in kinds(exchange)
    assert exchange.state.mood.arousal > customer.begin(hot, 1).mood.arousal


def test_the_conversation_ends_when_time_runs_out() -> None:
    hot = story("wrong_gift")
    state = customer.begin(hot, 1)
    for _ in range(customer.MOST_TURNS):
        assert not state.ending
        state = customer.answer(hot, replace(state, mood=Mood(45, 50)), "What happened?", 1).state
    assert state.ending == "out_of_time"


@pytest.mark.parametrize(
    "said", ["", "?", "\x00", "a" * 4000, "¿Qué?", "🙂" * 50, "What " * 500, "-- \n-- \n", "I will. " * 200]
)
def test_anything_can_be_said(said: str) -> None:
    for name, language in (("hot_water", "en"), ("hot_water", "de"), ("fine_thanks", "en")):
        exchange = customer.answer(story(name, language), customer.begin(story(name, language), 1), said, 1)
        assert exchange.answer


def test_a_state_survives_being_kept_as_json() -> None:
    import json

    hot = story("hot_water")
    state = plays.play(hot, hot.good[:3]).exchanges[-1].state
    assert State.from_dict(json.loads(json.dumps(state.to_dict()))) == state


SPEECH = Speech(
    story("hot_water"),
    Mood(60, 40),
    "heard",
    harmed=False,
    facts=("By eight in the evening the tank is empty.",),
    hidden=("Our baby woke up with croup last night.",),
)


@pytest.mark.parametrize(
    ("words", "taken"),
    [
        ("Well, by eight in the evening that tank is empty, if you must know.", True),
        ("The tank is fine, really.", False),  # leaves out what is told
        ("By eight in the evening the tank is empty, for 14 days.", False),  # adds a number
        ("By eight in the evening the tank is empty, and our baby has croup.", False),  # tells a secret
        ("", False),
        ("By eight in the evening the tank is empty. " * 60, False),
    ],
)
def test_another_voice_may_word_but_neither_add_nor_betray_nor_forget(words: str, taken: bool) -> None:
    plain = GrammarVoice().say(SPEECH, Random(1))
    assert faithful(words, plain, SPEECH) is taken


def test_the_document_tells_the_model_as_it_is() -> None:
    if not DOCUMENT.exists():
        pytest.skip("the documents do not come with an installed package")
    text = DOCUMENT.read_text(encoding="utf-8")
    assert renewed(text) == text, "run: python -m backstory.practice.table --write docs/practice.md"
