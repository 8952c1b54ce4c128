"""Customers who left: noted once, asked once, and never sold anything."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction

from backstory.cases.models import Cause, Complaint
from backstory.conversations.actions import begin_with, send_notice
from backstory.conversations.models import Conversation, Delivery, Mailbox
from backstory.conversations.queries import get_conversation
from backstory.kernel import clock
from backstory.kernel.errors import BackstoryError, Conflict, InvalidInput, NotFound
from backstory.live.actions import Actor, record
from backstory.people import policy as people_policy
from backstory.people.actions import customer_for
from backstory.people.models import Customer, Identity, User
from backstory.people.policy import Permission
from backstory.recovery import policy, queries, rules, wording
from backstory.recovery.models import LostCustomer
from backstory.recovery.queries.links import NO_LINK

log = structlog.get_logger(__name__)
State, Source = LostCustomer.State, LostCustomer.Source
WHY_NOT = {"declined": "Wants no questions.", "late": "It is too long ago."}
ASK_AGAIN_AFTER = timedelta(days=1)


def _tell(kind: str, lost: LostCustomer, actor: Actor | None) -> None:
    record(
        kind,
        actor=actor,
        conversation_id=lost.conversation_id,
        team_id=lost.team_id,
        subject=("lost customer", lost.pk),
    )


@transaction.atomic
def mark_lost(viewer: User, conversation_id: int, source: str = Source.AGENT) -> LostCustomer:
    """The customer of this conversation has left; said again it is said once. They are asked why, once, after some
    days."""
    talk = get_conversation(viewer, conversation_id)
    people_policy.require(viewer, Permission.HANDLE_COMPLAINTS, talk.team_id)
    if source not in {Source.AGENT, Source.STATED, Source.SILENT}:
        raise InvalidInput("Say how it is known.", "source")
    complaint = Complaint.objects.select_related("cause").filter(conversation=talk).first()
    return _keep(talk, viewer, source, complaint=complaint, cause=complaint.cause if complaint else None)


def _keep(talk: Conversation, viewer: User, source: str, **known: object) -> LostCustomer:
    Customer.objects.select_for_update().get(pk=talk.customer_id)
    defaults = {
        "team": talk.team,
        "conversation": talk,
        "source": source,
        "marked_by": viewer,
        "ask_at": clock.now() + timedelta(days=settings.LOST_QUESTION_DAYS),
        **known,
    }
    lost, new = LostCustomer.objects.get_or_create(customer=talk.customer, defaults=defaults)
    if new:
        _tell("customer.lost", lost, viewer)
    return lost


@transaction.atomic
def unmark_lost(viewer: User, pk: int) -> None:
    """They have not left after all; Conflict once they were asked."""
    lost = queries.get_lost(viewer, pk)
    people_policy.require(viewer, Permission.HANDLE_COMPLAINTS, lost.team_id)
    if lost.asked_at is not None:
        raise Conflict("They were asked already: that happens once, so it stays noted.")
    _tell("customer.kept", lost, viewer)
    lost.delete()


@transaction.atomic
def set_lost_cause(viewer: User, pk: int, cause_id: int | None) -> LostCustomer:
    """What they left for, as a person reads their answer."""
    lost = queries.get_lost(viewer, pk)
    people_policy.require(viewer, Permission.HANDLE_COMPLAINTS, lost.team_id)
    cause = Cause.objects.filter(pk=cause_id, is_active=True).first() if cause_id else None
    if cause_id and cause is None:
        raise InvalidInput("Choose one of the causes in use.", "cause")
    lost.cause = cause
    lost.save(update_fields=["cause"])
    return lost


@transaction.atomic
def import_lost(viewer: User, mailbox: Mailbox, text: str) -> tuple[int, int]:
    """Bring in a CSV list (see `rules.read_list`); returns how many are new and how many were known. All or nothing."""
    policy.require_bringing_in_lost(viewer, mailbox.team_id)
    lines = rules.read_list(text)
    causes = {cause.slug: cause for cause in Cause.objects.filter(is_active=True)}
    unknown = next((line.cause for line in lines if line.cause and line.cause not in causes), "")
    if unknown:
        raise InvalidInput(f"There is no cause “{unknown[:60]}” in use here.", "list")
    before = LostCustomer.objects.count()
    for line in lines:
        customer = customer_for(Identity.Kind.EMAIL, line.email, line.name)
        if queries.lost_of(customer) is None:
            talk = _talk_with(customer, mailbox)
            _keep(talk, viewer, Source.IMPORTED, cause=causes.get(line.cause), left_on=line.left_on)
    new = LostCustomer.objects.count() - before
    record("customers.imported", actor=viewer, team_id=mailbox.team_id, count=new)
    return new, len(lines) - new


def _talk_with(customer: Customer, mailbox: Mailbox) -> Conversation:
    rows = Conversation.objects.filter(customer=customer, mailbox=mailbox, merged_into=None)
    return rows.order_by("-last_message_at").first() or begin_with(
        customer, mailbox, wording.LAST_QUESTION["en"].subject
    )


def ask_lost_customers() -> int:
    """Ask everybody whose time has come why they left; returns how many."""
    return sum(_try(pk) for pk in queries.due_lost(clock.now()))


def _try(pk: int) -> bool:
    try:
        return _ask(pk)
    except BackstoryError as error:
        log.warning("lost customer not asked", lost_id=pk, reason=str(error))
        LostCustomer.objects.filter(pk=pk, asked_at=None).update(ask_at=clock.now() + ASK_AGAIN_AFTER)
        return False


@transaction.atomic
def _ask(pk: int) -> bool:
    seen = LostCustomer.objects.get(pk=pk)
    Customer.objects.select_for_update().get(pk=seen.customer_id)
    rows = LostCustomer.objects.select_related("customer", "conversation__mailbox", "conversation__customer")
    lost = rows.select_for_update(of=("self",)).get(pk=pk)
    verdict = rules.verdict(queries.leaving(lost), clock.now())
    if verdict in WHY_NOT:
        lost.state, lost.why_not = State.NOT_ASKED, WHY_NOT[verdict]
        lost.save(update_fields=["state", "why_not"])
    if verdict != "ask":
        return False
    talk = lost.conversation
    language = lost.customer.language or talk.mailbox.language
    letter = wording.write(
        wording.LAST_QUESTION, language, number="", name=lost.customer.name, link=queries.lost_link(lost)
    )
    lost.message = send_notice(talk, letter.text, kind=Delivery.Kind.SURVEY, subject=letter.subject)
    lost.state, lost.asked_at = State.ASKED, clock.now()
    lost.save(update_fields=["message", "state", "asked_at"])
    _tell("customer.asked_why", lost, None)
    return True


@transaction.atomic
def answer_last_question(token: str, words: str) -> LostCustomer:
    """Keep why somebody left, once. Raises NotFound for an unknown or old link, InvalidInput for no words, Conflict
    for a second answer."""
    seen = queries.lost_by_token(token)
    if queries.is_over(seen):
        raise NotFound(NO_LINK)
    lost = LostCustomer.objects.select_related("customer").select_for_update(of=("self",)).get(pk=seen.pk)
    if lost.answered_at is not None:
        raise Conflict("You have answered already. Thank you!")
    lost.answer = rules.comment(words)
    if not lost.answer:
        raise InvalidInput("Please write a word or two.", "answer")
    lost.answered_at, lost.state = clock.now(), State.ANSWERED
    lost.save(update_fields=["answer", "answered_at", "state"])
    _tell("customer.said_why", lost, lost.customer)
    return lost
