"""Requests in their case, and the pages around them."""

from collections.abc import Callable

import pytest
from django.test import Client

from backstory.cases.actions import open_complaint, set_cause
from backstory.cases.models import Cause, Complaint
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.people.models import User
from backstory.recovery import actions
from backstory.recovery.models import Absence, AuthorityLimit, PolicyRule, Remedy
from conftest import Cast


@pytest.fixture
def missed(cast: Cast, write: Callable[..., Message]) -> Complaint:
    actions.seed_policy()
    complaint = open_complaint(cast.alice, write("Nobody came, for the third time.").conversation_id)
    return set_cause(cast.alice, complaint.pk, Cause.objects.get(slug="missed-appointment").pk)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_options_stand_side_by_side_and_one_that_is_chosen_fills_the_form(cast: Cast, missed: Complaint) -> None:
    alice = browser(cast.alice)
    shown = text(alice, f"/complaints/{missed.pk}/remedies/options/")
    assert shown.count('amends-option"') == 3 and "yours to give" in shown and "What keeping them is worth" in shown
    chosen = text(alice, f"/complaints/{missed.pk}/remedies/options/?kind=credit&amount=40.00")
    assert 'value="credit" selected' in chosen and 'value="40.00"' in chosen


def test_an_offer_is_weighed_while_it_is_typed(cast: Cast, missed: Complaint) -> None:
    alice, where = browser(cast.alice), f"/complaints/{missed.pk}/remedies/weigh/"
    assert "kept as an exception" in text(alice, f"{where}?kind=credit&amount=60&currency=EUR")
    assert "goes to somebody who may" in text(alice, f"{where}?kind=expense&amount=140&currency=EUR")
    assert "is not an amount" in text(alice, f"{where}?kind=credit&amount=ten&currency=EUR")


def test_a_lead_sees_the_case_in_one_view_and_grants_another_amount(cast: Cast, missed: Complaint) -> None:
    asked = actions.offer_remedy(cast.alice, missed.pk, "expense", "140", "EUR", "Hotel for a night")
    bob = browser(cast.bob)
    assert f"/approvals/{asked.pk}/" in text(bob, "/approvals/")
    shown = text(bob, f"/approvals/{asked.pk}/")
    for words in ("Hotel for a night", "for the third time", "Similar cases", "Their first complaint", "Bob Byrne was"):
        assert words in shown
    bob.post(f"/approvals/{asked.pk}/", {"decision": "approve", "amount": "120", "reason": "The room was 120."})
    asked.refresh_from_db()
    assert (asked.state, asked.amount) == (Remedy.State.GRANTED, 120)
    assert "€140.00 was asked for at first" in text(bob, f"/approvals/{asked.pk}/")


def test_what_came_of_a_remedy_is_kept_from_the_case(cast: Cast, missed: Complaint) -> None:
    remedy = actions.offer_remedy(cast.alice, missed.pk, "credit", "40", "EUR", "Lost day")
    alice = browser(cast.alice)
    alice.post(f"/remedies/{remedy.pk}/offered/")
    alice.post(f"/remedies/{remedy.pk}/answer/", {"answer": "accepted", "note": "Fine by me"})
    alice.post(f"/remedies/{remedy.pk}/paid/", {"evidence": "Invoice 2031"})
    shown = text(alice, f"/conversations/{missed.conversation_id}/")
    assert all(words in shown for words in ("accepted by the customer", "Fine by me", "Invoice 2031"))


def test_a_stand_in_finds_the_approvals_and_nobody_else_does(cast: Cast, missed: Complaint) -> None:
    alice, bob = browser(cast.alice), browser(cast.bob)
    assert alice.get("/approvals/").status_code == 403
    now = f"{clock.now():%Y-%m-%dT%H:%M}"
    bob.post("/approvals/absences/", {"from": now, "until": "2099-01-01T09:00", "deputy": cast.alice.pk})
    assert Absence.objects.get().deputy == cast.alice
    assert "You stand in for Bob Byrne" in text(alice, "/approvals/")
    assert "Alice Archer stands in" in text(bob, "/approvals/absences/")
    bob.post(f"/approvals/absences/{Absence.objects.get().pk}/end/")
    assert alice.get("/approvals/").status_code == 403


def test_an_administrator_sets_limits_and_the_history_tells_of_it(cast: Cast) -> None:
    dana = browser(cast.dana)
    form = {
        "role": "agent",
        "team": cast.care.pk,
        "kind": "refund",
        "period": "week",
        "amount": "300",
        "currency": "EUR",
    }
    dana.post("/approvals/limits/", form)
    row = AuthorityLimit.objects.get(period="week")
    shown = text(dana, "/approvals/limits/")
    assert "in 7 days, Refund, Customer care" in shown and "€300.00" in shown
    dana.post("/approvals/limits/two/", {"amount": "900", "currency": "EUR"})
    dana.post(f"/approvals/limits/{row.pk}/remove/")
    shown = text(dana, "/approvals/limits/")
    assert "took the limit of the role agent away" in shown and "from €900.00 on" in shown
    assert "An administrator sets the limits" in text(browser(cast.bob), "/approvals/limits/")


def test_a_lead_edits_what_is_given_and_what_it_is_worth(cast: Cast, missed: Complaint) -> None:
    bob, rule = browser(cast.bob), PolicyRule.objects.get(slug="appointment-credit")
    form = {"rule": rule.pk, "cause": rule.cause_id, "kind": "credit", "least_severity": 0, "most_severity": 4}
    bob.post("/approvals/policy/", {**form, "minimum": "20", "usual": "50", "maximum": "80", "currency": "EUR"})
    rule.refresh_from_db()
    assert rule.maximum == 80
    worth = {"margin": "100", "retention": "0.8", "discount": "0.1", "stay_gain": "0.3"}
    bob.post("/approvals/policy/value/", {**worth, "word_of_mouth": "10", "handling_cost": "15", "currency": "EUR"})
    assert "Up to €75.00 a remedy" in text(bob, "/approvals/policy/")


def test_the_figures_say_how_much_is_decided_at_first_contact(cast: Cast, missed: Complaint) -> None:
    actions.offer_remedy(cast.alice, missed.pk, "credit", "40", "EUR", "Lost day")
    asked = actions.offer_remedy(cast.alice, missed.pk, "expense", "140", "EUR", "Hotel")
    bob = browser(cast.bob)
    assert "1 request still waits" in text(bob, "/approvals/measured/")
    with clock.travel(clock.ahead(hours=3)):
        actions.approve_remedy(cast.bob, asked.pk)
        shown = text(bob, "/approvals/measured/")
    assert "of 2 remedies were decided at first contact" in shown and "3 h in the middle" in shown
