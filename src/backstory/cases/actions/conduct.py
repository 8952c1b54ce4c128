"""Abusive contact: who bears it is counted, who has had enough is protected, and what is decided is recorded."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from backstory.cases import conduct, policy, queries, rules
from backstory.cases.models import AbusiveContact, ConductDecision, Reading, Respite
from backstory.cases.playbooks.abuse import level_of
from backstory.cases.playbooks.facts import ABUSIVE
from backstory.conversations import actions as conversations
from backstory.conversations.models import Conversation, Message
from backstory.conversations.queries import get_conversation
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed
from backstory.live.actions import Actor, record
from backstory.people import policy as people_policy
from backstory.people.models import User
from backstory.people.policy import Permission

Kind, State = ConductDecision.Kind, ConductDecision.State
LETTER_KINDS = (Kind.WARNING, Kind.ENDING)


def _tell(kind: str, decision: ConductDecision, actor: Actor | None, **data: Any) -> None:
    record(
        kind,
        actor=actor,
        conversation_id=decision.conversation_id,
        team_id=decision.conversation.team_id,
        subject=("conduct_decision", decision.pk),
        **data,
    )


def note_abuse(reading: Reading) -> None:
    """Count an abusive message against whoever has the conversation, within the caller's transaction. One that is not
    abusive after all, since people or a newer engine say so, is nobody's."""
    if not _is_abusive(reading):
        AbusiveContact.objects.filter(message_id=reading.message_id).delete()
    elif reading.message.conversation.assignee_id is not None:
        _borne(reading, reading.message.conversation.assignee_id)


@transaction.atomic
def note_answered_abuse(reply_id: int) -> None:
    """Whoever answers an abusive message has borne it too, if nobody had the conversation."""
    reply = Message.objects.select_related("conversation").filter(pk=reply_id).first()
    if reply is None or reply.author_id is None:
        return
    before = reply.conversation.messages.filter(direction=Message.Direction.IN, created_at__lte=reply.created_at)
    answered = before.select_related("reading").last()
    reading = getattr(answered, "reading", None)
    if reading is not None and _is_abusive(reading) and not reading.message.abusive_contacts.exists():
        _borne(reading, reply.author_id)


def _is_abusive(reading: Reading) -> bool:
    return level_of(reading.data, reading.message.text) <= ABUSIVE


def _borne(reading: Reading, user_id: int) -> None:
    """It counts from when the message came, whenever it is read."""
    given = {"level": reading.data["abuse"]["level"], "created_at": reading.message.created_at}
    AbusiveContact.objects.update_or_create(message=reading.message, user_id=user_id, defaults=given)


def assign(viewer: User, conversation_id: int, user_id: int | None) -> Conversation:
    """Give a conversation to a colleague; nobody who has had enough is made to take an abusive one.

    Taking it oneself is everybody's own decision. Raises Conflict, saying until when the colleague is protected.
    """
    if user_id is not None and user_id != viewer.pk and queries.is_abusive(conversation_id):
        until = queries.protections([user_id]).get(user_id)
        if until:
            raise Conflict(
                "They have had enough abusive contacts for now and are given no other until "
                f"{until:%d %b %H:%M} UTC. Give it to somebody else, or to a lead."
            )
    return conversations.assign(viewer, conversation_id, user_id)


@transaction.atomic
def hand_over(viewer: User, conversation_id: int) -> ConductDecision:
    """Give an abusive contact to a lead of the team, no questions asked. Conflict where there is no other lead."""
    conversation = get_conversation(viewer, conversation_id)
    people_policy.require(viewer, Permission.REPLY, conversation.team_id)
    lead = queries.lead_for(viewer, conversation)
    if lead is None:
        raise Conflict("This team has no other lead to hand it over to.")
    conversations.assign(viewer, conversation.pk, lead.pk)
    decision = ConductDecision.objects.create(
        kind=Kind.HANDOVER, conversation=conversation, reason="Abusive contact", decided_by=viewer
    )
    _tell("conduct.handed_over", decision, viewer, to=lead.name)
    return decision


@transaction.atomic
def take_break(viewer: User, minutes: int) -> Respite:
    """A break after a heavy contact: until it ends, nobody gives this person an abusive one."""
    if minutes not in conduct.BREAKS:
        raise InvalidInput("Choose one of the lengths of a break.", "minutes")
    respite = Respite.objects.create(user=viewer, until=clock.now() + timedelta(minutes=minutes))
    record("respite.taken", actor=viewer, subject=("respite", respite.pk), minutes=minutes)
    return respite


def _decidable(viewer: User, conversation_id: int) -> Conversation:
    seen = get_conversation(viewer, conversation_id)
    policy.require_deciding_conduct(viewer, seen.team_id)
    return Conversation.objects.select_for_update(of=("self",)).select_related("customer").get(pk=seen.pk)


