"""Who had to tell it twice, and which questions opened up: only in the viewer's teams and period."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backstory.cases.models import QuestionAsked, Retelling
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Message
from backstory.insight import queries
from backstory.insight.listening import listening
from backstory.insight.rules import Share
from backstory.kernel import clock
from backstory.kernel.errors import NotAllowed
from conftest import Cast

Write = Callable[..., Message]


def again(message: Message, **more: object) -> Retelling:
    return Retelling.objects.create(
        message=message, conversation_id=message.conversation_id, earlier=message, ground="same_words", **more
    )


def test_conversations_are_counted_and_not_letters(cast: Cast, write: Write) -> None:
    first, _ = write("It is cold."), write("Another matter.", subject="Lift")
    for text in ("It is cold, as I said.", "It is cold, as I said twice."):
        again(write(text, reply_token=first.conversation.reply_token))
    found = listening(cast.bob, queries.period_for("4w"))
    assert found.told_again == Share(1, 2)
    assert [(row.name, row.share) for row in found.teams] == [(cast.care.name, Share(1, 2))]
    assert [row.conversation_id for row in found.newest] == [first.conversation_id] * 2


def test_what_somebody_denied_counts_no_more(cast: Cast, write: Write) -> None:
    again(write("It is cold."), denied_at=clock.now())
    assert listening(cast.bob, queries.period_for("4w")).told_again == Share(0, 1)


def test_what_lies_before_the_period_is_left_out(cast: Cast, write: Write) -> None:
    with clock.travel(clock.now() - timedelta(days=90)):
        again(write("It is cold."))
    assert listening(cast.bob, queries.period_for("4w")).told_again == Share(0, 0)


def test_questions_show_what_followed_when_they_were_answered(cast: Cast, write: Write) -> None:
    letter = write("It is cold.")
    for opened in (True, False, None):
        sent = send_reply(cast.alice, letter.conversation_id, "What would make this right for you?")
        QuestionAsked.objects.create(
            message=sent, conversation=letter.conversation, key="make_right", text="?", channel="email", opened=opened
        )
    [row] = listening(cast.bob, queries.period_for("4w")).questions
    assert (row.text, row.asked, row.opened) == ("What would make this right for you?", 3, Share(1, 2))


def test_agents_have_no_insight(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        listening(cast.alice, queries.period_for("4w"))
