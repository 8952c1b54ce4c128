"""Setting a finding of the coach aside, and how a team weighs the checks."""

from collections.abc import Mapping

from django.db import transaction

from backstory.coach.checks.law import regimes
from backstory.coach.registry import checks
from backstory.conversations import queries
from backstory.conversations.models import Coaching, Dismissal
from backstory.kernel.errors import InvalidInput
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

LONGEST_KEY = 700


def dismiss(viewer: User, conversation_id: int, key: str) -> None:
    """Set a finding aside in this conversation: it stays away for this agent as long as its words stand."""
    conversation = queries.get_conversation(viewer, conversation_id)
    policy.require(viewer, Permission.REPLY, conversation.team_id)
    check_id = key.partition(":")[0]
    if check_id not in {one.id for one in checks() if one.level != "blocker"}:
        raise InvalidInput("There is no such advice to set aside.", "dismiss")
    Dismissal.objects.get_or_create(
        user=viewer, conversation=conversation, key=key[:LONGEST_KEY], defaults={"check_id": check_id}
    )


def adjust_coaching(viewer: User, team_id: int, adjusted: Mapping[str, int | None], regime: str) -> Coaching:
    """How a team weighs the checks: id -> -1 quieter, 0 as it is, 1 louder, None off. A blocker cannot be adjusted."""
    policy.require(viewer, Permission.EDIT_COACHING, team_id)
    known = {one.id for one in checks() if one.level != "blocker"}
    if set(adjusted) - known or set(adjusted.values()) - {-1, 0, 1, None}:
        raise InvalidInput("Choose a check and how much it weighs.", "adjusted")
    if regime and regime not in regimes():
        raise InvalidInput("Choose a complaint regime from the list.", "regime")
    kept = {name: weight for name, weight in adjusted.items() if weight != 0}
    with transaction.atomic():
        coaching, _ = Coaching.objects.update_or_create(team_id=team_id, defaults={"adjusted": kept, "regime": regime})
        record("coaching.adjusted", actor=viewer, team_id=team_id, checks=sorted(kept), regime=regime)
    return coaching
