"""Empathy needed, shown and missed: from what was stored, of the viewer's teams only."""

from collections.abc import Callable

import pytest

from backstory.cases.models import Reading, ReplyReading
from backstory.conversations.actions import close, send_reply
from backstory.conversations.models import Message
from backstory.insight import queries
from backstory.insight.empathy import Empathy, empathy
from backstory.insight.rules import Share
from backstory.kernel.errors import NotAllowed
from conftest import Cast

Write = Callable[..., Message]


def read(message: Message, strain: float) -> None:
    Reading.objects.create(message=message, conversation_id=message.conversation_id, engine="test", strain=strain)


def answer(cast: Cast, message: Message, reaction: int) -> Message:
    reply = send_reply(cast.alice, message.conversation_id, "We have looked at it.")
    data = {"reply": {"reaction": reaction, "interpretation": 0, "exploration": 0}}
    ReplyReading.objects.create(message=reply, engine="test", data=data)
    return reply


def found(cast: Cast) -> Empathy:
    return empathy(cast.bob, queries.period_for("4w"))


def test_a_strained_letter_met_with_warmth_counts_as_shown(cast: Cast, write: Write) -> None:
    for text, reaction in (("It is cold!", 2), ("Still cold!", 0)):
        letter = write(text, subject=text)
        read(letter, 0.8)
        answer(cast, letter, reaction)
    assert found(cast).shown == Share(1, 2)
    [example] = found(cast).examples
    assert example.letter == "Still cold!" and example.answer == "We have looked at it."


def test_a_calm_letter_needs_none_and_one_without_an_answer_is_not_judged(cast: Cast, write: Write) -> None:
    calm, waiting = write("Thank you.", subject="Thanks"), write("It is cold!", subject="Cold")
    read(calm, 0.1)
    read(waiting, 0.9)
    answer(cast, calm, 0)
    assert found(cast).shown == Share(0, 0)


def test_recovered_means_that_the_last_letter_of_a_closed_conversation_had_settled(cast: Cast, write: Write) -> None:
    for text, last in (("It is cold!", 0.05), ("It leaks!", 0.7)):
        letter = write(text, subject=text)
        read(letter, 0.9)
        read(write("And now?", reply_token=letter.conversation.reply_token), last)
        close(cast.alice, letter.conversation_id)
    assert found(cast).recovered == Share(1, 2)
    assert [(row.name, row.recovered) for row in found(cast).teams] == [(cast.care.name, Share(1, 2))]


def test_what_was_followed_by_more_strain_is_shown_first(cast: Cast, write: Write) -> None:
    harsh = write("It is cold!", subject="Cold")
    read(harsh, 0.9)
    answer(cast, harsh, 0)
    rising = write("It leaks!", subject="Leak")
    read(rising, 0.5)
    answer(cast, rising, 0)
    read(write("It still leaks!!", reply_token=rising.conversation.reply_token), 0.8)
    assert [each.letter for each in found(cast).examples] == ["It leaks!", "It is cold!"]


def test_agents_have_no_insight(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        empathy(cast.alice, queries.period_for("4w"))
