"""Abusive contact: who bears it, who is protected from it, what was decided and what waits for a decision."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from backstory.cases import conduct
from backstory.cases.models import (
    AbusiveContact,
    Complaint,
    ConductDecision,
    Promise,
    Reading,
    Respite,
    SensitiveReading,
)
from backstory.cases.playbooks.abuse import level_of
from backstory.cases.playbooks.facts import ABUSIVE, NO_ABUSE, DecisionFact
from backstory.conversations.models import Conversation, Message
from backstory.conversations.queries import visible
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.people.models import Role, User

Kind, State = ConductDecision.Kind, ConductDecision.State


def decision_facts(conversation_id: int) -> tuple[DecisionFact, ...]:
    """What was decided about abusive contact in a conversation, oldest first."""
    rows = ConductDecision.objects.filter(conversation_id=conversation_id).order_by("pk")
    return tuple(
        DecisionFact(row.kind, row.state, row.seconded_by_id is not None, row.review_at, row.message_id) for row in rows
    )


def conduct_decisions(viewer: User) -> QuerySet[ConductDecision]:
    """The decisions that a viewer may know of, newest first."""
    rows = ConductDecision.objects.select_related(
        "conversation__customer", "conversation__team", "decided_by", "seconded_by", "reviewed_by"
    )
    return rows.filter(conversation__in=visible(viewer)).order_by("-pk")


def get_decision(viewer: User, pk: int) -> ConductDecision:
    found = conduct_decisions(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such decision.")
    return found


def standing_decisions(viewer: User, conversation: Conversation) -> list[ConductDecision]:
    """What stands, or waits for a second person, about this customer in any conversation the viewer may see."""
    rows = conduct_decisions(viewer).filter(conversation__customer_id=conversation.customer_id)
    return list(rows.filter(state__in=[State.STANDING, State.PROPOSED]).exclude(kind=Kind.HANDOVER))


def is_abusive(conversation_id: int) -> bool:
    """Whether the customer's latest message abuses a person."""
    return latest_abuse(conversation_id) <= ABUSIVE


def latest_abuse(conversation_id: int) -> int:
    rows = Message.objects.filter(conversation_id=conversation_id, direction=Message.Direction.IN)
    latest = rows.order_by("-created_at", "-id").values_list("reading__data", "text").first()
    return level_of(*latest) if latest else NO_ABUSE


def protections(user_ids: Collection[int]) -> dict[int, datetime]:
    """Who of them is given no abusive contact by others, and until when: two SQL statements."""
    now = clock.now()
    contacts, respites = defaultdict[int, list[datetime]](list), defaultdict[int, list[datetime]](list)
    borne = AbusiveContact.objects.filter(user_id__in=user_ids, created_at__gt=now - conduct.WINDOW)
    for pk, at in borne.values_list("user_id", "created_at"):
        contacts[pk].append(at)
    for pk, until in Respite.objects.filter(user_id__in=user_ids, until__gt=now).values_list("user_id", "until"):
        respites[pk].append(until)
    found = {pk: conduct.protected_until(contacts[pk], respites[pk], now) for pk in user_ids}
    return {pk: until for pk, until in found.items() if until}


def contacts_borne(user: User) -> int:
    """How many abusive contacts somebody has had within the window."""
    since = clock.now() - conduct.WINDOW
    return AbusiveContact.objects.filter(user=user, created_at__gt=since).count()


def lead_for(viewer: User, conversation: Conversation) -> User | None:
    """The lead of the team to hand over to: one who is not protected, with the fewest conversations in hand."""
    open_ones = Count("conversations", filter=Q(conversations__state=Conversation.State.OPEN))
    rows = User.objects.filter(
        memberships__team_id=conversation.team_id, role__in=[Role.LEAD, Role.ADMINISTRATOR], is_active=True
    ).exclude(pk__in=[viewer.pk, conversation.assignee_id or 0])
    leads = list(rows.annotate(in_hand=open_ones).order_by("in_hand", "pk"))
    resting = protections([lead.pk for lead in leads])
    return min(leads, key=lambda lead: lead.pk in resting, default=None)


def pauses_over() -> list[int]:
    """Standing pauses whose time has come."""
    rows = ConductDecision.objects.filter(kind=Kind.PAUSE, state=State.STANDING, until__lte=clock.now())
    return list(rows.values_list("pk", flat=True)[:200])


def reviews_due(viewer: User) -> QuerySet[ConductDecision]:
    """Decisions that stand and whose day of review has come."""
    return conduct_decisions(viewer).filter(state=State.STANDING, review_at__lte=clock.now())


def ending_facts(conversation: Conversation) -> conduct.EndingFacts:
    """What has to be weighed before a contact is ended."""
    customer = Conversation.objects.filter(customer_id=conversation.customer_id)
    decided = ConductDecision.objects.filter(conversation__in=customer, kind=Kind.WARNING, state=State.STANDING)
    read = Reading.objects.filter(conversation=conversation)
    signs = SensitiveReading.objects.filter(message__conversation__in=customer)
    grave = Complaint.objects.filter(conversation=conversation, severity__gte=4)
    return conduct.EndingFacts(
        warned=decided.exists(),
        threatened=any("threat" in kinds for kinds in read.values_list("data__abuse__kinds", flat=True) if kinds),
        vulnerable=any(bool(found) for found in signs.values_list("data__vulnerability", flat=True)),
        safety=read.filter(safety=True).exists() or grave.exists(),
        open_promises=Promise.objects.filter(conversation=conversation, state=Promise.State.OPEN).count(),
    )
