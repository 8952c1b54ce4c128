import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from backstory.cases.actions import close_complaint
from backstory.cases.models import Complaint
from backstory.kernel import clock
from backstory.portal.tests.visitors import Visitor
from backstory.recovery import actions
from backstory.recovery.models import Survey
from backstory.recovery.queries import status_token
from conftest import Cast


@pytest.fixture
def asked(closed: Complaint) -> Survey:
    """A survey that went out after the fix."""
    actions.schedule_survey(closed.pk)
    with clock.travel(clock.ahead(days=4)):
        assert actions.send_due_surveys() == 1
    return Survey.objects.get()


@pytest.fixture
def link(asked: Survey) -> str:
    return f"/survey/{asked.token}/"


def test_one_question_is_asked_about_the_complaint(link: str, asked: Survey) -> None:
    page = Client().get(link).content.decode()
    assert page.count('type="radio"') == 5 and asked.complaint.number in page


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_never_answers(link: str, method: str) -> None:
    answer = getattr(Client(), method)(link + "?score=5&comment=great")
    assert answer.status_code == 200 and Survey.objects.get().answered_at is None


def test_a_link_may_choose_but_the_person_sends(link: str) -> None:
    assert 'value="4" required checked' in Client().get(link + "?score=4").content.decode()
    assert " checked" not in Client().get(link + "?score=9").content.decode()


def test_an_answer_is_kept_once_and_shown_ever_after(visitor: Visitor, link: str) -> None:
    fields = {**visitor.open(link), "score": "5", "comment": "Alice <b>listened</b>."}
    assert visitor.client.post(link, fields).status_code == 302
    visitor.client.post(link, fields | {"score": "1"})
    survey = Survey.objects.get()
    assert survey.score == 5 and survey.comment == "Alice <b>listened</b>."
    page = Client().get(link).content.decode()
    assert "5 · Very satisfied" in page and "Alice &lt;b&gt;listened&lt;/b&gt;." in page and "radio" not in page


def test_a_bad_answer_is_told_that_the_matter_is_open_again(visitor: Visitor, link: str) -> None:
    visitor.client.post(link, {**visitor.open(link), "score": "1", "comment": "Still cold."})
    assert Survey.objects.get().complaint.state == Complaint.State.OPEN
    assert "taken up again" in visitor.client.get(link).content.decode()


@pytest.mark.parametrize("score", ["", "0", "6", "five", "²", "-1", "1.5"])
def test_a_score_off_the_scale_is_asked_for_again(visitor: Visitor, link: str, score: str) -> None:
    answer = visitor.client.post(link, {**visitor.open(link), "score": score})
    page = answer.content.decode()
    assert answer.status_code == 422 and "choose one of them" in page and " checked" not in page
    assert Survey.objects.get().answered_at is None


def test_an_answer_from_elsewhere_is_refused(visitor: Visitor, link: str) -> None:
    visitor.open(link)
    answer = visitor.client.post(link, {"score": "1"})
    assert answer.status_code == 403 and Survey.objects.get().answered_at is None


def test_an_unknown_survey_gets_a_kind_page(cast: Cast) -> None:
    for token in ("nothing", "%00", "a" * 300):
        page = Client().get(f"/survey/{token}/")
        assert page.status_code == 404 and "care@desk.example" in page.content.decode()
        assert page["Cache-Control"] == "no-store"


def test_no_other_verb_is_answered(link: str) -> None:
    client: Callable[..., object] = Client().delete
    assert client(link).status_code == 405  # type: ignore[attr-defined]


def test_after_the_matter_is_settled_the_page_no_longer_says_that_it_is_open(
    visitor: Visitor, link: str, cast: Cast
) -> None:
    visitor.client.post(link, {**visitor.open(link), "score": "1"})
    close_complaint(cast.alice, Survey.objects.get().complaint_id, "upheld", "Now it holds.")
    assert "taken up again" not in visitor.client.get(link).content.decode()


def test_the_free_line_comes_after_the_answer_and_once(visitor: Visitor, link: str) -> None:
    assert 'id="comment"' not in Client().get(link).content.decode()
    visitor.client.post(link, {**visitor.open(link), "score": "2"})
    assert 'id="comment"' in visitor.client.get(link).content.decode()
    visitor.client.post(link, {**visitor.open(link), "comment": "Nobody came on Friday."})
    visitor.client.post(link, {**visitor.open(link), "comment": "Other words"})
    assert Survey.objects.get().comment == "Nobody came on Friday."
    page = visitor.client.get(link).content.decode()
    assert "Nobody came on Friday." in page and 'id="comment"' not in page


def test_the_letter_has_a_link_for_each_score_that_chooses_it(asked: Survey) -> None:
    text = asked.message.text
    links = re.findall(r"(\d+) · [^:]+: http://[^/]+(/survey/\S+)", text)
    assert [score for score, _ in links] == ["5", "4", "3", "2", "1"]
    for score, address in links:
        page = Client().get(address).content.decode()
        assert re.findall(r'value="(\d)" required checked', page) == [score]
    assert Survey.objects.get().answered_at is None


@pytest.mark.parametrize(("kind", "count", "words"), [("nps", 11, "recommend us"), ("ces", 7, "It was easy for me")])
def test_other_questions_are_asked_on_their_own_scale(
    visitor: Visitor, link: str, kind: str, count: int, words: str
) -> None:
    Survey.objects.update(kind=kind, low=6 if kind == "nps" else 2)
    page = Client().get(link).content.decode()
    assert page.count('type="radio"') == count and words in page
    visitor.client.post(link, {**visitor.open(link), "score": "6", "via": "page"})
    survey = Survey.objects.get()
    assert (survey.score, survey.via, survey.is_low) == (6, "page", kind == "nps")


def test_an_old_question_is_answered_no_more(visitor: Visitor, link: str, settings: Settings) -> None:
    fields = visitor.open(link)
    with clock.travel(clock.ahead(days=4 + settings.SURVEY_LASTS_DAYS, minutes=5)):
        assert Client().get(link).status_code == 410
        assert visitor.client.post(link, {**fields, "score": "1"}).status_code == 410
    assert Survey.objects.get().answered_at is None


def test_the_status_page_offers_the_question_until_it_is_answered(asked: Survey) -> None:
    status = f"/status/{status_token(asked.complaint)}/"
    page = Client().get(status).content.decode()
    assert f"/survey/{asked.token}/?from=status" in page
    actions.answer_survey(asked.token, 5)
    assert f"/survey/{asked.token}/" not in Client().get(status).content.decode()
