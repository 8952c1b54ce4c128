"""Money and the silent majority, entered through their doors."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from backstory.cases.actions import open_complaint
from backstory.insight.models import Assumption

pytestmark = pytest.mark.django_db
SHARES = {
    "complaint_rate": "25", "satisfied": "40", "dissatisfied": "30", "problem_rate": "30", "loss_silent": "45",
    "loss_satisfied": "10", "loss_mollified": "30", "loss_dissatisfied": "60", "baseline": "0",
}  # fmt: skip


@pytest.fixture
def bob(cast: Any, write: Any) -> Client:
    open_complaint(cast.alice, write("Charged twice.").conversation_id)
    client = Client()
    client.force_login(cast.bob)
    return client


def enter(client: Client, key: str, **fields: str) -> int:
    given = {"basis": "survey", "source": "Survey of March", "known_on": date(2026, 3, 1).isoformat(), **fields}
    return client.post(f"/insight/figures/{key}/enter/", given).status_code


def goodman(client: Client) -> None:
    for key, value in SHARES.items():
        assert enter(client, key, how="judged", value=value) == 302
    enter(client, "customers", how="judged", value="200000")
    enter(client, "value", how="judged", value="100", currency="EUR")


def test_what_is_not_known_is_asked_for_and_linked_to_a_form(bob: Client) -> None:
    page = bob.get("/insight/money/").content.decode()
    assert "What has to be known first" in page
    assert 'href="/insight/figures/complaint_rate/"' in page
    form = bob.get("/insight/figures/complaint_rate/").content.decode()
    assert "Of customers who had the problem, how many complained to us?" in form


def test_entered_figures_give_goodmans_damage_with_their_sources(bob: Client) -> None:
    goodman(bob)
    page = bob.get("/insight/money/").content.decode()
    assert ">24,900</dd>" in page
    assert "€2,490,000" in page
    assert "Survey of March" in page and "word of mouth left out" in page
    assert "24900.0" not in page


def test_levers_are_reckoned_on_the_server_with_the_same_formula(bob: Client) -> None:
    goodman(bob)
    moved = bob.get("/insight/money/levers/", {"fixed": "0", "rate": "40", "satisfied": "40", "dissatisfied": "30"})
    assert "<strong>23,600</strong>" in moved.content.decode()  # 23,640 in three digits
    alone = bob.get("/insight/money/levers/", {"fixed": "x", "rate": "900"}).content.decode()
    assert "Move one of them" in alone


def test_the_silent_majority_is_asked_for_and_then_told_with_its_interval(bob: Client) -> None:
    assert "cannot be told from complaints alone" in bob.get("/insight/silent/").content.decode()
    enter(bob, "complaint_rate", how="counted", count="30", total="120")
    page = bob.get("/insight/silent/").content.decode()
    assert "For 1 who complained, between 2 and 4.5 had the problem and said nothing." in page
    table = bob.get("/insight/silent.csv").content.decode()
    assert "desk,The whole desk,1,30,120,3.0,4.0,5.5,no" in table


def test_what_cannot_be_is_refused_in_words_and_a_figure_is_taken_back(bob: Client) -> None:
    enter(bob, "complaint_rate", how="counted", count="30", total="12")
    enter(bob, "complaint_rate", how="judged", value="many")
    assert not Assumption.objects.exists()
    said = bob.get("/insight/money/").content.decode()
    assert "How many of how many?" in said and "“many” is not a number such as 12.5." in said
    assert enter(bob, "complaint_rate", how="judged", value="25,5 %") == 302
    assert str(Assumption.objects.get().value) == "0.255000"
    bob.post("/insight/figures/complaint_rate/withdraw/")
    assert "taken back" in bob.get("/insight/figures/complaint_rate/").content.decode()
    assert bob.get("/insight/figures/luck/").status_code == 404
    assert "place_by_damage" in bob.get("/insight/money.csv").content.decode()
