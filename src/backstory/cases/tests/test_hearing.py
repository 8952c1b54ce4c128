"""What asking brought, what had to be told again, and how long it is kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backstory import language
from backstory.cases import actions, queries, tasks
from backstory.cases.models import Backstory, Complaint, QuestionAsked, Retelling
from backstory.coach.questions import Record, suggest
from backstory.conversations.actions import assign, send_reply
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.kernel.errors import NotAllowed, NotFound
from backstory.live.models import Event
from conftest import Cast

STAKE = "What does this mean for you at home or in your day?"


def read(message: Message) -> None:
    actions.record_reading(message.pk, language.read(message.text, explain=True))
    actions.learn_from_answer(message.pk)


@pytest.fixture
def answer(cast: Cast, letter: Message, write: Callable[..., Message]) -> Callable[..., QuestionAsked]:
    """Alice asks what it means for Maya, and Maya answers."""

    def ask(text: str, question: str = STAKE) -> QuestionAsked:
        sent = send_reply(cast.alice, letter.conversation_id, f"That sounds hard. {question}")
        actions.note_questions(sent.pk)
        read(write(text, reply_token=letter.conversation.reply_token))
        return QuestionAsked.objects.get(message=sent)

    return ask


def test_an_open_question_is_kept_by_its_name_once(cast: Cast, letter: Message) -> None:
    sent = send_reply(cast.alice, letter.conversation_id, f"{STAKE} Is the boiler new?")
    assert [row.key for row in actions.note_questions(sent.pk)] == ["stake"]
    assert actions.note_questions(sent.pk) == []


def test_an_answer_that_tells_of_the_person_opened_up(answer: Callable[..., QuestionAsked]) -> None:
    row = answer("My baby son has croup and needs steam at night.")
    assert row.opened is True and row.answer is not None


def test_an_answer_about_the_boiler_alone_did_not(answer: Callable[..., QuestionAsked]) -> None:
    assert answer("It is a Vaillant from 2019.").opened is False


def test_what_opened_up_before_is_offered_first(cast: Cast, answer: Callable[..., QuestionAsked]) -> None:
    answer("My baby son has croup.")
    assert queries.question_records()["stake", ""] == Record(1, 1)
    often = {("make_right", ""): Record(answered=30, opened=29)}
    assert suggest("The water is cold.", records=often)[0].key == "make_right"
    never = {("stake", ""): Record(answered=30, opened=0)}
    assert suggest("The water is cold.", records=never)[-1].key == "stake"


def test_what_is_recorded_already_is_not_asked_again() -> None:
    assert "stake" not in [each.key for each in suggest("The water is cold.", stated=["stake"])]


def test_a_chat_gets_shorter_questions() -> None:
    long, brief = (suggest("The water is cold.", channel=channel)[0] for channel in ("email", "chat"))
    assert long.key == brief.key and len(brief.text) < len(long.text)


def test_telling_it_again_to_another_agent_is_counted_and_shown(
    cast: Cast, letter: Message, write: Callable[..., Message]
) -> None:
    read(letter)
    send_reply(cast.alice, letter.conversation_id, "I will look into it.")
    assign(cast.bob, letter.conversation_id, cast.bob.pk)
    with clock.travel(clock.ahead(days=2)):
        again = write(
            "As I already told your colleague, the water is cold.", reply_token=letter.conversation.reply_token
        )
        read(again)
        read(again)
    row = Retelling.objects.get()
    assert (row.message, row.earlier, row.ground) == (again, letter, "says_so")
    assert row.other_agent
    assert queries.retellings(cast.alice, letter.conversation_id) == [row]
    assert Event.objects.filter(kind="story.retold").count() == 1


def test_somebody_who_looked_can_say_that_it_is_none(
    cast: Cast, letter: Message, write: Callable[..., Message]
) -> None:
    row = Retelling.objects.create(
        message=letter, conversation_id=letter.conversation_id, earlier=letter, ground="same_words"
    )
    with pytest.raises(NotFound):
        actions.deny_retelling(cast.charlie, row.pk)
    actions.deny_retelling(cast.alice, row.pk)
    assert queries.retellings(cast.alice, letter.conversation_id) == []


def test_earlier_complaints_come_to_the_agents_eye_without_a_word_of_the_story(
    cast: Cast, complaint: Complaint, write: Callable[..., Message]
) -> None:
    actions.save_backstory(cast.alice, complaint.pk, backstory="the baby has croup")
    later = write("The lift is broken.", subject="Lift")
    [before] = queries.earlier_complaints(cast.alice, later.conversation)
    assert before.complaint == complaint and before.has_backstory and before.may_read
    assert "croup" not in repr(before)
    assert not queries.earlier_complaints(cast.charlie, later.conversation)


def test_a_short_yes_after_the_summary_is_offered_for_confirmation(
    cast: Cast, complaint: Complaint, write: Callable[..., Message]
) -> None:
    row = actions.save_backstory(cast.alice, complaint.pk, backstory="the baby has croup")
    assert queries.answer_to_summary(row) is None
    actions.send_summary(cast.alice, complaint.pk, "This is what I heard. Right?")
    answer = write("Yes, exactly.", reply_token=complaint.conversation.reply_token)
    assert queries.answer_to_summary(queries.backstory(cast.alice, complaint)) == answer
    actions.confirm_backstory(cast.alice, complaint.pk, answer.text)
    assert queries.answer_to_summary(queries.backstory(cast.alice, complaint)) is None


def test_fields_that_are_not_given_stay_and_keep_their_quotes(cast: Cast, complaint: Complaint) -> None:
    read(complaint.conversation.messages.get())
    first = actions.save_backstory(
        cast.alice, complaint.pk, demand="Please move my family to another house.", need="safety"
    )
    assert first.quotes["demand"][0]["text"] in "Please move my family to another house."
    second = actions.save_backstory(cast.alice, complaint.pk, need="the child's safety")
    assert second.demand == first.demand and second.quotes["demand"] == first.quotes["demand"]


def test_the_words_are_deleted_when_their_time_is_over(cast: Cast, complaint: Complaint) -> None:
    actions.save_backstory(cast.alice, complaint.pk, backstory="the baby has croup", cost="a night in hospital")
    Complaint.objects.filter(pk=complaint.pk).update(closed_at=clock.now())
    assert actions.erase_old_backstories(timedelta(days=730)) == 0
    with clock.travel(clock.ahead(days=731)):
        tasks.erase_old_backstories.call_local()
        assert actions.erase_old_backstories(timedelta(days=730)) == 0
    row = Backstory.objects.get()
    assert (row.backstory, row.cost, row.quotes) == ("", "", {})
    assert row.erased_at
    assert "croup" not in repr(list(Event.objects.values_list("data", flat=True)))


def test_an_administrator_in_no_team_saves_nothing(cast: Cast, complaint: Complaint) -> None:
    with pytest.raises(NotAllowed):
        actions.save_backstory(cast.dana, complaint.pk, cost="all of it")
