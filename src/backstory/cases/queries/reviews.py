"""Reviews: an agent's own, or those of the teams a lead leads; and how far everybody agrees."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from backstory.cases.models import Card, Promise, Reading, Review
from backstory.cases.scorecard import CRITERIA, Agreement, Exchange, Facts, agreement
from backstory.conversations.models import Conversation, Message
from backstory.kernel.errors import NotFound
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission


def reviews(viewer: User) -> QuerySet[Review]:
    """The viewer's own, and those of the teams whose answers they may review, newest first."""
    rows = Review.objects.select_related("conversation__customer", "conversation__team", "agent", "asked_by")
    led = policy.team_ids(viewer) if policy.can(viewer, Permission.REVIEW_ANSWERS) else frozenset()
    mine = Q(agent=viewer, conversation__team_id__in=policy.team_ids(viewer))
    return rows.prefetch_related("cards__reviewer").filter(mine | Q(conversation__team_id__in=led)).distinct()


def get_review(viewer: User, pk: int) -> Review:
    """NotFound for a review of somebody else's, as for none at all."""
    found = reviews(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such review.")
    return found


def authors(conversation: Conversation) -> list[User]:
    """Who of ours answered in a conversation, most answers first."""
    rows = Message.objects.filter(
        conversation=conversation, direction=Message.Direction.OUT, author__isnull=False
    ).select_related("author")
    counted: dict[User, int] = {}
    for row in rows:
        if row.author:
            counted[row.author] = counted.get(row.author, 0) + 1
    return sorted(counted, key=lambda user: (-counted[user], user.name))


def card_facts(conversation: Conversation, agent: User) -> Facts:
    """What one agent wrote there and what it answered, for the scorecard."""
    messages = list(Message.objects.filter(conversation=conversation).order_by("created_at", "id"))
    strains = dict(Reading.objects.filter(conversation=conversation).values_list("message_id", "strain"))
    promises = Promise.objects.filter(conversation=conversation, owner=agent).values_list("state", flat=True)
    return Facts(
        tuple(_exchanges(messages, strains, agent)),
        promises_kept=sum(state == Promise.State.KEPT for state in promises),
        promises_broken=sum(state == Promise.State.BROKEN for state in promises),
        closed=conversation.state == Conversation.State.CLOSED,
    )


def _exchanges(messages: list[Message], strains: dict[int, float | None], agent: User) -> Iterable[Exchange]:
    """Each answer of the agent's with all that the customer had written since the answer before."""
    waiting: list[Message] = []
    for message in messages:
        if message.direction == Message.Direction.IN:
            waiting.append(message)
        elif message.direction == Message.Direction.OUT and message.author_id:
            if message.author_id == agent.pk:
                known = [strain for each in waiting if (strain := strains.get(each.pk)) is not None]
                yield Exchange(
                    message.pk,
                    "\n\n".join(each.text for each in waiting),
                    message.text,
                    max(known, default=None),
                    message.created_at - waiting[0].created_at if waiting else None,
                )
            waiting = []


@dataclass(frozen=True)
class CriterionAgreement:
    """One line of the card: how far people agree with the engine, agents with their leads, leads among each other."""

    text: str
    engine: Agreement
    own: Agreement
    leads: Agreement


def agreements(viewer: User) -> list[CriterionAgreement]:
    """Over the reviews that the viewer may see; the last row is all lines together."""
    found = list(reviews(viewer))
    pairs = {each.key: _pairs(found, each.key) for each in CRITERIA}
    rows = [CriterionAgreement(each.text, *map(agreement, pairs[each.key])) for each in CRITERIA]
    together = ([pair for part in pairs.values() for pair in part[place]] for place in range(3))
    return [*rows, CriterionAgreement("", *map(agreement, together))]


Pairs = list[tuple[bool | None, bool | None]]


def _pairs(found: list[Review], key: str) -> tuple[Pairs, Pairs, Pairs]:
    """(engine, person), (agent, lead), (lead, lead) on one line."""
    engine: Pairs = []
    own: Pairs = []
    leads: Pairs = []
    for review in found:
        cards = [card for card in review.cards.all() if key in card.judged]
        mine = [card for card in cards if card.reviewer_id == review.agent_id]
        theirs = [card for card in cards if card.reviewer_id != review.agent_id]
        if key in review.filled:
            engine += [(review.filled[key]["met"], card.judged[key]) for card in cards]
        own += [(mine[0].judged[key], card.judged[key]) for card in theirs if mine]
        leads += [(theirs[0].judged[key], card.judged[key]) for card in theirs[1:]]
    return engine, own, leads


def card_of(review: Review, reviewer: User) -> Card | None:
    return next((card for card in review.cards.all() if card.reviewer_id == reviewer.pk), None)


def cards_shown(review: Review, viewer: User) -> list[Card]:
    """Others' cards, once the viewer has given theirs: nobody is led by what somebody else said first."""
    if card_of(review, viewer) is None:
        return []
    return [card for card in review.cards.all() if card.reviewer_id != viewer.pk]
