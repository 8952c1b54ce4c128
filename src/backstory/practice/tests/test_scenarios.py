"""Every scenario proves itself: handled well its customer calms and confides, handled badly not; and files say
where they are wrong."""

import pytest

from backstory.practice import customer, plays, scenarios
from backstory.practice.rules import BEHAVIOURS, STYLES
from backstory.practice.scenarios import Scenario, ScenarioProblems, parse

SHIPPED = scenarios.shipped()
EACH = [pytest.param(one, id=f"{name}.{language}") for (name, language), one in SHIPPED.items()]
HOT_WATER = scenarios.source("hot_water", "en")


@pytest.mark.parametrize("scenario", EACH)
def test_good_handling_calms_and_bad_handling_does_not(scenario: Scenario) -> None:
    assert plays.doubts(scenario) == []


@pytest.mark.parametrize("scenario", EACH)
def test_the_question_offered_for_a_fact_opens_it_when_the_mood_allows(scenario: Scenario) -> None:
    calm = customer.begin(scenario, 1)
    calm = customer.replace(calm, mood=customer.Mood(20, 90, heard=True, validated=True), abusive=False)
    for fact in scenario.facts:
        told = customer.answer(scenario, calm, fact.question, 1).told
        assert fact.id in told, fact.question


@pytest.mark.parametrize("scenario", EACH)
def test_nothing_deep_is_told_to_a_closed_question(scenario: Scenario) -> None:
    state = customer.begin(scenario, 1)
    asked = "Is there anything else?" if scenario.language == "en" else "Ist sonst noch etwas?"
    told = customer.answer(scenario, state, asked, 1).told
    assert not set(told) & {fact.id for fact in scenario.deep}


@pytest.mark.parametrize("scenario", EACH)
def test_the_same_seed_gives_the_same_conversation(scenario: Scenario) -> None:
    first, again = plays.play(scenario, scenario.good[:2], seed=7), plays.play(scenario, scenario.good[:2], seed=7)
    assert first == again


def test_twenty_scenarios_and_more_cover_every_behaviour_and_style_the_hot_water_story_first() -> None:
    english = [one for one in SHIPPED.values() if one.language == "en"]
    assert len(english) >= 20
    assert {one.behaviour for one in english} == set(BEHAVIOURS)
    assert {one.style for one in english} == set(STYLES)
    assert len({one.cause for one in english}) >= 12
    assert next(iter(SHIPPED)) == ("hot_water", "en")
    assert sum(one.language == "de" for one in SHIPPED.values()) >= 5


def test_translations_tell_the_same_story() -> None:
    for (name, language), one in SHIPPED.items():
        original = SHIPPED[(name, "en")]
        same = ("behaviour", "style", "cause", "difficulty", "channel", "start")
        assert language == "en" or all(getattr(one, field) == getattr(original, field) for field in same), name
        assert [fact.id for fact in one.facts] == [fact.id for fact in original.facts]


def without(line: str, put: str = "") -> str:
    assert line in HOT_WATER
    return HOT_WATER.replace(line, put)


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        (without("behaviour: angry", "behaviour: grumpy"), 5, "behaviour: must be one of"),
        (without("difficulty: 1", "difficulty: 9"), 8, "difficulty: input should be less than or equal to 3"),
        (without("style: expressive\n"), 2, "style: is missing"),
        (without("title: ", "tittle: "), 4, "tittle: is not a field of a scenario"),
        (without("demand: Move my family to another house, today.", "demand: 2026-01-01"), 18, "demand: must be text"),
        (without("style: expressive", "style: [expressive"), 7, "not YAML"),
        (HOT_WATER + "title: Again\n", len(HOT_WATER.splitlines()) + 1, "“title” stands here twice"),
        (without("  - id: croup", "  - id: Croup!"), 29, "facts.2.id: must be small letters"),
        (without("traps:", "traps: &many"), 51, ""),
        ("", 1, "a scenario has fields"),
        ("- a\n- b", 1, ""),
        ("a" * 50_000, 1, "longer than"),
        ("\x00", 1, "not YAML"),
    ],
)
def test_a_bad_file_is_told_the_line_and_the_reason(source: str, line: int, says: str) -> None:
    if source.count("&many"):
        source = source.replace("serve_need:\n", "serve_need: *many\nother:\n")
    with pytest.raises(ScenarioProblems) as told:
        parse(source)
    assert any(says in one.message for one in told.value.problems), str(told.value)
    if says:
        assert line in {one.line for one in told.value.problems}, str(told.value)


def test_a_scenario_without_anything_behind_it_is_refused() -> None:
    with pytest.raises(ScenarioProblems, match="no fact is deep"):
        parse(HOT_WATER.replace("    deep: true\n", ""))


def test_a_scenario_whose_good_play_does_not_calm_is_doubted() -> None:
    scenario = parse(HOT_WATER)
    swapped = scenario.model_copy(update={"good": scenario.bad, "bad": scenario.good})
    said = {field for field, _ in plays.doubts(swapped)}
    assert said == {"good", "bad"}
