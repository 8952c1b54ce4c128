"""Who may grant how much: limits per role, team, kind, currency and period. Pure.

For each period the most specific limit that fits counts, and a grant is charged to that one alone:
team and kind named > team named > kind named > neither. So a team's rule beats a rule for a kind, and a limit for
refunds is a budget of its own beside the general one. Without a limit per complaint there is no authority; without
one per day, week or month there is no bound in that time.

Windows roll (24 hours, 7 and 30 days back from the moment of granting): nobody doubles a limit around midnight.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from backstory.kernel.money import Money

COMPLAINT = "complaint"
WINDOWS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
PERIODS = (COMPLAINT, *WINDOWS)
LONGEST_WINDOW = max(WINDOWS.values())
DEFAULT_LIMITS = {"agent": Decimal(100), "lead": Decimal(1000)}
DEFAULT_SECOND_LOOK = Decimal(2500)
DEFAULT_CURRENCIES = ("EUR", "GBP", "USD")
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that one person of a role may grant alone in a period; on one complaint, that all of the role may."""

    role: str
    currency: str
    amount: Decimal
    team_id: int | None = None  # None for any team
    kind: str = ""  # "" for any kind
    period: str = COMPLAINT

    @property
    def weight(self) -> int:
        """How specific it is: the larger wins."""
        return 2 * (self.team_id is not None) + bool(self.kind)

    def fits(self, role: str, team_id: int | None, kind: str, currency: str) -> bool:
        here = self.team_id in (None, team_id) and self.kind in ("", kind)
        return here and self.role == role and self.currency == currency


@dataclass(frozen=True, slots=True)
class Person:
    """Whose authority is asked about."""

    id: int
    role: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be granted, and where."""

    complaint_id: int
    team_id: int | None
    kind: str
    money: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """What was granted before, by whose authority."""

    person: Person
    wish: Wish
    by_two: bool = False  # two people decided


@dataclass(frozen=True, slots=True)
class Room:
    """What one limit leaves for one person at one moment."""

    limit: Limit
    used: Decimal

    @property
    def left(self) -> Decimal:
        return max(self.limit.amount - self.used, NOTHING)


def fitting(limits: Iterable[Limit], role: str, wish: Wish, period: str) -> Limit | None:
    """The most specific limit for this role, wish and period, or None."""
    of_period = [limit for limit in limits if limit.period == period]
    here = [limit for limit in of_period if limit.fits(role, wish.team_id, wish.kind, wish.money.currency)]
    return max(here, key=lambda limit: limit.weight, default=None)


def rooms(limits: Sequence[Limit], person: Person, wish: Wish, grants: Iterable[Grant]) -> list[Room]:
    """What each period's limit leaves, the complaint's first; periods without a limit are not there."""
    known = list(grants)
    found = ((period, fitting(limits, person.role, wish, period)) for period in PERIODS)
    return [Room(limit, _used(limits, limit, person, wish, known)) for _, limit in found if limit is not None]


def _used(limits: Sequence[Limit], limit: Limit, person: Person, wish: Wish, grants: list[Grant]) -> Decimal:
    charged = (grant for grant in grants if _is_charged(limit, person, wish, grant))
    fit = (grant for grant in charged if fitting(limits, person.role, grant.wish, limit.period) == limit)
    return sum((grant.wish.money.amount for grant in fit), NOTHING)


def _is_charged(limit: Limit, person: Person, wish: Wish, grant: Grant) -> bool:
    """On a complaint all of a role are counted together, as no colleague is a way around a limit; in time, oneself."""
    if limit.period == COMPLAINT:
        return grant.person.role == person.role and grant.wish.complaint_id == wish.complaint_id
    return grant.person.id == person.id and abs(wish.at - grant.wish.at) < WINDOWS[limit.period]


def may_grant(limits: Sequence[Limit], person: Person, wish: Wish, grants: Iterable[Grant]) -> bool:
    """Whether the person may grant this alone. What costs nothing needs no authority."""
    if wish.money.amount <= 0:
        return True
    found = rooms(limits, person, wish, grants)
    has_authority = any(room.limit.period == COMPLAINT for room in found)
    return has_authority and all(wish.money.amount <= room.left for room in found)


def left(limits: Sequence[Limit], person: Person, wish: Wish, grants: Iterable[Grant]) -> Decimal | None:
    """The most that the person may still grant of this kind now, None without any authority for it."""
    found = rooms(limits, person, wish, grants)
    if not any(room.limit.period == COMPLAINT for room in found):
        return None
    return min(room.left for room in found)


def roles_within(limits: Sequence[Limit], wish: Wish) -> list[str]:
    """The roles whose limit per complaint covers the amount, lowest limit first: who can be asked."""
    of_roles = {limit.role: fitting(limits, limit.role, wish, COMPLAINT) for limit in limits}
    covering = [(found.amount, role) for role, found in of_roles.items() if found and wish.money.amount <= found.amount]
    return [role for _, role in sorted(covering)]


def who_may(limits: Sequence[Limit], wish: Wish) -> str:
    """One sentence that says who could grant the amount."""
    roles = roles_within(limits, wish)
    if not roles:
        return f"No role may grant {wish.money}: an administrator can raise a limit."
    return f"{wish.money} can be granted by: {', '.join(roles)}."


def needs_two(threshold: Decimal | None, wish: Wish, grants: Iterable[Grant]) -> bool:
    """Whether two people have to decide: from the threshold on, counting what one person alone has decided on the
    same complaint, so that it is not passed in small steps."""
    if threshold is None or wish.money.amount <= 0:
        return False
    seen_by_one = (
        grant.wish.money.amount
        for grant in grants
        if grant.wish.complaint_id == wish.complaint_id
        and grant.wish.money.currency == wish.money.currency
        and not grant.by_two
    )
    return sum(seen_by_one, wish.money.amount) >= threshold


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody who decides, and whose authority they use: their own, or that of a person they stand in for."""

    person_id: int
    for_id: int

    @property
    def everybody(self) -> frozenset[int]:
        return frozenset((self.person_id, self.for_id))


def may_decide(acting: Acting, requester_id: int | None) -> bool:
    """Nobody decides about their own request: not through a stand-in, and not as the stand-in of whoever asked."""
    return requester_id not in acting.everybody


def are_two(first: Acting, second: Acting) -> bool:
    """Whether these are two people with two authorities: somebody and their stand-in are one."""
    return not first.everybody & second.everybody


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may decide about a request."""

    id: int
    limit: Decimal  # what their role may grant of this on one complaint
    waiting: int  # requests that wait for them already
    is_away: bool = False  # with nobody to stand in


def next_to_ask(candidates: Iterable[Candidate], asked_before: Iterable[int]) -> int | None:
    """Whom a request goes to: somebody not asked before whose limit just suffices, with the fewest waiting.

    Somebody away without a stand-in is asked only when nobody else is left; None when all were asked.
    """
    before = set(asked_before)
    left_to_ask = [each for each in candidates if each.id not in before]
    ranked = sorted(left_to_ask, key=lambda each: (each.is_away, each.limit, each.waiting, each.id))
    return ranked[0].id if ranked else None
