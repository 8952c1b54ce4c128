"""What a customer, a risk and a remedy are worth. Pure; all amounts in one currency, Decimal or float alike.

Formulas: customer lifetime value of a contract that renews with a constant retention (Gupta & Lehmann 2003, margin
received at the end of each period); the rest is what follows from it.
"""

from dataclasses import dataclass
from decimal import Decimal

from backstory.kernel.errors import InvalidInput

CENT = Decimal("0.01")


def _exact(value: Decimal | float) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def _share(value: Decimal | float, field: str) -> Decimal:
    share = _exact(value)
    if not 0 <= share <= 1:
        raise InvalidInput("A probability or share lies between 0 and 1.", field)
    return share


def _change(value: Decimal | float) -> Decimal:
    change = _exact(value)
    if not -1 <= change <= 1:
        raise InvalidInput("A change of a probability lies between −1 and 1.", "change")
    return change


def lifetime_value(margin: Decimal, retention: Decimal | float, discount: Decimal | float) -> Decimal:
    """CLV = m·r / (1 + d − r): margin per period m, share r who stay each period, discount rate d per period.

    A margin of 100, r .8 and d .1 are worth 266.67. Not rounded. InvalidInput where it would not converge.
    """
    r, d = _share(retention, "retention"), _exact(discount)
    if d < 0 or 1 + d - r <= 0:
        raise InvalidInput("The discount must be zero or more, and above zero where everybody stays.", "discount")
    return margin * r / (1 + d - r)


def at_risk(change: Decimal | float, lifetime: Decimal) -> Decimal:
    """Value at risk: by how much more likely somebody leaves (ΔP of churn), times what they are worth."""
    return _change(change) * lifetime


def break_even_remedy(
    change: Decimal | float, lifetime: Decimal, word_of_mouth: Decimal = Decimal(0), handling: Decimal = Decimal(0)
) -> Decimal:
    """The most a remedy may cost before it costs more than it brings back; 0 where handling alone eats it up.

    ΔP(stay)·CLV + Δ word of mouth − handling cost. A ceiling to weigh, never an amount to pay out, and never a reason
    to give less than what is owed.
    """
    return max(_change(change) * lifetime + word_of_mouth - handling, Decimal(0))


def recovery_return(
    change: Decimal | float, lifetime: Decimal, cost: Decimal, word_of_mouth: Decimal = Decimal(0)
) -> Decimal:
    """Return on a recovery: (ΔP(stay)·CLV + Δ word of mouth − cost) / cost; InvalidInput for a cost of nothing."""
    if cost <= 0:
        raise InvalidInput("A return needs a cost above zero to be held against.", "cost")
    return (_change(change) * lifetime + word_of_mouth - cost) / cost


@dataclass(frozen=True)
class Service:
    """What serving somebody took in a period, and how much of it the firm caused itself.

    `own_fault_minutes`, `own_fault_credits` and `own_fault_escalations` are the parts spent on contacts that were our
    own failure: they are our cost of failing, and no fault of who called.
    """

    minutes: Decimal
    credits: Decimal
    escalations: Decimal
    own_fault_minutes: Decimal = Decimal(0)
    own_fault_credits: Decimal = Decimal(0)
    own_fault_escalations: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        for name in ("minutes", "credits", "escalations"):
            if not 0 <= getattr(self, f"own_fault_{name}") <= getattr(self, name):
                raise InvalidInput("The firm's own part cannot be below zero or above the whole.", name)

    def own_cost(self, minute_rate: Decimal) -> Decimal:
        """What our own failures cost us; `minute_rate` is the loaded rate of a minute of work."""
        return self.own_fault_minutes * minute_rate + self.own_fault_credits + self.own_fault_escalations

    def chosen_cost(self, minute_rate: Decimal) -> Decimal:
        """What the service took beyond our own failures."""
        return self.minutes * minute_rate + self.credits + self.escalations - self.own_cost(minute_rate)


def net_value(margin: Decimal, service: Service, minute_rate: Decimal) -> Decimal:
    """Margin less service, contacts that were the firm's own fault taken out.

    Shown per cause or segment. It never lowers the service of a vulnerable or regulated complainant.
    """
    return margin - service.chosen_cost(minute_rate)


def cents(amount: Decimal) -> Decimal:
    """For showing only: sums are made of unrounded amounts."""
    return amount.quantize(CENT)
