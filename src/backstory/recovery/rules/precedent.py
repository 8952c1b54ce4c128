"""What similar cases received, and whether an offer is far from it. Pure.

Nearness is a plain sum that can be said in words: a step for each cause up the tree to a common one, a step for each
level of severity apart, a step for each year past. Cases without a common cause, more than two levels apart or older
than two years are no precedent. Far outside is what Tukey (1977) calls an outlier: beyond one and a half times the
middle half's width from its edges; where the middle half has no width, more than double or less than half the median.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median, quantiles
from typing import Literal

YEAR = timedelta(days=365)
OLDEST = 2 * YEAR
WIDEST_GAP = 2
NEAREST = 20
FEWEST = 5
"""Below this many cases there is a list, but no range and no warning."""
FENCE = Decimal("1.5")


@dataclass(frozen=True, slots=True)
class Matter:
    """What a complaint is about: its cause with all above it, root first ("()" for none), and its severity 0 to 4."""

    cause_path: tuple[int, ...]
    severity: int


@dataclass(frozen=True, slots=True)
class Case:
    """A remedy that was granted before."""

    complaint_id: int
    conversation_id: int
    number: str
    matter: Matter
    amount: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Near:
    """A case with how near it is: steps to a common cause, levels of severity apart, its age."""

    case: Case
    cause_steps: int
    severity_gap: int
    age: timedelta

    @property
    def distance(self) -> float:
        return self.cause_steps + self.severity_gap + self.age / YEAR


@dataclass(frozen=True, slots=True)
class Precedent:
    """The nearest cases, nearest first, and what they received. The figures are None below five cases."""

    nearest: tuple[Near, ...]
    median: Decimal | None = None
    lower: Decimal | None = None  # first and third quartile
    upper: Decimal | None = None

    @property
    def count(self) -> int:
        return len(self.nearest)


def cause_steps(one: tuple[int, ...], other: tuple[int, ...]) -> int | None:
    """Steps up the tree until both have the same cause above them; None without one. An unknown cause is one step
    from every other."""
    if not one or not other:
        return 0 if one == other else 1
    shared = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        shared += 1
    return max(len(one), len(other)) - shared if shared else None


def nearness(here: Matter, case: Case, moment: datetime) -> Near | None:
    """How near a case is, or None if it is no precedent."""
    steps = cause_steps(here.cause_path, case.matter.cause_path)
    gap, age = abs(here.severity - case.matter.severity), moment - case.at
    if steps is None or gap > WIDEST_GAP or age > OLDEST:
        return None
    return Near(case, steps, gap, max(age, timedelta(0)))


def precedent(here: Matter, cases: Iterable[Case], moment: datetime) -> Precedent:
    """The twenty nearest cases with median and quartiles (linear interpolation, inclusive)."""
    found = [near for case in cases if (near := nearness(here, case, moment)) is not None]
    found.sort(key=lambda near: (near.distance, -near.case.complaint_id))
    nearest = tuple(found[:NEAREST])
    amounts = [near.case.amount for near in nearest]
    if len(amounts) < FEWEST:
        return Precedent(nearest)
    lower, middle, upper = quantiles(amounts, n=4, method="inclusive")
    return Precedent(nearest, *(_cents(each) for each in (middle, lower, upper)))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))


def far_outside(found: Precedent, amount: Decimal) -> Literal["", "above", "below"]:
    """Whether an offer is far from what similar cases received; "" too where there are too few to say."""
    if found.median is None or found.lower is None or found.upper is None:
        return ""
    width = found.upper - found.lower
    if width:
        top, bottom = found.upper + FENCE * width, found.lower - FENCE * width
    else:
        top, bottom = found.median * 2, found.median / 2
    return "above" if amount > top else "below" if amount < bottom else ""


def typical_severity(found: Precedent) -> float | None:
    """The median severity of the nearest cases, None without any."""
    return median(near.case.matter.severity for near in found.nearest) if found.nearest else None


_AGES = (("year", 365), ("month", 30), ("week", 7), ("day", 1))


def in_words(near: Near) -> str:
    """“the same cause, the same severity, 3 weeks ago”."""
    causes = "the same cause" if near.cause_steps == 0 else "a related cause"
    gap = near.severity_gap
    levels = "the same severity" if gap == 0 else f"{gap} {'level' if gap == 1 else 'levels'} of severity apart"
    return f"{causes}, {levels}, {_age(near.age)}"


def _age(age: timedelta) -> str:
    for unit, days in _AGES:
        if count := age.days // days:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "today"


def spread(amounts: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
    """Least and most, None for nothing."""
    return (min(amounts), max(amounts)) if amounts else None
