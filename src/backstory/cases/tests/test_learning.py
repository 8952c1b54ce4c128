"""The desk learns its own causes: from what people confirmed, in the background, put in force by a person."""

import io
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from backstory import language
from backstory.cases import actions, learning
from backstory.cases.actions import learning as learning_actions
from backstory.cases.models import Cause, CauseModel, CauseModelChoice, Complaint, Reading
from backstory.cases.tasks import train_overlooked
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, NotAllowed
from backstory.language import learn, learn_process, learned_model
from backstory.language.learned_data import CannotLearn
from backstory.live import bus
from backstory.live.models import Event
from backstory.live.phrases import sentence
from conftest import Cast

pytestmark = pytest.mark.django_db

LETTERS = {
    "billing": (
        "My invoice is wrong and I complain.",
        "You charged me twice, this is unacceptable!",
        "I was billed too much and nobody helps.",
        "The direct debit is wrong again, I complain.",
        "The invoice is too high, this is unacceptable!",
    ),
    "outage": (
        "There is no hot water and I complain.",
        "The heating is off again, this is unacceptable!",
        "Our boiler fails and nobody helps.",
        "The radiators are cold and I complain.",
        "The hot water fails, this is unacceptable!",
    ),
}


@pytest.fixture
def confirmed(cast: Cast, write: Callable[..., Message]) -> Callable[..., list[Complaint]]:
    """Complaints whose cause Alice confirmed: the letters, each with that end, of the named causes."""

    def confirm(*slugs: str, end: str = "", most: int = 5) -> list[Complaint]:
        found = []
        with bus.quiet():
            for slug in slugs:
                cause = Cause.objects.get(slug=slug)
                for number, text in enumerate(LETTERS[slug][:most]):
                    message = write(f"{text} {end}", sender=f"{slug}{number}@customer.example")
                    complaint = actions.open_complaint(cast.alice, message.conversation_id)
                    found.append(actions.set_cause(cast.alice, complaint.pk, cause.pk))
        return found

    return confirm


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Training without the child, which one test starts."""

    def train(examples, progress, *, leave_out_rare=True):
        learned = learn.train(examples, with_encoder=False, leave_out_rare=leave_out_rare, progress=progress)
        return learned.data, {**learned.figures, "held_out": learned.held_out}

    monkeypatch.setattr(learn_process, "train", train)


@pytest.fixture
def model(cast: Cast, confirmed: Callable[..., list[Complaint]], in_process: None) -> CauseModel:
    """A trained one, not in force."""
    confirmed("billing", "outage")
    asked = actions.request_training(cast.bob)
    actions.train(asked.pk)
    return CauseModel.objects.get(pk=asked.pk)


def broken(model: CauseModel) -> Path:
    """The file of that model, overwritten."""
    path = Path(settings.FILES_DIR) / model.path
    path.chmod(0o600)
    path.write_bytes(b"not a model")
    learning._loaded.cache_clear()
    return path


def test_only_confirmed_causes_teach_and_only_by_the_first_letter(cast, write, confirmed):
    complaints = confirmed("outage")
    with bus.quiet():
        first = write(
            "The boiler is loud, I complain.", sender="priya@customer.example", message_id="<1@customer.example>"
        )
        actions.set_cause(
            cast.alice,
            actions.open_complaint(cast.alice, first.conversation_id).pk,
            Cause.objects.get(slug="outage").pk,
        )
        second = write("Still loud.", sender="priya@customer.example", in_reply_to="<1@customer.example>")
    with bus.quiet():
        actions.open_complaint(
            cast.alice, write("The tap drips, I complain!", sender="tom@customer.example").conversation_id
        )
    labelled = learning.labelled_messages()
    assert len(labelled) == len(complaints) + 1
    assert {one.slug for one in labelled} == {"outage"}
    assert first.conversation_id == second.conversation_id
    assert [one.message_id for one in labelled if one.conversation_id == first.conversation_id] == [first.pk]


def test_a_lead_sees_which_causes_need_how_many_more(confirmed):
    confirmed("billing")
    confirmed("outage", most=4)
    found = {row.slug: (row.examples, row.missing) for row in learning.readiness()}
    assert found["billing"] == (5, 0) and found["outage"] == (4, 1) and found["delay"] == (0, 5)


def test_too_few_examples_are_refused_before_anything_is_trained(cast, confirmed):
    confirmed("billing")
    with pytest.raises(CannotLearn, match="At least two labels"):
        actions.request_training(cast.bob)
    assert not CauseModel.objects.exists()


def test_agents_neither_train_nor_choose(cast, model):
    for viewer in (cast.alice, cast.charlie):
        with pytest.raises(NotAllowed):
            actions.request_training(viewer)
        with pytest.raises(NotAllowed):
            actions.put_in_force(viewer, model.pk)


def test_the_worker_trains_in_a_process_of_its_own_and_keeps_figures_without_letters(
    cast, confirmed, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr(learn_process, "train", partial(learn_process.train, with_encoder=False))
    confirmed("billing", "outage")
    with django_capture_on_commit_callbacks(execute=True):
        asked = actions.request_training(cast.bob)
    model = CauseModel.objects.get(pk=asked.pk)
    assert (model.state, model.reason) == ("trained", "")
    assert model.figures["examples"] == 10 and len(model.trained_on) == 10
    assert "text" not in model.figures["doubts"][0]
    assert learning.load(model).predict(["There is no hot water"])[0].label == "outage"


def test_a_trained_model_proposes_nothing_until_a_person_puts_it_in_force(cast, model, write):
    assert learning.model_in_force() is None
    before = learning.read("There is no hot water again, this is unacceptable!")
    assert "causes" not in before.models
    actions.put_in_force(cast.bob, model.pk)
    after = learning.read("There is no hot water again, this is unacceptable!")
    assert after.cause[0].label == "outage" and "causes" in after.models
    assert after.evidence["cause"]


def test_new_letters_are_read_with_it_and_complaints_opened_with_its_cause(
    cast, model, write, django_capture_on_commit_callbacks
):
    actions.put_in_force(cast.bob, model.pk)
    with django_capture_on_commit_callbacks(execute=True):
        message = write("You charged me twice and I complain.", sender="tom@customer.example")
    reading = Reading.objects.get(message=message)
    assert reading.data["cause"][0]["label"] == "billing" and reading.data["models"]["causes"]
    assert actions.open_complaint(cast.alice, message.conversation_id).cause.slug == "billing"


def test_what_is_like_nothing_learned_is_left_to_the_shipped_model(model):
    reading = language.read("Your engineer was rude to my mother. I complain!")
    assert learning._with_own_causes(reading, "Þæð.", learning.load(model)) == reading


def test_choosing_and_rolling_back_are_kept_with_who_and_when(cast, model):
    assert actions.put_in_force(cast.bob, model.pk)
    assert actions.put_in_force(cast.bob, model.pk) is None
    assert actions.put_in_force(cast.dana, None)
    kept = CauseModelChoice.objects.values_list("model_id", "chosen_by__name").order_by("id")
    assert list(kept) == [(model.pk, "Bob Byrne"), (None, "Dana Diaz")]
    told = [sentence(event) for event in Event.objects.filter(kind="cause_model.chosen").order_by("id")]
    assert told == [
        f"Bob Byrne put model {model.pk} in force for proposing causes.",
        "Dana Diaz put the model that the desk comes with in force for proposing causes.",
    ]


def test_a_broken_file_falls_back_to_the_shipped_model_and_is_said(cast, model):
    actions.put_in_force(cast.bob, model.pk)
    path = broken(model)
    assert "causes" not in learning.read("There is no hot water again, this is unacceptable!").models
    assert "SHA-256 differs" in learning.problem_of(model)
    path.unlink()
    assert "missing" in learning.problem_of(model)


def test_a_model_whose_file_is_broken_is_not_put_in_force(cast, model):
    broken(model)
    with pytest.raises(Conflict, match="SHA-256"):
        actions.put_in_force(cast.bob, model.pk)


def test_training_anew_on_the_same_letters_mends_a_broken_file(cast, model):
    broken(model)
    again = actions.request_training(cast.bob)
    actions.train(again.pk)
    assert CauseModel.objects.get(pk=again.pk).path == model.path
    assert not learning.problem_of(model)


def test_it_is_compared_with_the_shipped_model_on_letters_held_out_of_its_own_training(model):
    compared = model.figures["comparison"]
    assert compared["against"] is None and compared["examples"] == 10
    assert compared["ours"]["value"] == model.figures["accuracy"]["value"]


def test_the_next_model_is_compared_on_what_the_one_in_force_has_not_seen(cast, model, confirmed):
    actions.put_in_force(cast.bob, model.pk)
    confirmed("outage", end="It began in May.", most=4)
    asked = actions.request_training(cast.bob)
    actions.train(asked.pk)
    compared = CauseModel.objects.get(pk=asked.pk).figures["comparison"]
    assert compared["against"] == model.pk and compared["examples"] == 4


def test_complaints_without_a_cause_are_ranked_by_how_little_the_model_knows(cast, confirmed, in_process, write):
    confirmed("billing", "outage")
    with bus.quiet():
        unknown = write("Your engineer broke my garden gate, I complain.", sender="tom@customer.example")
        plain = write("There is no hot water and nobody helps, I complain.", sender="priya@customer.example")
        for message in (plain, unknown):
            actions.open_complaint(cast.alice, message.conversation_id)
    asked = actions.request_training(cast.bob)
    actions.train(asked.pk)
    found = [row["name"] for row in CauseModel.objects.get(pk=asked.pk).figures["next"]]
    assert found == [str(unknown.pk), str(plain.pk)]


def test_one_training_at_a_time(cast, confirmed):
    confirmed("billing", "outage")
    with bus.quiet():
        asked = actions.request_training(cast.bob)
        with pytest.raises(Conflict, match=f"Model {asked.pk} is being trained"):
            actions.request_training(cast.dana)


def test_a_lost_training_is_found_again_and_given_up_after_three_tries(cast, confirmed, in_process, monkeypatch):
    confirmed("billing", "outage")
    asked = actions.request_training(cast.bob)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt  # as when the worker is killed: nothing is written any more

    moment = clock.now()
    monkeypatch.setattr(learn_process, "train", die)
    for _ in range(3):
        with clock.travel(moment), pytest.raises(KeyboardInterrupt):
            actions.train(asked.pk)
        moment += timedelta(minutes=11)
    with clock.travel(moment):
        assert actions.lost_trainings() == [asked.pk]
        train_overlooked.call_local()
    failed = CauseModel.objects.get(pk=asked.pk)
    assert failed.state == "failed" and "memory" in failed.reason


def test_two_workers_do_not_train_the_same_model(cast, confirmed, in_process, monkeypatch):
    confirmed("billing", "outage")
    asked = actions.request_training(cast.bob)
    learning_actions._claim(asked.pk)
    monkeypatch.setattr(learn_process, "train", lambda *_, **__: pytest.fail("trained twice"))
    actions.train(asked.pk)


def test_a_failed_training_says_why_and_the_next_can_be_asked_for(cast, confirmed, monkeypatch):
    confirmed("billing", "outage")
    asked = actions.request_training(cast.bob)

    def fail(*_: object, **__: object) -> None:
        raise learn_process.TrainingFailed("Training ended early: MemoryError")

    monkeypatch.setattr(learn_process, "train", fail)
    actions.train(asked.pk)
    failed = CauseModel.objects.get(pk=asked.pk)
    assert failed.state == "failed" and failed.reason == "Training ended early: MemoryError"
    assert actions.request_training(cast.bob).pk != asked.pk


def test_a_model_file_from_elsewhere_with_a_pickle_in_it_is_never_unpickled(model):
    buffer = io.BytesIO()
    np.savez(buffer, checksum=np.array([{"a": 1}], dtype=object), version=np.array([1]))
    with pytest.raises(learned_model.ModelError):
        learned_model.unpack(buffer.getvalue())


def test_what_people_said_of_a_message_goes_before_its_complaint_and_can_be_taken_back(cast, confirmed):
    first, *_ = confirmed("billing")
    (message,) = [pk for pk, conversation, _ in learning.first_messages([first.conversation_id])]
    reading = learning.read("My invoice is wrong and I complain.")
    actions.record_reading(message, reading)

    def slug() -> str | None:
        return {one.message_id: one.slug for one in learning.labelled_messages()}.get(message)

    actions.correct_reading(cast.alice, message, "cause", "contract")
    assert slug() == "contract"
    actions.undo_correction(cast.alice, message, "cause")
    assert slug() == "billing"
