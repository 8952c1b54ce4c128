"""Follow-ups: whose, which are due or late, and what is still to be arranged."""

from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from backstory.cases.models import Complaint
from backstory.conversations.queries import visible
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.people.models import Role, User
from backstory.recovery import rules
from backstory.recovery.models import Absence, Aftercare, ClosingNotice, FollowUp, Remedy
from backstory.recovery.queries.authority import absences_now
from backstory.recovery.rules import Colleague

State = FollowUp.State


def followups(viewer: User, *states: str) -> QuerySet[FollowUp]:
    """Follow-ups in conversations that the viewer may see, soonest due first; of all states if none is named."""
    rows = FollowUp.objects.select_related(
        "complaint__conversation__customer", "complaint__conversation__team", "owner", "settled_by"
    )
    rows = rows.filter(complaint__conversation__in=visible(viewer))
    return (rows.filter(state__in=states) if states else rows).order_by("due_at", "id")


def get_followup(viewer: User, pk: int) -> FollowUp:
    found = followups(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such follow-up.")
    return found


def followups_of(complaint: Complaint) -> list[FollowUp]:
    """Of a complaint that the caller may know of, soonest due first."""
    return list(
        complaint.followups.select_related("owner", "settled_by", "complaint__conversation__team").order_by(
            "due_at", "id"
        )
    )


def followup_reminders(viewer: User) -> int:
    """How many of the viewer's own follow-ups are due within a day, or late."""
    soon = clock.now() + rules.REMIND_BEFORE
    return FollowUp.objects.filter(owner=viewer, state=State.OPEN, due_at__lte=soon).count()


def due_followup_reminders(moment: datetime) -> list[int]:
    """Open follow-ups of which somebody should be reminded now and was not yet."""
    rows = FollowUp.objects.filter(state=State.OPEN, reminded_at=None, due_at__lte=moment + rules.REMIND_BEFORE)
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:500])


def left_alone() -> list[int]:
    """Open follow-ups whose owner is gone (nobody, not active, not in the team) or away until after they are due."""
    here = Q(owner__is_active=True, owner__memberships__team=F("complaint__conversation__team"))
    now = clock.now()
    away = Absence.objects.filter(
        user=OuterRef("owner"), from_at__lte=now, until_at__gt=now, until_at__gte=OuterRef("due_at"), cancelled_at=None
    )
    rows = FollowUp.objects.filter(state=State.OPEN)
    alone = rows.exclude(pk__in=rows.filter(here).exclude(Exists(away)).values("pk"))
    return list(alone.values_list("pk", flat=True)[:500])


def deputy_of(user_id: int | None) -> int | None:
    """Who stands in for somebody who is away now; None where they are not, or nobody does."""
    return next((row.deputy_id for row in absences_now() if row.user_id == user_id), None)


def keepers(team_id: int) -> list[Colleague]:
    """The active people of a team who are not away, with how many follow-ups each has to do."""
    busy = Count("followups", filter=Q(followups__state=State.OPEN))
    away = [row.user_id for row in absences_now()]
    rows = User.objects.filter(memberships__team=team_id, is_active=True).exclude(pk__in=away).annotate(busy=busy)
    return [Colleague(pk, role == Role.LEAD, count) for pk, role, count in rows.values_list("pk", "role", "busy")]


def overlooked_closings(before: datetime, after: datetime) -> list[int]:
    """Complaints closed between `after` and `before` whose notice or what comes after is missing: a wake-up was
    lost."""
    told = ClosingNotice.objects.filter(complaint=OuterRef("pk"), closed_at=OuterRef("closed_at"))
    arranged = Aftercare.objects.filter(complaint=OuterRef("pk"), begun_at=OuterRef("closed_at"))
    closed = Complaint.objects.filter(state=Complaint.State.CLOSED, closed_at__gt=after, closed_at__lt=before)
    return list(closed.exclude(Exists(told) & Exists(arranged)).values_list("pk", flat=True)[:200])


def overlooked_remedies(before: datetime, after: datetime) -> list[int]:
    """Remedies carried out between `after` and `before` after which nothing was arranged yet."""
    arranged = Aftercare.objects.filter(complaint=OuterRef("complaint"), begun_at=OuterRef("carried_out_at"))
    rows = Remedy.objects.filter(carried_out_at__gt=after, carried_out_at__lt=before)
    return list(rows.exclude(Exists(arranged)).values_list("pk", flat=True)[:200])


def carried_out(remedy_id: int) -> Remedy | None:
    """A remedy that the customer has, None for any other."""
    return Remedy.objects.filter(pk=remedy_id, carried_out_at__isnull=False).first()


def outlived_followups() -> list[int]:
    """Complaints that are open again while follow-ups of their closing still wait: a wake-up was lost."""
    rows = FollowUp.objects.filter(state=State.OPEN, counted_from="closing", complaint__state=Complaint.State.OPEN)
    return sorted(set(rows.values_list("complaint_id", flat=True)[:200]))
