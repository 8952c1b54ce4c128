"""The landlord who listened, from the first letter to the survey, with every task run as the queue would."""

from collections.abc import Callable

import pytest

from backstory.cases import actions, queries
from backstory.cases.models import Cause, Promise, Reading
from backstory.cases.wording import summary_text
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Delivery, Message
from backstory.kernel import clock
from backstory.live.models import Event
from backstory.live.phrases import known
from backstory.recovery.actions import answer_survey, finish_followup, offer_remedy, send_due_surveys, skip_followup
from backstory.recovery.models import ClosingNotice, FollowUp, Survey
from backstory.recovery.queries import care_panel
from conftest import Cast

LETTER = (
    "You are the worst landlord in the world. There is never enough hot water in the night, it is a danger to my "
    "family! I demand that you move us to another house at once!"
)
LISTENING = (
    "You told me that there is never enough hot water in the night, and that it is a danger to your family. "
    "That must have been frightening. What happened last night? I will come to see you tomorrow."
)

TOLD = {
    "stated_problem": "not enough hot water",
    "demand": "another house",
    "backstory": "the baby has croup and needs steam in the night",
    "need": "the child's safety",
}
STEPS = [("need", "Visit the family"), ("cause", "Put in a second tank")]


def come_back(cast: Cast) -> None:
    check, call = FollowUp.objects.get(kind="check"), FollowUp.objects.get(kind="call")
    finish_followup(cast.alice, check.pk, "Steam in the bathroom, even with croup. All well.", held=True)
    skip_followup(cast.alice, call.pk, "They came by themselves.")


@pytest.mark.django_db(transaction=True)
def test_the_landlord_who_listened(cast: Cast, write: Callable[..., Message]) -> None:
    letter = write(LETTER, customer_name="Tom Tanner")
    assert Reading.objects.get().is_complaint
    complaint = actions.open_complaint(cast.alice, letter.conversation_id)

    def done() -> list[str]:
        return [step.key for step in care_panel(cast.alice, complaint) if step.done]

    assert done() == []

    send_reply(cast.alice, letter.conversation_id, LISTENING)
    promise = queries.promises(cast.alice, Promise.State.SUGGESTED).get()
    actions.accept_promise(cast.alice, promise.pk)
    assert done() == ["connect"]

    told = actions.save_backstory(cast.alice, complaint.pk, **TOLD)
    actions.send_summary(cast.alice, complaint.pk, summary_text(told, "en"))
    actions.confirm_backstory(cast.alice, complaint.pk, "Yes, exactly that.")
    assert done() == ["connect", "ask"]

    due = clock.ahead(days=5)
    agreed = [
        actions.add_resolution_action(cast.alice, complaint.pk, serves=serves, text=text, due_at=due)
        for serves, text in STEPS
    ]
    offer_remedy(cast.alice, complaint.pk, "apology", 0, "EUR", "A frightening night")
    assert done() == ["connect", "ask", "resolve"]

    actions.keep_promise(cast.alice, promise.pk)
    actions.set_cause(cast.alice, complaint.pk, Cause.objects.get(slug="installation").pk)
    actions.close_complaint(cast.alice, complaint.pk, "upheld", "The tank was too small for a family.")
    assert ClosingNotice.objects.get().message and Survey.objects.get().sent_at is None

    with clock.travel(clock.ahead(days=6)):
        assert send_due_surveys() == 0  # the tank is not in yet
        for step in agreed:
            actions.finish_resolution_action(cast.alice, step.pk)
        assert send_due_surveys() == 1
        assert done() == ["connect", "ask", "resolve"]
    with clock.travel(clock.ahead(days=32)):
        come_back(cast)
        assert done() == ["connect", "ask", "resolve", "ensure"]
        answer_survey(Survey.objects.get().token, 5, "They listened.")

    assert Delivery.objects.count() == 4  # reply, summary, notice, survey
    log = list(Event.objects.filter(conversation_id=letter.conversation_id))
    assert {event.kind for event in log} <= known()
    assert not any("croup" in str(event.data) for event in log)
    assert all(event.team_id == cast.care.pk for event in log)
