"""The insight page and its downloads: for leads, of their own teams, and safe to open in a spreadsheet."""

import csv
import json
import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from backstory.cases.actions import add_cause, open_complaint, set_cause
from backstory.conversations.models import Message
from backstory.people.models import User

Write = Callable[..., Message]


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def rows_of(response: Any) -> list[list[str]]:
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))


@pytest.fixture
def complaint(cast: Any, write: Write) -> Any:
    return open_complaint(cast.alice, write("Nobody came.").conversation_id)


def test_a_lead_sees_figures_and_each_number_of_a_chart_in_a_table(cast: Any, complaint: Any) -> None:
    page = as_(cast.bob).get("/insight/").content.decode()
    found = re.search(r'<script type="application/json" id="insight-data">(.*?)</script>', page, re.S)
    assert found
    drawn = json.loads(found[1])
    assert [row["count"] for row in drawn["time"] if row["count"] is not None] == [1]
    assert page.count('<tr><th scope="row"') >= len(drawn["time"]) + len(drawn["causes"])
    assert complaint.number in page


def test_an_empty_desk_says_that_there_is_nothing_yet(cast: Any) -> None:
    assert "Nothing to learn from yet" in as_(cast.bob).get("/insight/").content.decode()


@pytest.mark.parametrize("path", ["/insight/", "/insight/time.csv"])
def test_an_agent_may_not_look(cast: Any, path: str) -> None:
    assert as_(cast.alice).get(path).status_code == 403


def test_somebody_who_is_not_logged_in_is_sent_to_the_log_in(db: None) -> None:
    assert Client().get("/insight/").status_code == 302


@pytest.mark.parametrize("query", ["period=custom&from=x", "period=9y", "by=hour", "cause=x", f"cause={'9' * 40}"])
def test_a_choice_that_makes_no_sense_is_said_so_on_the_page(cast: Any, query: str) -> None:
    page = as_(cast.bob).get(f"/insight/?{query}")
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    wrong = as_(cast.bob).get(f"/insight/time.csv?{query}")
    assert wrong.status_code == 422


def test_every_table_can_be_downloaded(cast: Any, complaint: Any) -> None:
    client = as_(cast.bob)
    weeks = rows_of(client.get("/insight/time.csv?period=4w"))
    assert weeks[0] == ["from", "to", "complaints", "whole"]
    assert [row[2] for row in weeks[1:]] == ["", "", "", "1"]
    assert rows_of(client.get("/insight/causes.csv"))[1][1:] == ["1", "1.0", "1.0"]
    assert rows_of(client.get("/insight/remedies.csv")) == [["remedy", "currency", "count", "amount"]]
    assert client.get("/insight/secrets.csv").status_code == 404


def test_a_cause_named_like_a_formula_does_not_run_in_a_spreadsheet(cast: Any, complaint: Any) -> None:
    cause = add_cause(cast.bob, '=HYPERLINK("http://evil.example")')
    set_cause(cast.alice, complaint.pk, cause.pk)
    rows = rows_of(as_(cast.bob).get("/insight/causes.csv"))
    assert rows[1][0] == "'" + cause.name
    page = as_(cast.bob).get(f"/insight/?cause={cause.pk}").content.decode()
    assert complaint.number in page


def test_a_cause_cannot_break_out_of_the_charts_data(cast: Any, complaint: Any) -> None:
    cause = add_cause(cast.bob, "</script><script>alert(1)</script>")
    set_cause(cast.alice, complaint.pk, cause.pk)
    assert "<script>alert" not in as_(cast.bob).get("/insight/").content.decode()


def test_a_lead_of_another_team_sees_none_of_it(cast: Any, complaint: Any) -> None:
    from backstory.people.actions import add_user
    from backstory.people.models import Role

    lead = add_user("lead@parts.example", "Lea", cast.password, Role.LEAD, (cast.parts,))
    assert complaint.number not in as_(lead).get("/insight/").content.decode()
    assert len(rows_of(as_(lead).get("/insight/causes.csv"))) == 1
