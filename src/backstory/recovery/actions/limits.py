"""Setting who may grant how much; the event log is the history."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from backstory.kernel import money
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.live.actions import record
from backstory.people.models import Role, Team, User
from backstory.recovery import policy
from backstory.recovery.models import AuthorityLimit, Remedy, SecondLook
from backstory.recovery.rules import authority


@transaction.atomic
def set_limit(
    viewer: User,
    role: str,
    currency: str,
    amount: str | Decimal | int,
    *,
    team_id: int | None = None,
    kind: str = "",
    period: str = authority.COMPLAINT,
) -> AuthorityLimit:
    """The most that a role may grant alone in a period; 0 takes the authority away. Which limit counts where several
    fit is said in `rules.authority`."""
    policy.require_administering(viewer)
    if role not in Role.values:
        raise InvalidInput("Choose one of the roles.", "role")
    if kind and kind not in Remedy.Kind.values:
        raise InvalidInput("Choose one of the kinds of remedy.", "kind")
    if period not in authority.PERIODS:
        raise InvalidInput("Choose one of the periods.", "period")
    if team_id is not None and not Team.objects.filter(pk=team_id).exists():
        raise InvalidInput("Choose one of the teams.", "team")
    limit = money.parse(amount, currency)
    where: dict[str, Any] = {
        "role": role,
        "team_id": team_id,
        "kind": kind,
        "currency": limit.currency,
        "period": period,
    }
    before = AuthorityLimit.objects.select_for_update().filter(**where).first()
    row, _ = AuthorityLimit.objects.update_or_create(**where, defaults={"amount": limit.amount})
    was = str(money.Money(before.amount, before.currency)) if before else ""
    _tell("limit.set", viewer, row, str(limit), was)
    return row


def _tell(kind: str, viewer: User, row: AuthorityLimit, now: str, was: str) -> None:
    record(
        kind,
        actor=viewer,
        subject=("limit", row.pk),
        role=row.role,
        money=now,
        before=was,
        where=scope(row),
    )


def scope(row: AuthorityLimit) -> str:
    """Where a limit holds, in words: “on one complaint, refunds, team Care”."""
    parts = [row.get_period_display()]
    if row.kind:
        parts.append(row.get_kind_display())
    if row.team is not None:
        parts.append(row.team.name)
    return ", ".join(parts)


@transaction.atomic
def remove_limit(viewer: User, limit_id: int) -> None:
    """Take a limit away: the next less specific one counts again."""
    policy.require_administering(viewer)
    row = AuthorityLimit.objects.select_for_update(of=("self",)).select_related("team").filter(pk=limit_id).first()
    if row is None:
        raise NotFound("There is no such limit.")
    _tell("limit.removed", viewer, row, str(money.Money(row.amount, row.currency)), "")
    row.delete()


@transaction.atomic
def set_second_look(viewer: User, currency: str, amount: str | Decimal | int) -> SecondLook | None:
    """From this amount on two people decide; 0 means that one always suffices, and gives None."""
    policy.require_administering(viewer)
    threshold = money.parse(amount, currency)
    if not threshold.amount:
        SecondLook.objects.filter(currency=threshold.currency).delete()
        record("second_look.set", actor=viewer, subject=("second_look", 0), money=f"no amount ({threshold.currency})")
        return None
    row, _ = SecondLook.objects.update_or_create(currency=threshold.currency, defaults={"amount": threshold.amount})
    record("second_look.set", actor=viewer, subject=("second_look", row.pk), money=str(threshold))
    return row


def seed_limits() -> int:
    """Add the default limits to a desk that has none; returns how many. What was changed or removed stays so."""
    if AuthorityLimit.objects.exists():
        return 0
    added = 0
    for currency in authority.DEFAULT_CURRENCIES:
        for role, amount in authority.DEFAULT_LIMITS.items():
            AuthorityLimit.objects.create(role=role, currency=currency, amount=amount)
            added += 1
        SecondLook.objects.get_or_create(currency=currency, defaults={"amount": authority.DEFAULT_SECOND_LOOK})
    return added
