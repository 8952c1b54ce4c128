"""Looking at answers together: asked for, judged by the agent first, then by a lead."""

from dataclasses import asdict

from django.db import transaction

from backstory.cases import queries, scorecard
from backstory.cases.models import Card, Review
from backstory.conversations.queries import get_conversation
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed
from backstory.kernel.text import storable
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission


def begin_review(viewer: User, conversation_id: int, agent_id: int | None = None) -> Review:
    """A review of an agent's answers (of whoever wrote most, for agents their own); the one there is, if any.

    Raises InvalidInput where that person wrote no answer, NotAllowed for an agent and somebody else's answers.
    """
    conversation = get_conversation(viewer, conversation_id)
    policy.require(viewer, Permission.REPLY, conversation.team_id)
    leads = policy.can(viewer, Permission.REVIEW_ANSWERS, conversation.team_id)
    wrote = queries.authors(conversation)
    wanted = agent_id or (None if leads else viewer.pk)
    agent = next((user for user in wrote if wanted in (None, user.pk)), None)
    if agent is None:
        raise InvalidInput("They wrote no answer in this conversation.", "agent")
    if agent != viewer and not leads:
        raise NotAllowed("Other people's answers are reviewed by their lead.")
    card = scorecard.filled(queries.card_facts(conversation, agent))  # before the transaction: it reads every answer
    with transaction.atomic():
        row, is_new = Review.objects.get_or_create(
            conversation=conversation,
            agent=agent,
            defaults={"asked_by": viewer, "filled": {key: asdict(verdict) for key, verdict in card.items()}},
        )
        if is_new:
            record(
                "review.begun",
                actor=viewer,
                conversation_id=conversation.pk,
                team_id=conversation.team_id,
                subject=("conversation", conversation.pk),
                agent=agent.name,
            )
    return row


@transaction.atomic
def judge_answers(viewer: User, review_id: int, answers: dict[str, str], note: str = "") -> Card:
    """Give one's card: the agent their own first, then a lead; Conflict before the agent's, and for a second card."""
    review = queries.get_review(viewer, review_id)
    Review.objects.select_for_update().get(pk=review.pk)
    judged = scorecard.judged(answers)
    words = storable(note).strip()
    if len(words) > scorecard.LONGEST_NOTE:
        raise InvalidInput(f"Please keep the note below {scorecard.LONGEST_NOTE:,} characters.", "note")
    own = Card.objects.filter(review=review, reviewer=review.agent).exists()
    if viewer != review.agent and not scorecard.may_lead_begin(review.created_at, own, clock.now()):
        raise Conflict("Their own view comes first; after a week you may go ahead.")
    if Card.objects.filter(review=review, reviewer=viewer).exists():
        raise Conflict("You have judged these answers already.")
    return Card.objects.create(review=review, reviewer=viewer, judged=judged, note=words)
