"""Entering what the desk cannot count, and taking it back. Rows are added, never changed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from backstory.cases.models import Cause
from backstory.insight import policy
from backstory.insight.inputs import INPUTS, Input, Unit
from backstory.insight.models import Assumption
from backstory.insight.queries import today
from backstory.kernel import money
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.kernel.text import storable
from backstory.live.actions import record
from backstory.people.models import Team, User

MOST = Decimal("99999999999")
LONGEST_SOURCE = 300


@dataclass(frozen=True)
class Entry:
    """What somebody says of an input: `count` of `total` people, or a `value` with `low` and `high` if they can.

    Shares are from 0 to 1. `cause_id` and `team_id` None: it holds for the whole desk.
    """

    key: str
    basis: str
    source: str
    known_on: date
    cause_id: int | None = None
    team_id: int | None = None
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    count: int | None = None
    total: int | None = None
    currency: str = ""


@transaction.atomic
def enter_figure(viewer: User, entry: Entry) -> Assumption:
    """Enter an input with its source; the newest one is in force, the earlier ones stay to be read."""
    one = _checked_place(viewer, entry)
    _check_figure(one, entry)
    source = storable(entry.source).strip()
    if not source or len(source) > LONGEST_SOURCE:
        raise InvalidInput("Say in a few words where the figure comes from (up to 300 characters).", "source")
    if entry.basis not in Assumption.Basis.values:
        raise InvalidInput("Choose how it is known.", "basis")
    if entry.known_on > today():
        raise InvalidInput("The day lies in the future.", "known_on")
    row = Assumption.objects.create(
        key=one.key,
        cause_id=entry.cause_id,
        team_id=entry.team_id,
        value=entry.value,
        low=entry.low,
        high=entry.high,
        count=entry.count,
        total=entry.total,
        currency=_currency(one, entry),
        basis=entry.basis,
        source=source,
        known_on=entry.known_on,
        by=viewer,
    )
    said = f"{entry.count} of {entry.total}" if entry.total else str(entry.value)
    subject = ("assumption", row.pk)
    record("assumption.entered", actor=viewer, subject=subject, input=one.label, figure=said, source=source)
    return row


@transaction.atomic
def withdraw_figure(viewer: User, key: str, cause_id: int | None, team_id: int | None) -> None:
    """Say that an input is not known after all."""
    entry = Entry(key, Assumption.Basis.JUDGED, "Taken back", today(), cause_id, team_id)
    one = _checked_place(viewer, entry)
    row = Assumption.objects.create(
        key=key, cause_id=cause_id, team_id=team_id, basis=entry.basis, source=entry.source, known_on=today(), by=viewer
    )
    record("assumption.withdrawn", actor=viewer, subject=("assumption", row.pk), input=one.label)


def _checked_place(viewer: User, entry: Entry) -> Input:
    """The input, if it exists, may differ there, and the viewer may speak for that place."""
    one = INPUTS.get(entry.key)
    if one is None:
        raise NotFound("There is no such figure.")
    policy.require_insight(viewer, entry.team_id)
    if (entry.cause_id and not one.per_cause) or (entry.team_id and not one.per_team):
        raise InvalidInput("This figure holds for the whole desk.", "cause")
    if entry.cause_id and not Cause.objects.filter(pk=entry.cause_id).exists():
        raise InvalidInput("That is not one of the causes.", "cause")
    if entry.team_id and not Team.objects.filter(pk=entry.team_id).exists():
        raise InvalidInput("That is not one of the teams.", "team")
    return one


def _check_figure(one: Input, entry: Entry) -> None:
    counted = entry.count is not None or entry.total is not None
    if counted == (entry.value is not None):
        raise InvalidInput("Give either how many of how many, or a figure.", "value")
    if counted:
        _check_count(one, entry)
        return
    assert entry.value is not None
    most = Decimal(1) if one.unit == Unit.SHARE else MOST
    given = [figure for figure in (entry.low, entry.value, entry.high) if figure is not None]
    if any(not figure.is_finite() or not 0 <= figure <= most for figure in given):
        raise InvalidInput("Shares lie between 0 and 100 %, other figures at zero or above.", "value")
    if (entry.low is None) != (entry.high is None) or given != sorted(given):
        raise InvalidInput("Give both ends of the range, around the figure.", "low")


def _check_count(one: Input, entry: Entry) -> None:
    if one.unit != Unit.SHARE:
        raise InvalidInput("This figure is not a share of people.", "count")
    if entry.count is None or not entry.total or not 0 <= entry.count <= entry.total:
        raise InvalidInput("How many of how many? The first number cannot be above the second.", "count")
    if entry.total > 2_000_000_000:
        raise InvalidInput("That is more people than there are.", "total")


def _currency(one: Input, entry: Entry) -> str:
    """Checked where it is money; amounts below a cent are fine here, as a minute may cost 0.745."""
    if one.unit != Unit.MONEY:
        return ""
    return money.parse(0, entry.currency).currency
