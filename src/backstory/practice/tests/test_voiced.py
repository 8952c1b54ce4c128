"""A language model may word what a simulated customer says; how they feel and what they tell was decided before."""

from datetime import timedelta

import pytest
from django.test import Client

from backstory.kernel import clock
from backstory.live import bus
from backstory.llm import Model, ModelFailed
from backstory.practice import actions
from backstory.practice.models import PracticeTurn
from conftest import Cast

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SAID = "Good morning, Mr Novak. You have no hot water in the evening; that must be hard."


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, settings) -> list[str]:
    """What the model was asked; it repeats the plain answer with a word before it."""
    settings.LLM = Model("local")
    prompts: list[str] = []

    def ask(model: Model, told: str, prompt: str) -> str:
        prompts.append(f"{told} {prompt}")
        return "Well. " + prompt.partition("to be worded:\n")[2]

    monkeypatch.setattr(actions, "ask", ask)
    return prompts


def turn(cast: Cast) -> PracticeTurn:
    with bus.quiet():
        session = actions.begin(cast.alice, "hot_water.en", seed=1)
        return actions.say(cast.alice, session.pk, SAID, 1)


def test_a_faithful_wording_is_taken_and_moves_nothing(cast: Cast, asked: list[str]) -> None:
    before = PracticeTurn.objects.get(pk=turn(cast).pk)
    assert before.session.state
    actions.voice_turn(before.pk)
    after = PracticeTurn.objects.get()
    assert after.answer == f"Well. {before.answer}" and after.voiced_by is None
    assert (after.data, after.session.state) == (before.data, before.session.state)
    actions.voice_turn(before.pk)
    assert len(asked) == 1, "done twice it is worded once"


def test_what_is_hidden_is_never_told_to_the_model(cast: Cast, asked: list[str]) -> None:
    actions.voice_turn(turn(cast).pk)
    assert "croup" not in asked[0]


@pytest.mark.parametrize("wording", ["My baby has croup, since you ask.", "", "I have waited for 400 days."])
def test_a_wording_that_strays_is_left_aside(cast: Cast, asked: list[str], monkeypatch, wording: str) -> None:
    monkeypatch.setattr(actions, "ask", lambda *_: wording)
    before = turn(cast)
    actions.voice_turn(before.pk)
    assert PracticeTurn.objects.get().answer == before.answer


def test_a_model_that_fails_or_comes_late_leaves_the_plain_words(cast: Cast, asked: list[str], monkeypatch) -> None:
    def fail(*_: object) -> str:
        raise ModelFailed("The model did not answer in time.")

    before = turn(cast)
    with clock.travel(clock.now() + timedelta(minutes=1)):
        actions.voice_turn(before.pk)
    assert not asked
    monkeypatch.setattr(actions, "ask", fail)
    actions.voice_turn(before.pk)
    assert PracticeTurn.objects.get().answer == before.answer and PracticeTurn.objects.get().voiced_by is None


def test_the_page_waits_for_the_words_and_offers_no_box_meanwhile(client: Client, cast: Cast, asked: list[str]) -> None:
    client.force_login(cast.alice)
    said = turn(cast)
    talk = f"/practice/sessions/{said.session_id}/talk/"
    waiting = client.get(talk, headers=HTMX).content.decode()
    assert "is speaking" in waiting and "practice-said" not in waiting
    actions.voice_turn(said.pk)
    shown = client.get(talk, headers=HTMX).content.decode()
    assert "is speaking" not in shown and "Well." in shown and "practice-said" in shown


def test_without_a_model_the_grammar_speaks_at_once(cast: Cast) -> None:
    assert turn(cast).voiced_by is None
