"""Looking at answers together: the agent first, nobody led by what somebody else said, nobody ranked."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backstory.cases import actions, queries
from backstory.cases.models import Card, Review
from backstory.cases.scorecard import KEYS
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from conftest import Cast

YES, NO = dict.fromkeys(KEYS, "yes"), dict.fromkeys(KEYS, "no")


@pytest.fixture
def review(cast: Cast, letter: Message) -> Review:
    send_reply(
        cast.alice, letter.conversation_id, "According to our terms it is warm. What does it mean for you at home?"
    )
    return actions.begin_review(cast.alice, letter.conversation_id)


def test_the_card_fills_itself_from_what_was_written(review: Review) -> None:
    assert review.filled["asked"]["quote"] == "What does it mean for you at home?"
    assert review.filled["no_rule"]["met"] is False


def test_one_review_for_each_agents_answers(cast: Cast, review: Review) -> None:
    assert actions.begin_review(cast.bob, review.conversation_id) == review


def test_a_lead_waits_for_the_agents_own_view_for_a_week(cast: Cast, review: Review) -> None:
    with pytest.raises(Conflict):
        actions.judge_answers(cast.bob, review.pk, YES)
    with clock.travel(clock.now() + timedelta(days=8)):
        assert actions.judge_answers(cast.bob, review.pk, YES).judged["asked"] is True


def test_others_cards_are_seen_only_after_ones_own(cast: Cast, review: Review) -> None:
    actions.judge_answers(cast.alice, review.pk, YES, "I asked, but I quoted a rule.")
    assert queries.cards_shown(queries.get_review(cast.bob, review.pk), cast.bob) == []
    actions.judge_answers(cast.bob, review.pk, NO)
    [seen] = queries.cards_shown(queries.get_review(cast.bob, review.pk), cast.bob)
    assert seen.note == "I asked, but I quoted a rule."
    with pytest.raises(Conflict):
        actions.judge_answers(cast.bob, review.pk, YES)


def test_a_card_with_a_line_left_open_is_refused(cast: Cast, review: Review) -> None:
    with pytest.raises(InvalidInput):
        actions.judge_answers(cast.alice, review.pk, {"asked": "yes"})
    assert not Card.objects.exists()


def test_agents_review_their_own_answers_and_see_no_others(
    cast: Cast, review: Review, write: Callable[..., Message]
) -> None:
    other = write("Another matter.", subject="Lift")
    send_reply(cast.bob, other.conversation_id, "We will look.")
    with pytest.raises(InvalidInput):
        actions.begin_review(cast.alice, other.conversation_id)
    with pytest.raises(NotAllowed):
        actions.begin_review(cast.alice, other.conversation_id, cast.bob.pk)
    theirs = actions.begin_review(cast.bob, other.conversation_id)
    assert list(queries.reviews(cast.alice)) == [review]
    assert set(queries.reviews(cast.bob)) == {review, theirs}
    for outsider in (cast.charlie, cast.dana):
        with pytest.raises(NotFound):
            queries.get_review(outsider, review.pk)


def test_agreement_is_told_line_by_line_and_together(cast: Cast, review: Review) -> None:
    actions.judge_answers(cast.alice, review.pk, YES)
    actions.judge_answers(cast.bob, review.pk, {**YES, "no_rule": "no"})
    rows = queries.agreements(cast.bob)
    assert len(rows) == len(KEYS) + 1
    assert rows[-1].own.pairs == len(KEYS) and rows[-1].own.observed == 1 - 1 / len(KEYS)
    assert rows[-1].engine.pairs == 2 * len(KEYS)
    assert rows[0].leads.pairs == 0


def test_a_conversation_without_an_answer_has_nothing_to_review(cast: Cast, letter: Message) -> None:
    with pytest.raises(InvalidInput):
        actions.begin_review(cast.bob, letter.conversation_id)
