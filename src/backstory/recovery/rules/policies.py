"""What the company means to give for what. Pure; the rules themselves are rows that people edit."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from backstory.measures.intervals import wilson
from backstory.recovery.rules.precedent import Matter, Precedent

PROPOSED = 3
FEWEST_EXCEPTIONS = 5
RARE = 0.10
"""An exception in ten is life; if even the lower end of the interval is above that, maybe the rule is wrong."""


@dataclass(frozen=True, slots=True)
class Rule:
    """For this cause (None for any) and these severities: this kind, from `minimum` to `maximum`."""

    id: int
    cause_id: int | None
    least_severity: int
    most_severity: int
    kind: str
    currency: str
    minimum: Decimal
    maximum: Decimal
    usual: Decimal
    rank: int
    why: str = ""

    def fits(self, matter: Matter, currency: str) -> bool:
        here = self.cause_id is None or self.cause_id in matter.cause_path
        return here and self.currency == currency and self.least_severity <= matter.severity <= self.most_severity

    def weight(self, matter: Matter) -> tuple[int, int, int]:
        """How specific it is for the matter: the nearer cause, then the narrower severities, then the older rule."""
        depth = 0 if self.cause_id is None else matter.cause_path.index(self.cause_id) + 1
        return depth, self.least_severity - self.most_severity, -self.id


def rule_for(rules: Iterable[Rule], matter: Matter, kind: str, currency: str) -> Rule | None:
    """The most specific rule for this kind here, or None: what no rule speaks of is no exception."""
    fitting = [rule for rule in rules if rule.kind == kind and rule.fits(matter, currency)]
    return max(fitting, key=lambda rule: rule.weight(matter), default=None)


def proposals(rules: Iterable[Rule], matter: Matter, currency: str) -> list[Rule]:
    """Up to three rules of different kinds: those of the nearest cause first, then by their rank."""
    known = list(rules)
    best = (rule_for(known, matter, kind, currency) for kind in {rule.kind for rule in known})
    found = [rule for rule in best if rule is not None]
    found.sort(key=lambda rule: (-rule.weight(matter)[0], rule.rank, rule.id))
    return found[:PROPOSED]


def verdict(rule: Rule | None, amount: Decimal) -> Literal["", "above", "below"]:
    """Whether an amount is outside a rule."""
    if rule is None:
        return ""
    return "above" if amount > rule.maximum else "below" if amount < rule.minimum else ""


def proposed_amount(rule: Rule, found: Precedent) -> Decimal:
    """What similar cases received, kept within the rule; the rule's usual amount until there are enough."""
    wanted = rule.usual if found.median is None else found.median
    return min(max(wanted, rule.minimum), rule.maximum)


def is_doubtful(exceptions: int, offers: int) -> bool:
    """Whether so many offers under a rule were exceptions that the rule may be wrong: five at least, and the lower
    end of the 95 % Wilson interval of their share above one in ten."""
    return exceptions >= FEWEST_EXCEPTIONS and wilson(exceptions, offers)[0] > RARE


def ensure_fits(rule: Rule) -> str:
    """What is wrong with a rule as it was typed, "" for nothing."""
    if not 0 <= rule.least_severity <= rule.most_severity <= 4:
        return "Severities go from 0 to 4, the least first."
    if not 0 <= rule.minimum <= rule.usual <= rule.maximum:
        return "The usual amount lies between the least and the most."
    return ""
