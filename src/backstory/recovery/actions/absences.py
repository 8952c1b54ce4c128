"""Who is away, and who decides for them meanwhile."""

from datetime import datetime

from django.db import transaction

from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.live.actions import record
from backstory.people.models import Membership, User
from backstory.people.policy import team_ids
from backstory.recovery import policy
from backstory.recovery.models import Absence


@transaction.atomic
def plan_absence(
    viewer: User, user_id: int, from_at: datetime, until_at: datetime, deputy_id: int | None = None
) -> Absence:
    """Somebody is away from a moment to another; their deputy, who works in one of their teams, decides with their
    authority meanwhile. A deputy's own absence is not passed on: authority is lent once."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound("There is nobody like that.")
    policy.require_arranging_absence(viewer, user)
    if until_at <= from_at or until_at <= clock.now():
        raise InvalidInput("The absence must end after it begins, and in the future.", "until")
    deputy = _deputy(user, deputy_id)
    overlapping = Absence.objects.filter(user=user, cancelled_at=None, from_at__lt=until_at, until_at__gt=from_at)
    if overlapping.exists():
        raise InvalidInput("An absence is planned for these days already: end that one first.", "from")
    row = Absence.objects.create(user=user, deputy=deputy, from_at=from_at, until_at=until_at)
    who = deputy.name if deputy else "nobody"
    record("absence.planned", actor=viewer, subject=("absence", row.pk), who=user.name, deputy=who)
    return row


def _deputy(user: User, deputy_id: int | None) -> User | None:
    if deputy_id is None:
        return None
    together = Membership.objects.filter(user_id=deputy_id, user__is_active=True, team_id__in=team_ids(user))
    found = together.select_related("user").first()
    if found is None or deputy_id == user.pk:
        raise InvalidInput("Choose a colleague of the same team.", "deputy")
    return found.user


@transaction.atomic
def end_absence(viewer: User, absence_id: int) -> Absence:
    """Back earlier, or not gone at all."""
    row = Absence.objects.select_for_update(of=("self",)).select_related("user").filter(pk=absence_id).first()
    if row is None:
        raise NotFound("There is no such absence.")
    policy.require_arranging_absence(viewer, row.user)
    if row.cancelled_at is None:
        row.cancelled_at = clock.now()
        row.save(update_fields=["cancelled_at"])
        record("absence.ended", actor=viewer, subject=("absence", row.pk), who=row.user.name)
    return row
