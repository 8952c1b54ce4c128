"""The pages where the desk learns its own causes."""

import html
import re

import pytest

from backstory.cases import actions, learning
from backstory.cases.models import Cause, CauseModel
from backstory.conversations.models import Conversation
from backstory.language import learn, learn_process
from backstory.live import bus

pytestmark = pytest.mark.django_db

LETTERS = {
    "billing": ("My invoice is wrong", "You charged me twice", "I was billed too much"),
    "outage": ("There is no hot water", "The heating is off", "Our boiler fails"),
}


@pytest.fixture(autouse=True)
def in_process(monkeypatch):
    def train(examples, progress, *, leave_out_rare=True):
        learned = learn.train(examples, with_encoder=False, leave_out_rare=leave_out_rare, progress=progress)
        return learned.data, {**learned.figures, "held_out": learned.held_out}

    monkeypatch.setattr(learn_process, "train", train)


@pytest.fixture
def confirmed(cast, write):
    """Six letters of each of two causes, confirmed by Alice, and one complaint whose cause nobody confirmed."""
    with bus.quiet():
        for slug, texts in LETTERS.items():
            for number in range(6):
                message = write(f"{texts[number % 3]} {number * 'again '}!", f"{slug}{number}@customer.example")
                complaint = actions.open_complaint(cast.alice, message.conversation_id)
                actions.set_cause(cast.alice, complaint.pk, Cause.objects.get(slug=slug).pk)
        message = write("Your van <b>blocked</b> my drive, I complain!", "priya@customer.example")
        actions.open_complaint(cast.alice, message.conversation_id)


def text_of(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_with_too_few_labels_the_page_says_which_cause_needs_how_many_and_offers_no_training(client, cast):
    client.force_login(cast.bob)
    shown = client.get("/learning/")
    assert "Too little to learn from yet" in text_of(shown)
    assert text_of(shown).count("needs 5 more") == Cause.objects.count()
    assert b"/learning/train/" not in shown.content
    refused = client.post("/learning/train/", follow=True)
    assert "At least two labels" in text_of(refused) and not CauseModel.objects.exists()


def test_a_lead_trains_looks_and_puts_in_force_and_back(client, cast, confirmed, django_capture_on_commit_callbacks):
    client.force_login(cast.bob)
    assert "12 different letters with a confirmed cause; 2 of 14" in text_of(client.get("/learning/"))
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/learning/train/")
    model = CauseModel.objects.get()
    result = client.get(f"/learning/{model.pk}/")
    words = text_of(result)
    assert "Right on letters it had not seen" in words and "No verdict: there are 12 letters" in words
    assert "Your van <b>blocked</b>" in words and b"van &lt;b&gt;blocked" in result.content
    client.post(f"/learning/{model.pk}/use/")
    assert learning.model_in_force() == model
    assert "Put in force by Bob Byrne" in text_of(client.get("/learning/"))
    client.post("/learning/shipped/")
    assert learning.model_in_force() is None


def test_while_it_trains_the_page_asks_again_each_second_and_stops_when_done(client, cast, confirmed):
    client.force_login(cast.bob)
    with bus.quiet():
        asked = actions.request_training(cast.bob)
    assert b"/learning/train/" not in client.get("/learning/").content
    part = client.get("/learning/progress/", headers={"HX-Request": "true"})
    assert b'hx-trigger="every 1s"' in part.content and "Waiting for a worker" in text_of(part)
    actions.train(asked.pk)
    after = client.get("/learning/progress/", headers={"HX-Request": "true"}).content
    assert b"every 1s" not in after and b'hx-get="/learning/" hx-trigger="load"' in after
    whole = client.get("/learning/", headers={"HX-Request": "true"})
    assert b"<html" not in whole.content and f"Model {asked.pk} Trained" in text_of(whole)


def test_letters_of_other_teams_are_counted_and_not_shown(client, cast, confirmed):
    asked = actions.request_training(cast.bob)
    actions.train(asked.pk)
    Conversation.objects.update(team=cast.parts)
    client.force_login(cast.bob)
    shown = client.get(f"/learning/{asked.pk}/")
    assert b"invoice is wrong" not in shown.content and "13 more are in conversations of other teams" in text_of(shown)


def test_a_failed_training_says_why(client, cast, confirmed, monkeypatch):
    def fail(*_, **__):
        raise learn_process.TrainingFailed("Training ended early: MemoryError")

    monkeypatch.setattr(learn_process, "train", fail)
    asked = actions.request_training(cast.bob)
    actions.train(asked.pk)
    client.force_login(cast.bob)
    assert "MemoryError" in text_of(client.get(f"/learning/{asked.pk}/"))
    assert "Failed" in text_of(client.get("/learning/"))


def test_a_broken_model_in_force_is_said_on_the_page(client, cast, confirmed, monkeypatch):
    asked = actions.request_training(cast.bob)
    actions.train(asked.pk)
    actions.put_in_force(cast.bob, asked.pk)
    CauseModel.objects.update(sha256="0" * 64)
    client.force_login(cast.bob)
    shown = text_of(client.get("/learning/"))
    assert "SHA-256 differs" in shown and "the model that the desk comes with proposes causes" in shown
    assert "put in force" not in text_of(client.get(f"/learning/{asked.pk}/")).lower().replace("put in force by", "")


def test_a_cause_renamed_since_is_shown_by_its_new_name(client, cast, confirmed):
    asked = actions.request_training(cast.bob)
    actions.train(asked.pk)
    actions.rename_cause(cast.bob, Cause.objects.get(slug="outage").pk, "Cold homes")
    client.force_login(cast.bob)
    assert "Cold homes" in text_of(client.get(f"/learning/{asked.pk}/"))
