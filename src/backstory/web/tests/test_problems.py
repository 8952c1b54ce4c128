"""The pages of problems: from complaints to why they happen and what is done."""

import html
import re

import pytest
from django.test import Client

from backstory.cases.actions import open_complaint, save_backstory, set_cause
from backstory.cases.models import Cause
from backstory.improvement.models import Problem
from backstory.live.models import Event
from backstory.people.actions import issue_token
from backstory.web.tests.conftest import HTMX

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def hot_water() -> Cause:
    return Cause.objects.create(name="Tank too small", slug="tank")


@pytest.fixture
def complain(cast, write, hot_water):
    def complain(name: str, cause: Cause | None = hot_water):
        message = write("No hot water again.", sender=f"{name.lower()}@customer.example", from_name=name)
        complaint = open_complaint(cast.alice, message.conversation_id)
        if cause is not None:
            set_cause(cast.alice, complaint.pk, cause.pk)
        return complaint

    return complain


@pytest.fixture
def problem(bob, cast, complain, hot_water) -> Problem:
    maya = complain("Maya")
    form = {"title": "Cold after the evening", "team": cast.care.pk, "cause": [hot_water.pk], "complaint": [maya.pk]}
    assert bob.post("/problems/open/", form).status_code == 302
    return Problem.objects.get()


def test_a_lead_opens_a_problem_from_a_complaint_and_a_cause(problem, bob, complain) -> None:
    tom = complain("Tom")
    shown = text_of(bob.get(f"/problems/{problem.pk}/"))
    assert "Cold after the evening" in shown and "Customers affected 1" in shown
    assert tom.number in shown and "May belong to it (1)" in shown
    assert "Cold after the evening" in text_of(bob.get("/problems/"))
    assert "1 more may belong to it" in text_of(bob.get("/problems/"))


def test_proposed_complaints_are_linked_and_one_taken_out_is_not_proposed_again(problem, bob, complain) -> None:
    tom, priya = complain("Tom"), complain("Priya")
    bob.post(f"/problems/{problem.pk}/link/", {"complaint": [tom.pk, priya.pk]})
    assert "Complaints 3 3 of them still open" in text_of(bob.get(f"/problems/{problem.pk}/"))
    bob.post(f"/problems/{problem.pk}/unlink/", {"complaint": tom.pk})
    shown = text_of(bob.get(f"/problems/{problem.pk}/"))
    assert "Complaints 2 2 of them still open" in shown and "May belong" not in shown
    kinds = list(Event.objects.filter(subject="problem").order_by("id").values_list("kind", flat=True))
    assert kinds == ["problem.opened", "problem.linked", "problem.unlinked"]


def test_a_complaint_is_linked_by_its_number_and_an_unknown_one_refused(problem, bob, complain) -> None:
    other = complain("Tom", None)
    assert bob.post(f"/problems/{problem.pk}/link/", {"number": other.number.lower()}).status_code == 302
    assert bob.post(f"/problems/{problem.pk}/link/", {"number": "C-1999-00001"}, headers=HTMX).status_code == 422
    assert "Customers affected 2" in text_of(bob.get(f"/problems/{problem.pk}/"))


def test_whys_ask_on_where_somebody_is_blamed_and_are_read_back(problem, bob) -> None:
    at = f"/problems/{problem.pk}"
    bob.post(f"{at}/whys/", {"text": "the tank holds 80 litres"})
    first = problem.whys.get()
    bob.post(f"{at}/whys/", {"text": "human error of the fitter", "parent": first.pk})
    shown = text_of(bob.get(f"{at}/why/"))
    assert "What made the mistake easy to make" in shown
    assert "Human error of the fitter. Therefore: The tank holds 80 litres. Therefore: Cold after the evening." in shown
    assert "No evidence yet" in shown
    number = problem.complaints.get().number
    bob.post(f"{at}/whys/{first.pk}/evidence/", {"kind": "complaint", "number": number, "text": "she measured"})
    bob.post(f"{at}/whys/", {"text": "the form asks for rooms, not people", "parent": problem.whys.last().pk})
    shown = text_of(bob.get(f"{at}/why/"))
    assert "What made the mistake easy to make" not in shown and f"{number} she measured" in shown


