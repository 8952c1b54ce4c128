"""The last question to somebody who left."""

import pytest
from django.test import Client

from backstory.cases.models import Complaint
from backstory.kernel import clock
from backstory.portal.tests.visitors import Visitor
from backstory.recovery import actions
from backstory.recovery.models import LostCustomer
from conftest import Cast


@pytest.fixture
def link(cast: Cast, closed: Complaint) -> str:
    lost = actions.mark_lost(cast.alice, closed.conversation_id)
    with clock.travel(clock.ahead(days=15)):
        assert actions.ask_lost_customers() == 1
    return f"/goodbye/{lost.token}/"


def test_they_answer_once_in_their_own_words(visitor: Visitor, link: str) -> None:
    page = Client().get(link + "?lang=fr").content.decode()
    assert "Une question, une seule fois" in page and "/unsubscribe/" in page
    assert visitor.client.post(link, {**visitor.open(link), "answer": " "}).status_code == 422
    visitor.client.post(link, {**visitor.open(link), "answer": "Nobody <b>listened</b>."})
    assert LostCustomer.objects.get().answer == "Nobody <b>listened</b>."
    assert "<textarea" not in visitor.client.get(link).content.decode()


def test_looking_never_answers_and_a_wrong_link_opens_nothing(visitor: Visitor, link: str) -> None:
    Client().get(link + "?answer=great")
    assert LostCustomer.objects.get().answered_at is None
    assert Client().get("/goodbye/nothing/").status_code == 404
    visitor.open(link)
    assert visitor.client.post(link, {"answer": "from elsewhere"}).status_code == 403
    with clock.travel(clock.ahead(days=90)):
        assert Client().get(link).status_code == 410