@transaction.atomic
def pause_answering(viewer: User, conversation_id: int, until: datetime | None, reason: str) -> ConductDecision:
    """No answer is due until then: both sides cool off. What comes in is still read."""
    conversation = _decidable(viewer, conversation_id)
    decision = ConductDecision.objects.create(
        kind=Kind.PAUSE,
        conversation=conversation,
        reason=rules.required(reason, "reason", "the reason"),
        decided_by=viewer,
        until=conduct.pause_end(until, clock.now()),
    )
    conversations.set_aside(viewer, conversation.pk)
    _tell("conduct.paused", decision, viewer, until=f"{decision.until:%Y-%m-%d %H:%M}")
    return decision


def end_pauses() -> int:
    """Take up again what was paused, once the time has come; returns how many."""
    return sum(_end_pause(pk) for pk in queries.pauses_over())


@transaction.atomic
def _end_pause(pk: int) -> bool:
    decision = ConductDecision.objects.select_for_update(of=("self",)).select_related("conversation").get(pk=pk)
    if decision.state != State.STANDING:
        return False
    decision.state = State.LIFTED
    decision.save(update_fields=["state"])
    conversations.take_up(decision.conversation_id)
    _tell("conduct.resumed", decision, None)
    return True


@transaction.atomic
def decide_conduct(
    viewer: User, conversation_id: int, kind: str, *, reason: str, letter: str, review_at: datetime | None
) -> ConductDecision:
    """Warn in writing, or end a contact: with a reason, a letter and a day of review.

    An ending needs a standing warning (or a threat), and where somebody is vulnerable, in danger or was promised
    something, another lead who agrees: until then it is proposed and nothing is sent.
    """
    if kind not in LETTER_KINDS:
        raise InvalidInput("Choose what to decide.", "kind")
    conversation = _decidable(viewer, conversation_id)
    facts = queries.ending_facts(conversation)
    if kind == Kind.ENDING:
        conduct.ensure_may_end(facts)
    waits = kind == Kind.ENDING and conduct.needs_second(facts)
    decision = ConductDecision.objects.create(
        kind=kind,
        state=State.PROPOSED if waits else State.STANDING,
        conversation=conversation,
        reason=rules.required(reason, "reason", "the reason"),
        letter=rules.required(letter, "letter", "the letter"),
        decided_by=viewer,
        review_at=conduct.review_day(kind, review_at, clock.now()),
    )
    if waits:
        _tell("conduct.proposed", decision, viewer)
    else:
        _send(decision, viewer)
    return decision


def _send(decision: ConductDecision, viewer: User) -> None:
    """The letter goes out and the decision stands."""
    decision.message = conversations.send_reply(viewer, decision.conversation_id, decision.letter)
    decision.save(update_fields=["message"])
    done = "conduct.warned" if decision.kind == Kind.WARNING else "conduct.ended"
    _tell(done, decision, viewer, review=f"{decision.review_at:%Y-%m-%d}")


def _lock(viewer: User, pk: int, state: str) -> ConductDecision:
    seen = queries.get_decision(viewer, pk)
    policy.require_deciding_conduct(viewer, seen.conversation.team_id)
    rows = ConductDecision.objects.select_for_update(of=("self",)).select_related("conversation")
    decision = rows.get(pk=pk)
    if decision.state != state:
        raise Conflict(f"This decision is already: {decision.get_state_display().lower()}.")
    return decision


@transaction.atomic
def second_decision(viewer: User, pk: int, *, agrees: bool, words: str = "") -> ConductDecision:
    """Another lead agrees, and the letter goes out, or declines. Never whoever proposed it."""
    decision = _lock(viewer, pk, State.PROPOSED)
    if decision.decided_by_id == viewer.pk:
        raise NotAllowed("A second person has to look at it: not whoever proposed it.")
    decision.seconded_by, decision.review = viewer, words.strip()
    decision.state = State.STANDING if agrees else State.DECLINED
    decision.save(update_fields=["seconded_by", "review", "state"])
    if agrees:
        _send(decision, viewer)
    else:
        _tell("conduct.declined", decision, viewer)
    return decision


@transaction.atomic
def review_decision(
    viewer: User, pk: int, *, lift: bool, words: str, next_review: datetime | None = None
) -> ConductDecision:
    """Look at a standing decision again: lift it, or let it stand until the next day of review."""
    decision = _lock(viewer, pk, State.STANDING)
    decision.review = rules.required(words, "words", "what you found")
    decision.reviewed_by, decision.reviewed_at = viewer, clock.now()
    if lift:
        decision.state = State.LIFTED
        if decision.kind == Kind.PAUSE:
            conversations.take_up(decision.conversation_id)
    else:
        decision.review_at = conduct.review_day(decision.kind, next_review, clock.now())
    decision.save(update_fields=["review", "reviewed_by", "reviewed_at", "state", "review_at"])
    _tell("conduct.lifted" if lift else "conduct.upheld", decision, viewer)
    return decision