def test_the_fishbone_is_drawn_with_every_word_escaped(problem, bob) -> None:
    bob.post(f"/problems/{problem.pk}/bones/", {"branch": "policy", "text": "<script>alert(1)</script> & rules"})
    page = bob.get(f"/problems/{problem.pk}/why/").content.decode()
    assert "<svg" in page and "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_severe_failure_stands_first_whatever_its_product(problem, bob) -> None:
    rated = {"effect": "cold", "control": ""}
    for mode, scales in (("Often", (8, 9, 9)), ("Scald", (10, 1, 2))):
        numbers = dict(zip(("severity", "occurrence", "detection"), scales, strict=True))
        assert bob.post(f"/problems/{problem.pk}/failures/", {"mode": mode, **rated, **numbers}).status_code == 302
    shown = text_of(bob.get(f"/problems/{problem.pk}/why/"))
    assert shown.index("Scald") < shown.index("Often") and "Severity overrides" in shown
    bad = {"mode": "No", **rated, "severity": 11, "occurrence": 1, "detection": 1}
    assert bob.post(f"/problems/{problem.pk}/failures/", bad, headers=HTMX).status_code == 422


def test_accepting_a_problem_needs_a_reason_and_the_log_keeps_decisions(problem, bob) -> None:
    at = f"/problems/{problem.pk}"
    assert bob.post(f"{at}/state/", {"state": "accepted"}, headers=HTMX).status_code == 422
    bob.post(f"{at}/decisions/", {"text": "A bigger tank", "reason": "Cheapest", "alternatives": "A heat pump"})
    assert bob.post(f"{at}/state/", {"state": "accepted", "reason": "The house is sold in May"}).status_code == 302
    assert "The house is sold in May" in text_of(bob.get(f"{at}/"))
    assert "A bigger tank Why: Cheapest Not chosen: A heat pump" in text_of(bob.get(f"{at}/fixes/"))


def test_people_of_other_teams_find_no_such_problem(problem, alice, charlie, cast, browser_of) -> None:
    from backstory.people.actions import add_user
    from backstory.people.models import Role

    erin = browser_of(add_user("erin@desk.example", "Erin Eve", "correct horse battery", Role.LEAD, (cast.parts,)))
    assert erin.get(f"/problems/{problem.pk}/").status_code == 404
    assert erin.post(f"/problems/{problem.pk}/whys/", {"text": "because"}).status_code == 404
    assert "Cold after the evening" not in text_of(erin.get("/problems/"))
    assert alice.get(f"/problems/{problem.pk}/").status_code == 403
    Problem.objects.update(team=None)
    assert "Cold after the evening" in text_of(erin.get(f"/problems/{problem.pk}/"))
    assert "1 of them belong to teams you cannot see into" in text_of(erin.get(f"/problems/{problem.pk}/"))
    assert "Maya" not in text_of(erin.get(f"/problems/{problem.pk}/"))


def test_the_record_is_exported_without_names_and_without_what_was_confided(problem, bob, cast) -> None:
    complaint = problem.complaints.get()
    save_backstory(cast.alice, complaint.pk, backstory="the baby had croup in the night", need="safety of the child")
    at = f"/problems/{problem.pk}"
    bob.post(f"{at}/whys/", {"text": "the tank is #small# [link](http://evil) *now*"})
    bob.post(f"{at}/whys/", {"text": "we heard that the baby had croup in the night"})
    bob.post(f"{at}/bones/", {"branch": "place", "text": 'a #image("/etc/passwd") in the cellar'})
    bob.post(f"{at}/decisions/", {"text": '#read("/etc/passwd")', "reason": "because"})
    text = bob.get(f"{at}/record/md/").content.decode()
    assert complaint.number.replace("-", "\\-") in text and "1 customers have complained" in text
    assert "croup" not in text and "Withheld" in text and "Maya" not in text
    assert "[link](http" not in text and "\\[link\\]\\(http://evil\\)" in text
    pdf = bob.get(f"{at}/record/pdf/")
    assert pdf.content.startswith(b"%PDF") and len(pdf.content) > 5_000
    assert bob.get(f"{at}/record/exe/").status_code == 404


def test_a_script_reads_problems_and_links_complaints(problem, cast, complain) -> None:
    lead = Client(headers={"Authorization": f"Bearer {issue_token(cast.bob, 'script')}"})
    at = f"/api/v1/problems/{problem.pk}"
    assert [one["title"] for one in lead.get("/api/v1/problems").json()["items"]] == ["Cold after the evening"]
    tom = complain("Tom")
    sent = lead.post(f"{at}/complaints", {"complaint_ids": [tom.pk]}, content_type="application/json")
    assert sent.json() == {"linked": 1}
    assert lead.get(f"{at}/figures").json()["complaints"] == 2
    assert {one["number"] for one in lead.get(f"{at}/complaints").json()["items"]} >= {tom.number}
    agent = Client(headers={"Authorization": f"Bearer {issue_token(cast.alice, 'script')}"})
    assert agent.get(at).status_code == 403
    missing = lead.post(f"{at}/complaints", {"complaint_ids": [10**6]}, content_type="application/json")
    assert missing.status_code == 404
