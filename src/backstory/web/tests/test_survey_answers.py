"""The page of answers and its files."""

import csv
import json
import re
from io import StringIO

import pytest
from django.test import Client

from backstory.cases.models import Complaint
from backstory.kernel import clock
from backstory.recovery.models import Survey


@pytest.fixture
def one_answer(complaint: Complaint) -> Survey:
    return Survey.objects.create(complaint=complaint, due_at=clock.now(), sent_at=clock.now(), score=4)


def test_one_answer_draws_nothing_and_is_told_as_too_few(one_answer: Survey, bob: Client) -> None:
    page = bob.get("/insight/answers/?period=4w").content.decode()
    data = re.search(r'id="answers-data">(.*?)</script>', page, re.S)
    assert data and not any(json.loads(data.group(1))["parts"].values())
    assert "1 of 1 asked" in page and "too few" in page and "Customer care" in page


def test_a_file_leaves_out_what_the_page_does_not_show(one_answer: Survey, bob: Client, alice: Client) -> None:
    answer = bob.get("/insight/answers/teams.csv")
    head, row = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
    cells = dict(zip(head, row, strict=True))
    assert (cells["group"], cells["answered"], cells["response_rate"]) == ("Customer care", "1", "1.0")
    assert cells["figure"] == "" and cells["low_95"] == ""
    assert bob.get("/insight/answers/comments.csv").status_code == 404
    assert alice.get("/insight/answers/").status_code == 403


def test_a_choice_that_cannot_be_is_said_and_the_usual_one_shown(bob: Client) -> None:
    page = bob.get("/insight/answers/?kind=stars").content.decode()
    assert "Choose one of the questions." in page and "Nobody was asked this in the period" in page
