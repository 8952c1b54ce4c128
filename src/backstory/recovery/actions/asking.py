"""Whom a request goes to, and to whom next when nobody answers in time."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from backstory.cases.actions import lock
from backstory.cases.queries import desk_hours
from backstory.kernel import clock
from backstory.kernel.calendars import next_business_moment
from backstory.live.actions import Actor, record
from backstory.people.models import User
from backstory.recovery import queries
from backstory.recovery.models import Asking, Remedy
from backstory.recovery.rules import authority


def tell_of_remedy(kind: str, remedy: Remedy, actor: Actor | None, **data: str) -> None:
    """Record an event about a remedy: its kind and money, never a reason."""
    record(
        kind,
        actor=actor,
        conversation_id=remedy.complaint.conversation_id,
        team_id=remedy.complaint.conversation.team_id,
        subject=("remedy", remedy.pk),
        remedy=remedy.kind,
        money=str(remedy.money) if remedy.amount else "",
        **data,
    )


def ask_next(remedy: Remedy, *, besides: frozenset[int] = frozenset()) -> None:
    """Ask whoever may decide and was not asked before; the request is held and saved by the caller's transaction.

    `besides` are people who have decided their part. With nobody left it stays with everybody who may.
    """
    before = set(remedy.askings.exclude(user=None).values_list("user_id", flat=True))
    chosen = authority.next_to_ask(queries.candidates(remedy), before | besides)
    remedy.asked = User.objects.filter(pk=chosen).first() if chosen else None
    due_at = clock.ahead(hours=settings.APPROVAL_HOURS)
    due_at = next_business_moment(due_at, desk_hours(remedy.complaint.conversation.mailbox))
    is_last = remedy.asked is None and remedy.escalations > 0
    remedy.decide_by = None if is_last else due_at
    remedy.save(update_fields=["asked", "decide_by", "escalations"])
    Asking.objects.create(remedy=remedy, user=remedy.asked, decide_by=due_at)


@transaction.atomic
def _escalate(remedy_id: int) -> bool:
    lock(Remedy.objects.only("complaint_id").get(pk=remedy_id).complaint_id)
    rows = Remedy.objects.select_related("complaint__conversation__mailbox").select_for_update(of=("self",))
    remedy = rows.get(pk=remedy_id)
    is_due = remedy.decide_by is not None and remedy.decide_by <= clock.now()
    if remedy.state != Remedy.State.REQUESTED or not is_due:
        return False
    waited = clock.now() - (remedy.requested_at or remedy.created_at)
    remedy.escalations += 1
    ask_next(remedy)
    to = remedy.asked.name if remedy.asked else "everybody who may"
    tell_of_remedy("remedy.escalated", remedy, None, to=to, hours=str(waited // timedelta(hours=1)))
    return True


def escalate_due_requests() -> int:
    """Pass on every request whose time is up; returns how many."""
    return sum(_escalate(pk) for pk in queries.due_to_escalate(clock.now()))
