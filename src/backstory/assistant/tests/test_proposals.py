"""A language model proposes and decides nothing; the desk does without one."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client

from backstory.assistant import actions, queries
from backstory.assistant.models import Proposal
from backstory.assistant.tasks import propose_overlooked
from backstory.cases.actions import open_complaint, save_backstory
from backstory.conversations.actions import add_note
from backstory.conversations.models import Delivery, Message
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, NotAllowed, NotFound
from backstory.live import bus
from backstory.live.models import Event
from backstory.llm import Model as Configured
from backstory.llm import ModelFailed
from conftest import Cast

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LETTER = "There is no hot water and I want to know when it comes. Ring me: 020 7946 0018."


class Model:
    """Says what it is told to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer: str | ModelFailed = "I am sorry that it is cold. I will ring you on [NUMBER 1] today by 5 pm."
        self.asked: list[tuple[str, str]] = []

    def __call__(self, model: object, instructions: str, prompt: str) -> str:
        self.asked.append((instructions, prompt))
        if isinstance(self.answer, ModelFailed):
            raise self.answer
        return self.answer


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, settings) -> Iterator[Model]:
    settings.LLM = Configured("local")
    said = Model()
    monkeypatch.setattr(actions, "ask", said)
    yield said


@pytest.fixture
def letter(write: Callable[..., Message]) -> Message:
    return write(LETTER)


def proposed(cast: Cast, letter: Message, kind: str = "draft") -> Proposal:
    with bus.quiet():
        row = actions.request_proposal(cast.alice, letter.conversation_id, kind)
    actions.run_proposal(row.pk)
    row.refresh_from_db()
    return row


def test_without_a_model_nothing_is_offered_and_nothing_can_be_asked(
    client: Client, cast: Cast, letter: Message
) -> None:
    client.force_login(cast.alice)
    assert b"/propose/" not in client.get(f"/conversations/{letter.conversation_id}/").content
    with pytest.raises(Conflict):
        actions.request_proposal(cast.alice, letter.conversation_id, "draft")


def test_a_draft_is_proposed_with_numbers_masked_on_the_way_and_restored(
    cast: Cast, letter: Message, model: Model
) -> None:
    row = proposed(cast, letter)
    assert row.state == "done" and row.text.endswith("I will ring you on 020 7946 0018 today by 5 pm.")
    assert "7946" not in model.asked[0][1] and "There is no hot water" in model.asked[0][1]
    assert not Delivery.objects.exists(), "nothing is sent by itself"


def test_neither_notes_nor_the_backstory_leave(cast: Cast, letter: Message, model: Model) -> None:
    complaint = open_complaint(cast.alice, letter.conversation_id)
    save_backstory(cast.alice, complaint.pk, backstory="The baby has croup.")
    add_note(cast.alice, letter.conversation_id, "She is on the secret list.")
    for kind in Proposal.Kind.values:
        proposed(cast, letter, kind)
    sent = " ".join(told + prompt for told, prompt in model.asked)
    assert "croup" not in sent and "secret list" not in sent


def test_a_model_s_fault_is_told_and_is_no_loss(cast: Cast, letter: Message, model: Model) -> None:
    model.answer = ModelFailed("The model did not answer in time.")
    row = proposed(cast, letter)
    assert (row.state, row.reason) == ("failed", "The model did not answer in time.")


def test_done_twice_it_is_asked_once_and_a_lost_wake_up_is_made_good(cast: Cast, letter: Message, model: Model) -> None:
    with bus.quiet():
        row = actions.request_proposal(cast.alice, letter.conversation_id, "summary")
    Proposal.objects.update(created_at=clock.now() - timedelta(minutes=2))
    propose_overlooked()
    actions.run_proposal(row.pk)
    assert len(model.asked) == 1 and Proposal.objects.get().state == "done"


def test_a_worker_that_dies_each_time_is_given_up(cast: Cast, letter: Message, model: Model) -> None:
    with bus.quiet():
        row = actions.request_proposal(cast.alice, letter.conversation_id, "draft")
    Proposal.objects.update(state="running", attempts=2, claimed_until=clock.now() - timedelta(seconds=1))
    actions.run_proposal(row.pk)
    assert Proposal.objects.get().state == "failed" and not model.asked


def test_only_who_may_answer_asks_and_only_they_see_it(cast: Cast, letter: Message, model: Model) -> None:
    with pytest.raises(NotFound):
        actions.request_proposal(cast.charlie, letter.conversation_id, "draft")
    with pytest.raises(NotAllowed):
        actions.request_proposal(cast.dana, letter.conversation_id, "draft")
    with pytest.raises(NotFound):
        queries.get_proposal(cast.bob, proposed(cast, letter).pk)


def test_an_agent_who_asks_and_asks_is_told_to_read_first(cast: Cast, letter: Message, model: Model) -> None:
    for _ in range(actions.MOST_A_MINUTE):
        proposed(cast, letter)
    with pytest.raises(Conflict, match="read the proposals"):
        proposed(cast, letter)


def test_the_page_waits_shows_what_the_coach_says_and_notes_that_it_was_taken_over(
    client: Client, cast: Cast, letter: Message, model: Model
) -> None:
    client.force_login(cast.alice)
    model.answer = "Calm down. <b>That is our policy.</b>"
    with bus.quiet():
        asked = client.post(f"/conversations/{letter.conversation_id}/propose/", {"kind": "draft"}, headers=HTMX)
    row = Proposal.objects.get()
    assert f'hx-get="/proposals/{row.pk}/"' in asked.content.decode()
    actions.run_proposal(row.pk)
    shown = client.get(f"/proposals/{row.pk}/", headers=HTMX).content.decode()
    assert "The coach on it:" in shown and "&lt;b&gt;" in shown and "<b>That" not in shown and "hx-get" not in shown
    assert client.post(f"/proposals/{row.pk}/use/", headers=HTMX).status_code == 204
    row.refresh_from_db()
    assert row.used_at and Event.objects.filter(kind="proposal.used").count() == 1


def test_questions_are_taken_over_one_by_one(client: Client, cast: Cast, letter: Message, model: Model) -> None:
    client.force_login(cast.alice)
    model.answer = "1. What does the cold mean for you?\n2. Who is with you at home?\n"
    row = proposed(cast, letter, "question")
    shown = client.get(f"/proposals/{row.pk}/", headers=HTMX).content.decode()
    assert shown.count("data-insert") == 2 and 'data-insert="What does the cold mean for you?"' in shown
