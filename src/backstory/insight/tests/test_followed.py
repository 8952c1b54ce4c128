"""What followed a phrase: calmer, reopened, rated; counted with its uncertainty."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backstory.cases.actions import note_phrases, open_complaint
from backstory.cases.models import Reading
from backstory.cases.toolkit import Wording
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Message
from backstory.insight.followed import Followed, after_phrases, ranking
from backstory.insight.rules import Share
from backstory.kernel import clock
from backstory.kernel.errors import NotAllowed
from backstory.live.actions import record
from backstory.recovery.models import Survey
from conftest import Cast

PHRASE = "You can ask me anything. By Friday noon you will have what you need. Who else does this affect?"
KEY = "ask-affected"


def feel(message: Message, intensity: float) -> None:
    Reading.objects.update_or_create(
        message=message,
        defaults={"conversation_id": message.conversation_id, "engine": "test", "intensity": intensity},
    )


@pytest.mark.django_db
def test_the_next_message_tells_whether_the_customer_is_calmer(cast: Cast, write: Callable[..., Message]) -> None:
    for number, after in enumerate((0.4, 1.9, None)):
        with clock.travel(clock.now() + timedelta(hours=number)):
            first = write("Cold again!", subject=f"Water {number}")
            feel(first, 1.8)
        with clock.travel(clock.now() + timedelta(hours=number, minutes=5)):
            note_phrases(send_reply(cast.alice, first.conversation_id, PHRASE).pk)
        if after is not None:
            with clock.travel(clock.now() + timedelta(hours=number, minutes=9)):
                feel(write("Oh.", reply_token=first.conversation.reply_token), after)
    found = after_phrases(cast.alice, cast.care.pk)[KEY]
    assert found.uses == 3 and found.calmer == Share(1, 2) and found.too_few
    with pytest.raises(NotAllowed):
        after_phrases(cast.charlie, cast.care.pk)


@pytest.mark.django_db
def test_a_matter_that_came_back_and_the_rating_are_counted(cast: Cast, write: Callable[..., Message]) -> None:
    message = write("Cold again!")
    feel(message, 0.1)  # nothing to calm
    complaint = open_complaint(cast.alice, message.conversation_id)
    note_phrases(send_reply(cast.alice, message.conversation_id, PHRASE).pk)
    with clock.travel(clock.ahead(hours=1)):
        record("complaint.reopened", actor=cast.alice, subject=("complaint", complaint.pk))
    Survey.objects.create(complaint=complaint, due_at=clock.now(), score=2)
    found = after_phrases(cast.alice, cast.care.pk)[KEY]
    assert (found.calmer.total, found.reopened, found.satisfied) == (0, Share(1, 1), Share(0, 1))


def test_the_best_rise_but_a_few_lucky_uses_move_little() -> None:
    def wording(key: str) -> Wording:
        return Wording(key, "en", "ask", "", "", "", "x")

    followed = {
        "often": Followed(60, Share(45, 60)),
        "lucky": Followed(2, Share(2, 2)),
        "poor": Followed(60, Share(15, 60)),
    }
    rows = [(0, wording(key)) for key in ("poor", "never", "lucky", "often")]
    assert [row.key for _, row in sorted(rows, key=ranking(followed))] == ["often", "lucky", "never", "poor"]
    assert min([*rows, (1, wording("fits"))], key=ranking(followed))[1].key == "fits"
